#include "plan/decide.hpp"

#include "base/ulid.hpp"
#include "base/units.hpp"
#include "plan/assign.hpp"
#include "plan/outlook.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace tow::plan {

namespace {

enum class Supply { Idle, Pending, New };

// A bin of the assignment, and what it stands for.
struct Place {
    std::size_t entry;  // index of its outlook
    Supply supply;
    model::Resources node;
    std::int64_t nodes = 1;
};

struct Tally {  // of one entry
    std::int64_t matching = 0;
    std::int64_t on_idle = 0;     // jobs that idle room will serve
    std::int64_t on_pending = 0;  // jobs that pending pilots will serve
    std::int64_t on_new = 0;
    std::int64_t used_pending = 0;  // pilots
    std::int64_t submit = 0;
};

class Decider {
  public:
    Decider(const Situation& situation, const Policy& policy, base::Time now)
        : situation_(situation),
          policy_(policy),
          now_(now),
          outlooks_(look_at(situation, policy, now)),
          tallies_(outlooks_.entries.size()) {}

    Decision run(const std::string& plan) {
        decision_.warnings = outlooks_.warnings;
        make_bins();
        make_work();
        tally(assign(work_, bins_, {{outlooks_.budget}}));
        for (std::size_t i = 0; i < tallies_.size(); ++i) {
            decision_.requests.push_back(request(i, plan));
        }
        return std::move(decision_);
    }

  private:
    void add_bin(std::int64_t count, int rank, const Place& place) {
        if (count > 0) {
            bins_.push_back({count, rank, 0, {}});
            if (place.supply == Supply::New) {
                bins_.back().charges.push_back({0, 1});  // the budget is the only cap
            }
            bins_of_entry_[place.entry].push_back(places_.size());
            places_.push_back(place);
        }
    }

    // Idle room first, then pending pilots, then new ones by tier.
    void make_bins() {
        std::map<std::int64_t, int> rank_of_tier;
        for (const auto& outlook : outlooks_.entries) {
            rank_of_tier[outlook.entry->tier];
        }
        int next = 2;
        for (auto& [tier, rank] : rank_of_tier) {
            rank = next++;
        }
        for (std::size_t i = 0; i < outlooks_.entries.size(); ++i) {
            const auto& outlook = outlooks_.entries[i];
            const auto& entry = *outlook.entry;
            if (outlook.count) {
                for (const auto& slot : outlook.count->idle_slots) {
                    add_bin(slot.count, 0, {i, Supply::Idle, slot.free});
                }
                add_bin(outlook.count->pending, 1, {i, Supply::Pending, entry.pilot, entry.nodes});
            }
            add_bin(outlook.headroom, rank_of_tier[entry.tier],
                    {i, Supply::New, entry.pilot, entry.nodes});
        }
    }

    void make_work() {
        std::map<std::string, std::size_t> index;
        for (std::size_t i = 0; i < outlooks_.entries.size(); ++i) {
            index[outlooks_.entries[i].entry->name] = i;
        }
        for (const auto& job_class : situation_.classes) {
            if (is_stale(job_class.observed_at, policy_, now_)) {
                decision_.warnings.push_back(
                    fmt::format("job class {}: seen {} ago, not counted", job_class.id,
                                base::format_duration(now_ - *job_class.observed_at)));
                continue;
            }
            if (job_class.entries.empty()) {
                decision_.unmatched_jobs += job_class.idle_jobs;
                continue;
            }
            Work work;
            work.jobs = job_class.idle_jobs;
            for (const auto& name : job_class.entries) {
                if (const auto entry = index.find(name); entry != index.end()) {
                    tallies_[entry->second].matching += job_class.idle_jobs;
                    add_choices(work, job_class.request, entry->second);
                }
            }
            work_.push_back(std::move(work));
        }
    }

    void add_choices(Work& work, const model::Resources& request, std::size_t entry) {
        for (const auto bin : bins_of_entry_[entry]) {
            const auto& place = places_[bin];
            if (model::misfit(request, place.node).empty()) {
                work.choices.push_back(
                    {static_cast<std::uint32_t>(bin),
                     static_cast<std::uint32_t>(place.nodes *
                                                model::jobs_per_node(request, place.node))});
            }
        }
    }

    void tally(const Assignment& assignment) {
        for (const auto& placement : assignment.placements) {
            auto& tally = tallies_[places_[placement.bin].entry];
            switch (places_[placement.bin].supply) {
                case Supply::Idle:
                    tally.on_idle += placement.jobs;
                    break;
                case Supply::Pending:
                    tally.on_pending += placement.jobs;
                    break;
                case Supply::New:
                    tally.on_new += placement.jobs;
                    break;
            }
        }
        for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
            auto& tally = tallies_[places_[bin].entry];
            (places_[bin].supply == Supply::New ? tally.submit : tally.used_pending) +=
                places_[bin].supply == Supply::Idle ? 0 : assignment.opened[bin];
        }
        for (const auto& tally : tallies_) {
            submitted_ += tally.submit;
        }
        for (const auto& work : work_) {
            decision_.unserved_jobs += work.jobs;
        }
        for (const auto& placement : assignment.placements) {
            decision_.unserved_jobs -= placement.jobs;
        }
    }

    model::Request request(std::size_t index, const std::string& plan) const {
        const auto& outlook = outlooks_.entries[index];
        const auto& tally = tallies_[index];
        model::Request request;
        request.plan = plan;
        request.entry = outlook.entry->name;
        request.id = base::make_ulid(base::ulid_time_ms(plan).value_or(0),
                                     fmt::format("{}/{}", plan, request.entry));
        request.submit = tally.submit;
        request.valid_until = now_ + policy_.valid_for;
        explain_submit(outlook, tally, request.because);
        if (tally.submit == 0) {
            decide_removal(outlook, tally, request);
        }
        return request;
    }

    void explain_submit(const Outlook& outlook, const Tally& tally,
                        std::vector<model::Because>& because) const {
        because.push_back({"matching", tally.matching, "idle jobs that could run here"});
        const auto supplied = tally.on_idle + tally.on_pending;
        if (supplied > 0) {
            because.push_back(
                {"supply", supplied,
                 fmt::format("jobs that idle room ({}) and pending pilots ({}) will serve",
                             tally.on_idle, tally.on_pending)});
        }
        if (!outlook.blocked.empty()) {
            because.push_back({"blocked", 0, outlook.blocked});
            return;
        }
        if (!outlook.limit.empty()) {
            because.push_back({"headroom", outlook.headroom, outlook.limit});
        }
        if (outlooks_.budget < outlook.headroom) {
            because.push_back({"budget", outlooks_.budget, outlooks_.budget_limit});
        }
        because.push_back(
            {"assigned", tally.on_new, "jobs for new pilots here, each counted at one entry only"});
        because.push_back({"submit", tally.submit, why_so_many(outlook, tally)});
    }

    std::string why_so_many(const Outlook& outlook, const Tally& tally) const {
        if (tally.submit > 0 && tally.submit == outlook.headroom) {
            return fmt::format("all that the limits allow: {}", outlook.limit);
        }
        if (tally.submit > 0) {
            return fmt::format("pilots of {} cores each for them",
                               outlook.entry->pilot.cpus * outlook.entry->nodes);
        }
        if (tally.matching == 0) {
            return "no idle job could run here";
        }
        if (outlook.headroom == 0) {
            return fmt::format("no room: {}", outlook.limit);
        }
        if (outlooks_.budget == 0) {
            return fmt::format("no room: {}", outlooks_.budget_limit);
        }
        if (submitted_ >= outlooks_.budget) {
            return fmt::format("used up by other entries: {}", outlooks_.budget_limit);
        }
        return "what is on its way, and other entries, serve all the jobs";
    }

    // Pending pilots that no job waits for.
    void decide_removal(const Outlook& outlook, const Tally& tally, model::Request& request) const {
        const auto surplus = outlook.count ? outlook.count->pending - tally.used_pending : 0;
        if (policy_.remove == model::RemoveWhat::None || surplus <= 0) {
            return;
        }
        request.because.push_back({"surplus", surplus, "pending pilots that no job waits for"});
        if (!outlook.keep.empty()) {
            request.because.push_back({"keep", 0, outlook.keep});
            return;
        }
        const auto most = outlook.entry->limits.max_remove.value_or(policy_.max_remove);
        request.remove = std::min(surplus, most);
        request.what = policy_.remove;
        request.because.push_back({"remove", request.remove, fmt::format("max_remove {}", most)});
    }

    const Situation& situation_;
    const Policy& policy_;
    base::Time now_;
    Outlooks outlooks_;
    std::vector<Tally> tallies_;  // like the outlooks
    std::vector<Bin> bins_;
    std::vector<Place> places_;  // like the bins
    std::map<std::size_t, std::vector<std::size_t>> bins_of_entry_;
    std::vector<Work> work_;
    std::int64_t submitted_ = 0;  // pilots of all entries
    Decision decision_;
};

}  // namespace

Decision decide(const Situation& situation, const Policy& policy, base::Time now,
                const std::string& plan) {
    return Decider(situation, policy, now).run(plan);
}

}  // namespace tow::plan
