#include "match/demand.hpp"

#include "base/hash.hpp"
#include "classad/evaluate.hpp"
#include "match/ads.hpp"
#include "match/columns.hpp"
#include "record/json.hpp"

#include <algorithm>
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
        matchmaker_.emplace(pointers(ads_), classad::EvalOptions{.now = now});
    }

    void add(std::span<const model::JobGroup> groups) {
        std::vector<classad::Ad> jobs;
        for (const auto& group : groups) {
            std::vector<std::string> problems;
            jobs.push_back(job_ad(group, expressions_, problems));
            report("job group " + group.id, problems);
        }
        const auto pairs = matchmaker_->match(pointers(jobs));
        for (std::size_t i = 0; i < groups.size(); ++i) {
            add(groups[i], pairs.row(i));
        }
    }

    Matches finish() {
        for (auto& [identity, job_class] : classes_) {
            job_class.id = base::hash_hex(identity);
            result_.classes.push_back(std::move(job_class));
        }
        std::ranges::sort(result_.classes, [](const auto& a, const auto& b) {
            return std::tie(b.idle_jobs, a.id) < std::tie(a.idle_jobs, b.id);
        });
        return std::move(result_);
    }

  private:
    struct Place {
        const model::Entry* entry;
        std::size_t number;  // of its demand
    };

    // Places as positions in places_, in order.
    using Positions = std::vector<std::size_t>;

    // What makes a class, in a form that is quick to compare.
    struct Kin {
        Positions places;
        model::Resources request;
        std::optional<std::string> group;
        model::JobClass* job_class;
    };

    static std::vector<const classad::Ad*> pointers(const std::vector<classad::Ad>& ads) {
        std::vector<const classad::Ad*> result(ads.size());
        std::ranges::transform(ads, result.begin(), [](const auto& ad) { return &ad; });
        return result;
    }

    void add(const model::JobGroup& group, std::span<const std::uint64_t> matching) {
        Positions places;
        for_each_bit(matching, [&](std::size_t i) {
            if (model::misfit(group.request, places_[i].entry->pilot).empty()) {
                places.push_back(i);
            }
        });
        add_to_class(group, places);
        add_demand(group, places);
    }

    model::JobClass& class_of(const model::JobGroup& group, const Positions& places) {
        const auto hash = base::hash64(
            {reinterpret_cast<const char*>(places.data()), places.size() * sizeof(std::size_t)});
        const auto [begin, end] = kin_.equal_range(hash);
        const auto known = std::find_if(begin, end, [&](const auto& entry) {
            const Kin& kin = entry.second;
            return kin.places == places && kin.request == group.request && kin.group == group.group;
        });
        if (known != end) {
            return *known->second.job_class;
        }
        auto& job_class = new_class(group, places);
        kin_.emplace(hash, Kin{places, group.request, group.group, &job_class});
        return job_class;
    }

    model::JobClass& new_class(const model::JobGroup& group, const Positions& places) {
        std::vector<std::string> names(places.size());
        std::ranges::transform(places, names.begin(),
                               [this](std::size_t i) { return places_[i].entry->name; });
        std::ranges::sort(names);
        record::Array identity{to_object(group.request), group.group.value_or("")};
        std::ranges::copy(names, std::back_inserter(identity));
        auto& job_class = classes_[record::to_json(identity)];
        job_class.entries = names;
        job_class.request = group.request;
        job_class.group = group.group;
        return job_class;
    }

    void add_to_class(const model::JobGroup& group, const Positions& places) {
        auto& job_class = class_of(group, places);
        job_class.idle_jobs += group.idle_jobs;
        job_class.running_jobs += group.running_jobs;
        model::add_ages(job_class.idle_by_age, group.idle_by_age);
        job_class.groups.push_back(group.id);
        if (group.observed_at &&
            (!job_class.observed_at || *group.observed_at < *job_class.observed_at)) {
            job_class.observed_at = group.observed_at;
        }
    }

    void add_demand(const model::JobGroup& group, const Positions& places) {
        if (places.empty()) {
            result_.unmatched_jobs += group.idle_jobs;
            return;
        }
        const auto share =
            static_cast<double>(group.idle_jobs) / static_cast<double>(places.size());
        for (const auto i : places) {
            auto& demand = result_.demand[places_[i].number];
            demand.jobs_matching += group.idle_jobs;
            demand.jobs_only_here += places.size() == 1 ? group.idle_jobs : 0;
            demand.jobs_share += share;
            demand.cores_share += share * static_cast<double>(group.request.cpus);
            demand.running_matching += group.running_jobs;
        }
    }

    void report(const std::string& where, const std::vector<std::string>& problems) {
        for (const auto& problem : problems) {
            result_.problems.push_back(fmt::format("{}: {}", where, problem));
        }
    }

    std::vector<Place> places_;     // in service
    std::vector<classad::Ad> ads_;  // like the places
    std::optional<Matchmaker> matchmaker_;
    Expressions expressions_;
    std::map<std::string, model::JobClass> classes_;  // by what makes the class
    std::unordered_multimap<std::uint64_t, Kin> kin_;
    Matches result_;
};

}  // namespace

Matches match(const std::vector<model::JobGroup>& groups, const std::vector<model::Entry>& entries,
              base::Time now) {
    Matcher matcher(entries, now);
    for (std::size_t i = 0; i < groups.size(); i += kBlock) {
        matcher.add(std::span(groups).subspan(i, std::min(kBlock, groups.size() - i)));
    }
    return matcher.finish();
}

}  // namespace tow::match
