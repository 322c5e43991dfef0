#include "policy/figures.hpp"

#include "plan/terms.hpp"

#include <algorithm>

namespace tow::policy {

namespace {

struct Ledger {
    model::Use today;
    model::Use this_month;
};

void add(model::Use& sum, const model::Use& use) {
    sum.pilots += std::min(use.pilots, plan::kMostOfAnything);
    sum.core_seconds += std::min(use.core_seconds, plan::kMostOfADay);
}

Ledger ledger_of(const plan::Situation& situation, base::Time now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const auto month = start_of_month(now);
    Ledger result;
    for (const auto& usage : situation.usages) {
        for (const auto& [day, use] : usage.days) {
            if (day >= month) {
                add(result.this_month, use);
            }
            if (day >= today) {
                add(result.today, use);
            }
        }
    }
    return result;
}

bool has_gap(const plan::Situation& situation, std::string_view scope) {
    return std::ranges::any_of(situation.gaps,
                               [scope](const auto& gap) { return gap.scope == scope; });
}

void insert_jobs(classad::Ad& ad, const plan::Situation& situation) {
    std::int64_t idle = 0;
    std::int64_t running = 0;
    std::int64_t unmatched = 0;
    for (const auto& job_class : situation.classes) {
        const auto jobs = std::min(job_class.idle_jobs, plan::kMostOfAnything);
        idle += jobs;
        running += std::min(job_class.running_jobs, plan::kMostOfAnything);
        unmatched += job_class.entries.empty() ? jobs : 0;
    }
    ad.insert_int("idle_jobs", idle);
    ad.insert_int("running_jobs", running);
    ad.insert_int("unmatched_jobs", unmatched);
}

void insert_pilots(classad::Ad& ad, const plan::Situation& situation, base::Time now) {
    std::int64_t pending = 0;
    std::int64_t running = 0;
    std::int64_t held = 0;
    for (const auto& count : situation.counts) {
        pending += std::min(count.pending, plan::kMostOfAnything);
        running += std::min(count.running, plan::kMostOfAnything);
        held += std::min(count.held, plan::kMostOfAnything);
    }
    ad.insert_int("pending", pending);
    ad.insert_int("running", running);
    ad.insert_int("held", held);
    const auto in_service = std::ranges::count_if(situation.entries, [now](const auto& entry) {
        return model::effective_state(entry, now) == model::EntryState::InService;
    });
    ad.insert_int("entries", in_service);
}

void insert_time(classad::Ad& ad, base::Time now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date{today};
    ad.insert_int("hour", std::chrono::floor<std::chrono::hours>(now - today).count());
    ad.insert_int("weekday", std::chrono::weekday{today}.iso_encoding());
    ad.insert_int("day", static_cast<unsigned>(date.day()));
    ad.insert_int("month", static_cast<unsigned>(date.month()));
}

}  // namespace

const std::vector<std::string>& figure_names() {
    static const std::vector<std::string> names{"idle_jobs",
                                                "running_jobs",
                                                "unmatched_jobs",
                                                "pending",
                                                "running",
                                                "held",
                                                "entries",
                                                "hour",
                                                "weekday",
                                                "day",
                                                "month",
                                                "core_hours_today",
                                                "pilots_today",
                                                "core_hours_this_month",
                                                "pilots_this_month",
                                                "jobs_gap",
                                                "pilots_gap"};
    return names;
}

base::Time start_of_month(base::Time now) {
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(now)};
    return std::chrono::sys_days{date.year() / date.month() / 1};
}

// What cannot be seen is not known: with a gap in the jobs their numbers are left out.
classad::Ad figures_of(const plan::Situation& situation, base::Time now) {
    const bool jobs_gap = has_gap(situation, "jobs");
    const bool pilots_gap = has_gap(situation, "pilots");
    classad::Ad ad;
    if (!jobs_gap) {
        insert_jobs(ad, situation);
    }
    if (!pilots_gap) {
        insert_pilots(ad, situation, now);
    }
    insert_time(ad, now);
    const auto ledger = ledger_of(situation, now);
    constexpr double kHour = 3600;
    ad.insert_real("core_hours_today", static_cast<double>(ledger.today.core_seconds) / kHour);
    ad.insert_real("core_hours_this_month",
                   static_cast<double>(ledger.this_month.core_seconds) / kHour);
    ad.insert_int("pilots_today", ledger.today.pilots);
    ad.insert_int("pilots_this_month", ledger.this_month.pilots);
    ad.insert_bool("jobs_gap", jobs_gap);
    ad.insert_bool("pilots_gap", pilots_gap);
    return ad;
}

}  // namespace tow::policy
