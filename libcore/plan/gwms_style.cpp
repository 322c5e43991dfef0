#include "plan/gwms_style.hpp"

#include "base/ulid.hpp"
#include "plan/outlook.hpp"
#include "plan/workload.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/core.h>

namespace tow::plan {

namespace {

constexpr std::chrono::seconds kOld{600};

// Pilots for the entry's share of old jobs, if they need as many cores each as all its jobs.
std::int64_t share_of_old(const model::Demand& demand, const model::Entry& entry) {
    const auto old = std::ranges::find(demand.by_age, kOld, &model::Demand::Age::min_age);
    if (old == demand.by_age.end() || demand.jobs_share == 0) {
        return 0;
    }
    const auto cores_each = demand.cores_share / static_cast<double>(demand.jobs_share);
    const auto cores = static_cast<double>(cores_of_pilot(entry));
    return std::llround(
        std::ceil(static_cast<double>(old->jobs_share) * cores_each / cores - 1e-9));
}

GwmsCounts counts_of(const Outlook& outlook) {
    GwmsCounts counts;
    counts.total = outlook.count.running;
    for (const auto& slot : outlook.count.idle_slots) {
        counts.idle += std::min(slot.count, kMostOfAnything);
    }
    counts.idle = std::min(counts.idle, counts.total);
    return counts;
}

model::RemoveWhat what_of(GwmsRemoval level) {
    switch (level) {
        case GwmsRemoval::Wait:
            return model::RemoveWhat::Unsubmitted;
        case GwmsRemoval::Idle:
            return model::RemoveWhat::Pending;
        case GwmsRemoval::All:
        case GwmsRemoval::Unregistered:
            return model::RemoveWhat::All;
        case GwmsRemoval::Disable:
        case GwmsRemoval::No:
            break;
    }
    return model::RemoveWhat::None;
}

class GwmsDecider {
  public:
    GwmsDecider(const Situation& situation, const Terms& terms, const GwmsTerms& gwms,
                base::Time now)
        : terms_(terms),
          gwms_(gwms),
          now_(now),
          workload_(workload(situation, terms, now)),
          outlooks_(look_at(situation, terms, workload_, now)) {
        for (const auto& demand : situation.demands) {
            demands_[demand.entry] = &demand;
        }
        for (const auto& outlook : outlooks_) {
            const auto counts = counts_of(outlook);
            totals_.group.total += counts.total;
            totals_.group.idle += counts.idle;
        }
        totals_.frontend = totals_.global = totals_.group;
    }

    Decision run(const std::string& plan) {
        Decision decision;
        decision.warnings = workload_.warnings;
        decision.unmatched_jobs = workload_.unmatched_jobs;
        for (auto& outlook : outlooks_) {
            model::Request request;
            request.plan = plan;
            request.entry = outlook.terms->entry.name;
            request.id = base::make_ulid(base::ulid_time_ms(plan).value_or(0),
                                         fmt::format("{}/{}", plan, request.entry));
            request.valid_until = now_ + terms_.valid_for;
            decide(outlook, request);
            outlook.next.plan = plan;
            decision.requests.push_back(std::move(request));
            decision.memories.push_back(outlook.next);
        }
        return decision;
    }

  private:
    void decide(Outlook& outlook, model::Request& request) {
        auto& because = request.because;
        const auto& entry = outlook.terms->entry;
        const auto found = demands_.find(entry.name);
        if (model::effective_state(entry, now_) != model::EntryState::InService ||
            !outlook.is_seen || found == demands_.end()) {
            because.push_back({"blocked", 0,
                               found == demands_.end()   ? "there is no demand record for it"
                               : outlook.blocked.empty() ? "the entry is not in service"
                                                         : outlook.blocked});
            return;
        }
        const auto& demand = *found->second;
        const auto counts = counts_of(outlook);
        auto limits = gwms_.limits;
        limits.max_running = entry.limits.max_pilots.value_or(limits.max_running);
        limits.max_idle = entry.limits.max_pending.value_or(limits.max_idle);
        const auto old = share_of_old(demand, entry);
        const auto need = gwms_demand(limits, demand.pilots_share, old, counts.idle);
        const auto idle = gwms_min_idle(limits, counts, totals_, need);
        const auto running = counts.total - counts.idle;
        const auto most =
            gwms_max_run(limits.fraction_running, std::max(demand.pilots_share, limits.min_running),
                         running, counts.idle);
        because.push_back({"share", demand.pilots_share, "pilots for its share of the idle jobs"});
        because.push_back({"old_share", old, "pilots for its share of jobs older than 10m"});
        for (const auto& trigger : idle.triggered) {
            because.push_back({trigger.name, trigger.count, trigger.text()});
        }
        because.push_back({"min_idle", idle.pilots, "pilots that should wait"});
        because.push_back({"max_run", most, "pilots that may wait and run"});
        const auto& count = outlook.count;
        request.submit = std::max<std::int64_t>(
            0, std::min(idle.pilots - count.pending, most - count.pending - count.running));
        because.push_back(
            {"submit", request.submit,
             fmt::format("as the factory would: {} wait, {} run", count.pending, count.running)});
        decide_removal(outlook, demand.jobs_matching, {idle.pilots, most}, request);
    }

    struct Wanted {
        std::int64_t idle;  // pilots that should wait
        std::int64_t most;  // that may wait and run
    };

    void decide_removal(Outlook& outlook, std::int64_t idle_jobs, Wanted wanted,
                        model::Request& request) const {
        auto& next = outlook.next;
        GwmsHistory history{next.no_jobs_looks, next.no_use_looks, next.no_pilots_looks};
        const auto answer =
            gwms_removal_pass(gwms_.removal, idle_jobs, counts_of(outlook), history);
        next.no_jobs_looks = history.no_idle_jobs;
        next.no_use_looks = history.no_used_slots;
        next.no_pilots_looks = history.no_slots;
        const auto& count = outlook.count;
        auto excess = count.pending - wanted.idle - answer.margin;
        if (answer.level >= GwmsRemoval::All) {
            excess = std::max(excess, count.pending + count.running - wanted.most - answer.margin);
        }
        if (request.submit > 0 || excess <= 0 || answer.level <= GwmsRemoval::No) {
            return;
        }
        if (!outlook.keep.empty()) {
            request.because.push_back({"keep", 0, outlook.keep});
            return;
        }
        request.what = what_of(answer.level);
        request.remove = std::min(excess, outlook.terms->entry.limits.max_remove.value_or(5));
        request.because.push_back(
            {"remove", request.remove,
             fmt::format("{}: {} too many, margin {}", gwms_removal_name(answer.level), excess,
                         answer.margin)});
    }

    const Terms& terms_;
    const GwmsTerms& gwms_;
    base::Time now_;
    Workload workload_;
    std::vector<Outlook> outlooks_;
    GwmsTotals totals_;
    std::map<std::string_view, const model::Demand*> demands_;
};

}  // namespace

Decision decide_as_gwms(const Situation& situation, const Terms& terms, const GwmsTerms& gwms,
                        base::Time now, const std::string& plan) {
    return GwmsDecider(situation, terms, gwms, now).run(plan);
}

}  // namespace tow::plan
