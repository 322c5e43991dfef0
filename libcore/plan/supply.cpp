#include "plan/supply.hpp"

#include <algorithm>

namespace tow::plan {

namespace {

enum class Source { Idle, Pending, New };

// A bin of the assignment, and what it stands for.
struct Place {
    std::size_t entry;
    Source source;
    model::Resources node;
    std::int64_t nodes = 1;
};

constexpr std::int64_t kNewCost = 500'000'000'000;  // beyond any rank: what is there goes first

// A pilot with more is taken to have a million; see assign.hpp.
std::int64_t jobs_in(const model::Resources& request, const Place& place) {
    constexpr std::int64_t kMost = 1'000'000;
    return std::min(kMost,
                    std::min(place.nodes, kMostNodes) * model::jobs_per_node(request, place.node));
}

class Server {
  public:
    Server(const Workload& workload, const std::vector<Outlook>& outlooks, const CapBook& caps,
           const SpillOrder& spills, const std::vector<Preference>& preferences)
        : workload_(workload), outlooks_(outlooks), spills_(spills), bins_of_(outlooks.size()) {
        for (std::size_t i = 0; i < outlooks.size(); ++i) {
            add_bins(i, caps.charges(i), preferences[i]);
        }
    }

    Served run(const std::vector<Cap>& caps) {
        for (const auto& demand : workload_.demands) {
            work_.push_back(work_of(demand));
        }
        const auto assignment = assign(work_, bins_, caps);
        Served served;
        served.tallies.resize(outlooks_.size());
        tally(assignment, served);
        return served;
    }

  private:
    void add_bin(Bin bin, const Place& place) {
        if (bin.count > 0) {
            bins_of_[place.entry].push_back(bins_.size());
            bins_.push_back(std::move(bin));
            places_.push_back(place);
        }
    }

    // Idle room first, then pending pilots in order of preference, then new ones.
    void add_bins(std::size_t i, const std::vector<Charge>& charges, const Preference& preference) {
        const auto& outlook = outlooks_[i];
        const auto& entry = outlook.terms->entry;
        if (outlook.is_seen) {
            for (const auto& slot : outlook.count.idle_slots) {
                add_bin({slot.count, 0, 0, {}}, {i, Source::Idle, slot.free});
            }
            add_bin({outlook.coming, 1 + preference.rank, 0, {}},
                    {i, Source::Pending, entry.pilot, entry.nodes});
        }
        auto node = entry.pilot;
        node.walltime = outlook.walltime ? outlook.walltime : node.walltime;
        add_bin({outlook.headroom, kNewCost + preference.rank, preference.weight, charges},
                {i, Source::New, node, entry.nodes});
    }

    Work work_of(const Demand& demand) const {
        Work work;
        work.jobs = demand.idle;
        const auto& request = demand.jobs->request;
        for (const auto entry : demand.entries) {
            const bool may_send = spills_.is_open(entry, demand.entries);
            for (const auto bin : bins_of_[entry]) {
                const auto& place = places_[bin];
                if ((place.source == Source::New && !may_send) ||
                    !model::misfit(request, place.node).empty()) {
                    continue;
                }
                const auto jobs = jobs_in(request, place);
                work.choices.push_back({static_cast<decltype(Work::Choice::bin)>(bin),
                                        static_cast<decltype(Work::Choice::jobs_per_bin)>(jobs)});
            }
        }
        return work;
    }

    double old_share(const model::JobClass& jobs, std::size_t entry) const {
        for (const auto& step : outlooks_[entry].terms->chain) {
            if (step.kind != Step::Kind::Ramp || jobs.idle_jobs == 0) {
                continue;
            }
            for (const auto& age : jobs.idle_by_age) {
                if (age.min_age >= step.age) {
                    return static_cast<double>(age.jobs) / static_cast<double>(jobs.idle_jobs);
                }
            }
        }
        return 0;
    }

    void tally(const Assignment& assignment, Served& served) const {
        for (const auto& work : work_) {
            served.unserved_jobs += work.jobs;
        }
        for (const auto& placement : assignment.placements) {
            const auto& place = places_[placement.bin];
            auto& tally = served.tallies[place.entry];
            served.unserved_jobs -= placement.jobs;
            if (place.source == Source::New) {
                tally.on_new += placement.jobs;
                const auto& jobs = *workload_.demands[placement.work].jobs;
                const auto per_pilot = jobs_in(jobs.request, place);
                tally.for_old_jobs += static_cast<double>(placement.jobs) /
                                      static_cast<double>(per_pilot) * old_share(jobs, place.entry);
            } else {
                (place.source == Source::Idle ? tally.on_idle : tally.on_pending) += placement.jobs;
            }
        }
        for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
            auto& tally = served.tallies[places_[bin].entry];
            if (places_[bin].source == Source::New) {
                tally.needed += assignment.opened[bin];
            } else if (places_[bin].source == Source::Pending) {
                tally.used_pending += assignment.opened[bin];
            }
        }
    }

    const Workload& workload_;
    const std::vector<Outlook>& outlooks_;
    const SpillOrder& spills_;
    std::vector<Bin> bins_;
    std::vector<Place> places_;                      // like the bins
    std::vector<std::vector<std::size_t>> bins_of_;  // by entry
    std::vector<Work> work_;                         // like the demands
};

}  // namespace

Served serve(const Workload& workload, const std::vector<Outlook>& outlooks, const CapBook& caps,
             const SpillOrder& spills, const std::vector<Preference>& preferences) {
    return Server(workload, outlooks, caps, spills, preferences).run(caps.rooms());
}

}  // namespace tow::plan
