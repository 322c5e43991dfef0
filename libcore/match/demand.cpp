#include "match/demand.hpp"

#include "base/hash.hpp"
#include "classad/evaluate.hpp"
#include "match/ads.hpp"
#include "match/columns.hpp"
#include "match/shares.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <unordered_map>

#include <fmt/core.h>

namespace tow::match {

namespace {

// Job groups whose ads are in memory at once.
constexpr std::size_t kBlock = 8192;

class Matcher {
  public:
    Matcher(const std::vector<model::Entry>& entries, base::Time now) {
        for (const auto& entry : entries) {
            model::Demand demand;
            demand.entry = entry.name;
            result_.demand.push_back(demand);
            std::vector<std::string> problems;
            auto ad = entry_ad(entry, problems);
            report("entry " + entry.name, problems);
            if (model::effective_state(entry, now) == model::EntryState::InService) {
                places_.push_back({&entry, result_.demand.size() - 1});
                ads_.push_back(std::move(ad));
            }
        }
        matchmaker_.emplace(pointers_to(ads_), classad::EvalOptions{.now = now});
    }

    void add(std::span<const model::JobGroup> groups) {
        std::vector<classad::Ad> jobs;
        for (const auto& group : groups) {
            std::vector<std::string> problems;
            jobs.push_back(job_ad(group, expressions_, problems));
            report("job group " + group.id, problems);
        }
        const auto pairs = matchmaker_->match(pointers_to(jobs));
        for (std::size_t i = 0; i < groups.size(); ++i) {
            add(groups[i], pairs.row(i));
        }
    }

    Matches finish(Split split) {
        // In an order that does not depend on that of the input, because the shares do on it.
        std::vector<Kin*> order(kin_.size());
        std::ranges::transform(kin_, order.begin(), [](Kin& kin) { return &kin; });
        std::ranges::sort(order, [](const Kin* a, const Kin* b) {
            return std::tie(b->job_class.idle_jobs, a->job_class.id) <
                   std::tie(a->job_class.idle_jobs, b->job_class.id);
        });
        share_out(order, split);
        result_.classes.reserve(order.size());
        for (auto* kin : order) {
            result_.classes.push_back(std::move(kin->job_class));
        }
        return std::move(result_);
    }

  private:
    struct Place {
        const model::Entry* entry;
        std::size_t number;  // of its demand
    };

    // Places as positions in places_, in order.
    using Positions = std::vector<std::size_t>;

    struct Kin {
        Positions places;
        model::JobClass job_class;
    };

    void add(const model::JobGroup& group, std::span<const std::uint64_t> matching) {
        Positions places;
        for_each_bit(matching, [&](std::size_t i) {
            if (model::misfit(group.request, places_[i].entry->pilot).empty()) {
                places.push_back(i);
            }
        });
        add_to_class(group, std::move(places));
    }

    static std::uint64_t hash_of(const Positions& places, const model::JobGroup& group) {
        const auto& request = group.request;
        const auto bytes_of = [](const auto& values) {
            return std::string_view(reinterpret_cast<const char*>(values.data()),
                                    values.size() * sizeof(values[0]));
        };
        const std::array<std::uint64_t, 7> key{
            base::hash64(bytes_of(places)),
            base::hash64(group.group.value_or("")),
            static_cast<std::uint64_t>(request.cpus),
            static_cast<std::uint64_t>(request.memory_bytes),
            static_cast<std::uint64_t>(request.disk_bytes.value_or(-1)),
            static_cast<std::uint64_t>(request.gpus.value_or(-1)),
            static_cast<std::uint64_t>(
                request.walltime.value_or(std::chrono::seconds{-1}).count())};
        return base::hash64(bytes_of(key));
    }

    model::JobClass& class_of(const model::JobGroup& group, Positions places) {
        const auto hash = hash_of(places, group);
        const auto [begin, end] = index_.equal_range(hash);
        const auto known = std::find_if(begin, end, [&](const auto& item) {
            const auto& kin = kin_[item.second];
            return kin.places == places && kin.job_class.request == group.request &&
                   kin.job_class.group == group.group;
        });
        if (known != end) {
            return kin_[known->second].job_class;
        }
        index_.emplace(hash, kin_.size());
        auto job_class = new_class(group, places);
        return kin_.emplace_back(Kin{std::move(places), std::move(job_class)}).job_class;
    }

    model::JobClass new_class(const model::JobGroup& group, const Positions& places) const {
        model::JobClass result;
        result.entries.resize(places.size());
        std::ranges::transform(places, result.entries.begin(),
                               [this](std::size_t i) { return places_[i].entry->name; });
        std::ranges::sort(result.entries);
        result.request = group.request;
        result.group = group.group;
        auto identity = record::to_json(to_object(group.request)) + group.group.value_or("");
        for (const auto& name : result.entries) {
            identity += '\n';
            identity += name;
        }
        result.id = base::hash_hex(identity);
        return result;
    }

    void add_to_class(const model::JobGroup& group, Positions places) {
        auto& job_class = class_of(group, std::move(places));
        job_class.idle_jobs += group.idle_jobs;
        job_class.running_jobs += group.running_jobs;
        model::add_ages(job_class.idle_by_age, group.idle_by_age);
        job_class.groups.push_back(group.id);
        if (group.observed_at &&
            (!job_class.observed_at || *group.observed_at < *job_class.observed_at)) {
            job_class.observed_at = group.observed_at;
        }
    }

    // Idle jobs, and those of each age by themselves.
    void share_out(const std::vector<Kin*>& order, Split split) {
        Shares idle(places_.size(), split);
        std::map<std::chrono::seconds, Shares> by_age;
        for (const auto* kin : order) {
            const auto& [places, job_class] = *kin;
            const auto cores = job_class.request.cpus;
            idle.add(places, job_class.idle_jobs, cores);
            for (const auto& age : job_class.idle_by_age) {
                by_age.try_emplace(age.min_age, places_.size(), split)
                    .first->second.add(places, age.jobs, cores);
            }
            result_.unmatched_jobs += places.empty() ? job_class.idle_jobs : 0;
            for (const auto i : places) {
                demand_of(i).running_matching += job_class.running_jobs;
            }
        }
        for (std::size_t i = 0; i < places_.size(); ++i) {
            auto& demand = demand_of(i);
            const auto share = idle.of(i);
            demand.jobs_matching = share.matching;
            demand.jobs_only_here = share.only_here;
            demand.jobs_share = share.jobs;
            demand.cores_share = share.cores;
            demand.pilots_share = round_up(share.cores / cores_of_pilot(*places_[i].entry));
            for (const auto& [min_age, shares] : by_age) {
                const auto old = shares.of(i);
                demand.by_age.push_back({min_age, old.matching, old.jobs});
            }
        }
    }

    static double cores_of_pilot(const model::Entry& entry) {
        return std::max(1.0, static_cast<double>(entry.pilot.cpus) *
                                 static_cast<double>(std::max<std::int64_t>(1, entry.nodes)));
    }

    model::Demand& demand_of(std::size_t place) { return result_.demand[places_[place].number]; }

    void report(const std::string& where, const std::vector<std::string>& problems) {
        for (const auto& problem : problems) {
            result_.problems.push_back(fmt::format("{}: {}", where, problem));
        }
    }

    std::vector<Place> places_;     // in service
    std::vector<classad::Ad> ads_;  // like the places
    std::optional<Matchmaker> matchmaker_;
    Expressions expressions_;
    std::deque<Kin> kin_;
    std::unordered_multimap<std::uint64_t, std::size_t> index_;  // into kin_, by what makes a class
    Matches result_;
};

}  // namespace

Matches match(const std::vector<model::JobGroup>& groups, const std::vector<model::Entry>& entries,
              base::Time now, Split split) {
    Matcher matcher(entries, now);
    for (std::size_t i = 0; i < groups.size(); i += kBlock) {
        matcher.add(std::span(groups).subspan(i, std::min(kBlock, groups.size() - i)));
    }
    return matcher.finish(split);
}

}  // namespace tow::match
