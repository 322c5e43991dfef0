#include "match/demand.hpp"

#include "base/hash.hpp"
#include "classad/evaluate.hpp"
#include "match/ads.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/core.h>

namespace tow::match {

namespace {

struct Place {
    const model::Entry* entry;
    classad::Ad ad;
};

class Matcher {
  public:
    Matcher(const std::vector<model::Entry>& entries, base::Time now) : options_{.now = now} {
        for (const auto& entry : entries) {
            model::Demand demand;
            demand.entry = entry.name;
            result_.demand.push_back(demand);
            std::vector<std::string> problems;
            places_.push_back({&entry, entry_ad(entry, problems)});
            in_service_.push_back(model::effective_state(entry, now) ==
                                  model::EntryState::InService);
            report("entry " + entry.name, problems);
        }
    }

    void add(const model::JobGroup& group) {
        std::vector<std::string> problems;
        const auto ad = job_ad(group, problems);
        report("job group " + group.id, problems);
        std::vector<std::size_t> matching;
        for (std::size_t i = 0; i < places_.size(); ++i) {
            if (in_service_[i] && matches(group, ad, places_[i])) {
                matching.push_back(i);
            }
        }
        add_to_class(group, matching);
        add_demand(group, matching);
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
    bool matches(const model::JobGroup& group, const classad::Ad& job, const Place& place) const {
        if (!model::misfit(group.request, place.entry->pilot).empty()) {
            return false;
        }
        return classad::matches(job, place.ad, options_);
    }

    void add_to_class(const model::JobGroup& group, const std::vector<std::size_t>& matching) {
        std::vector<std::string> names(matching.size());
        std::ranges::transform(matching, names.begin(),
                               [this](std::size_t i) { return places_[i].entry->name; });
        std::ranges::sort(names);
        record::Array identity{to_object(group.request), group.group.value_or("")};
        std::ranges::copy(names, std::back_inserter(identity));
        auto& job_class = classes_[record::to_json(identity)];
        job_class.entries = names;
        job_class.request = group.request;
        job_class.group = group.group;
        job_class.idle_jobs += group.idle_jobs;
        job_class.running_jobs += group.running_jobs;
        model::add_ages(job_class.idle_by_age, group.idle_by_age);
        job_class.groups.push_back(group.id);
        if (group.observed_at &&
            (!job_class.observed_at || *group.observed_at < *job_class.observed_at)) {
            job_class.observed_at = group.observed_at;
        }
    }

    void add_demand(const model::JobGroup& group, const std::vector<std::size_t>& matching) {
        if (matching.empty()) {
            result_.unmatched_jobs += group.idle_jobs;
            return;
        }
        const auto share =
            static_cast<double>(group.idle_jobs) / static_cast<double>(matching.size());
        for (const auto i : matching) {
            auto& demand = result_.demand[i];
            demand.jobs_matching += group.idle_jobs;
            demand.jobs_only_here += matching.size() == 1 ? group.idle_jobs : 0;
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

    classad::EvalOptions options_;
    std::vector<Place> places_;
    std::vector<bool> in_service_;                    // like the places
    std::map<std::string, model::JobClass> classes_;  // by what makes the class
    Matches result_;
};

}  // namespace

Matches match(const std::vector<model::JobGroup>& groups, const std::vector<model::Entry>& entries,
              base::Time now) {
    Matcher matcher(entries, now);
    for (const auto& group : groups) {
        matcher.add(group);
    }
    return matcher.finish();
}

}  // namespace tow::match
