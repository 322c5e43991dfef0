#include "plan/outlook.hpp"

#include "base/units.hpp"
#include "plan/guards.hpp"
#include "plan/recent.hpp"
#include "plan/shape.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/core.h>

namespace tow::plan {

namespace {

// Adds to a sum that is 0 at first.
void add(model::PilotCount& sum, const model::PilotCount& part) {
    const auto up = [](std::int64_t& whole, std::int64_t count) {
        whole = std::min(whole + std::min(count, kMostOfAnything), kMostOfAnything);
    };
    up(sum.pending, part.pending);
    up(sum.running, part.running);
    up(sum.held, part.held);
    up(sum.removing, part.removing);
    sum.idle_slots.insert(sum.idle_slots.end(), part.idle_slots.begin(), part.idle_slots.end());
    sum.oldest_pending = std::max(sum.oldest_pending, part.oldest_pending);
    sum.newest_start_at = std::max(sum.newest_start_at, part.newest_start_at);
    if (part.observed_at && (!sum.observed_at || *part.observed_at < *sum.observed_at)) {
        sum.observed_at = part.observed_at;
    }
}

bool affects(const model::Gap& gap, const std::string& entry) {
    return gap.entries.empty() || std::ranges::find(gap.entries, entry) != gap.entries.end();
}

std::string describe(const model::Gap& gap) {
    return fmt::format("gap in {} from {}: {}", gap.scope, gap.source, gap.message);
}

class Looker {
  public:
    Looker(const Situation& situation, const Terms& terms, base::Time now)
        : situation_(situation), terms_(terms), now_(now), pilots_(by_entry(situation.pilots)) {
        for (const auto& count : situation.counts) {
            add(counts_[count.entry], count);
        }
        for (const auto& memory : situation.memories) {
            auto& newest = memories_[memory.entry];
            newest = newest == nullptr || newest->plan < memory.plan ? &memory : newest;
        }
        has_stale_jobs_ = std::ranges::any_of(situation.classes, [&](const auto& job_class) {
            return is_stale(job_class.observed_at, terms, now);
        });
    }

    Outlook look_at(const EntryTerms& terms, std::int64_t matching) const {
        Outlook outlook;
        outlook.terms = &terms;
        outlook.matching = matching;
        outlook.remarks = terms.remarks;
        const auto* before = before_of(terms.entry.name);
        if (before != nullptr) {
            outlook.next = *before;
        }
        outlook.next.entry = terms.entry.name;
        see_pilots(outlook, before);
        outlook.blocked = why_blocked(outlook);
        outlook.keep = why_keep(outlook);
        if (outlook.is_seen) {
            consider(outlook, before);
        }
        if (!outlook.blocked.empty()) {
            outlook.headroom = 0;
        }
        return outlook;
    }

  private:
    const model::Memory* before_of(const std::string& entry) const {
        const auto found = memories_.find(entry);
        return found == memories_.end() ? nullptr : found->second;
    }

    void see_pilots(Outlook& outlook, const model::Memory* before) const {
        const auto& name = outlook.terms->entry.name;
        if (const auto count = counts_.find(name); count != counts_.end()) {
            outlook.is_seen = true;
            outlook.count = count->second;
        } else if (before != nullptr) {  // the caps they share with others must not forget them
            outlook.count.pending = std::min(before->pending, kMostOfAnything);
            outlook.count.running = std::min(before->running, kMostOfAnything);
        }
        if (const auto pilots = pilots_.find(name); pilots != pilots_.end()) {
            outlook.pilots = pilots->second;
        }
        outlook.coming = outlook.count.pending;
    }

    // The weightiest reason first.
    std::string why_blocked(const Outlook& outlook) const {
        const auto& entry = outlook.terms->entry;
        const auto state = model::effective_state(entry, now_);
        if (state != model::EntryState::InService) {
            return fmt::format("the entry is {}", model::state_name(state));
        }
        for (const auto& gap : situation_.gaps) {
            if ((gap.scope == "pilots" || gap.scope == "slots") && affects(gap, entry.name)) {
                return describe(gap);
            }
        }
        if (!outlook.is_seen) {
            return "its pilots are not seen: no pilot_count, and unknown is not zero";
        }
        if (is_stale(outlook.count.observed_at, terms_, now_)) {
            return fmt::format("its pilots were seen {} ago, more than {}",
                               base::format_duration(now_ - *outlook.count.observed_at),
                               base::format_duration(terms_.max_age));
        }
        if (is_stale(entry.observed_at, terms_, now_)) {
            return fmt::format("the entry was seen {} ago, more than {}",
                               base::format_duration(now_ - *entry.observed_at),
                               base::format_duration(terms_.max_age));
        }
        if (entry.limits.max_held && outlook.count.held > *entry.limits.max_held) {
            return fmt::format("{} pilots are held, more than max_held {}", outlook.count.held,
                               *entry.limits.max_held);
        }
        return outlook.terms->vetoed;
    }

    // Nothing is taken back on the strength of an absence that may be blindness.
    std::string why_keep(const Outlook& outlook) const {
        for (const auto& gap : situation_.gaps) {
            if (gap.scope == "jobs" || affects(gap, outlook.terms->entry.name)) {
                return describe(gap);
            }
        }
        if (!outlook.is_seen || is_stale(outlook.count.observed_at, terms_, now_)) {
            return "its pilots are not seen, or not lately";
        }
        if (situation_.classes.empty()) {
            return "no jobs are seen at all: that may be blindness";
        }
        return has_stale_jobs_ ? "some jobs were not seen lately" : "";
    }

    // Limits, guards, and what they leave to the next decision. The pilots are seen.
    void consider(Outlook& outlook, const model::Memory* before) const {
        const auto& terms = *outlook.terms;
        set_headroom(outlook);
        auto& next = outlook.next;
        next.vanished_looks = 0;
        const Sight sight{terms, outlook.count, outlook.pilots, before,
                          std::min(outlook.headroom, outlook.matching)};
        auto vanished = why_vanished(sight, next);
        if (vanished.empty()) {
            next.pending = outlook.count.pending;
            next.running = outlook.count.running;
        } else {
            outlook.keep = outlook.keep.empty() ? vanished : outlook.keep;
            block(outlook, std::move(vanished));
        }
        auto verdict = check_breaker(sight, now_, next);
        outlook.coming = verdict.is_dead ? 0 : stuck_or_coming(outlook);
        block(outlook, std::move(verdict.blocked));
        if (verdict.most && *verdict.most < outlook.headroom) {
            outlook.headroom = *verdict.most;
            outlook.limit = verdict.why;
        }
        auto fit = fit_before_outage(terms, now_);
        block(outlook, std::move(fit.blocked));
        if (fit.walltime) {
            outlook.walltime = fit.walltime;
            outlook.remarks.push_back({"downtime", fit.walltime->count(), std::move(fit.why)});
        }
    }

    static void block(Outlook& outlook, std::string why) {
        if (outlook.blocked.empty()) {
            outlook.blocked = std::move(why);
        }
    }

    // Pilots that have waited too long at a place where none starts are not coming, but for a few.
    std::int64_t stuck_or_coming(const Outlook& outlook) const {
        const auto& removal = outlook.terms->removal;
        const auto& count = outlook.count;
        if (!removal.stuck_after ||
            count.oldest_pending.value_or(std::chrono::seconds{0}) <= *removal.stuck_after ||
            count.newest_start_at.value_or(base::Time{}) > now_ - *removal.stuck_after) {
            return count.pending;
        }
        return std::min(count.pending, removal.stuck_keep);
    }

    void set_headroom(Outlook& outlook) const {
        const auto& limits = outlook.terms->entry.limits;
        const auto& count = outlook.count;
        outlook.headroom = kUnlimited;
        const auto allow = [&](const std::optional<std::int64_t>& most, std::int64_t used,
                               std::string_view name) {
            const auto left = std::max<std::int64_t>(0, most.value_or(0) - used);
            if (most && left < outlook.headroom) {
                outlook.headroom = left;
                outlook.limit = used == 0 ? fmt::format("{} {}", name, *most)
                                          : fmt::format("{} {}, {} used", name, *most, used);
            }
        };
        allow(limits.max_pilots, existing_pilots(count), "max_pilots");
        allow(limits.max_pending, count.pending, "max_pending");
        allow(limits.max_submit, 0, "max_submit");
        std::string limit;
        const auto most = most_of(outlook.terms->chain, {count, outlook.pilots, 0, now_}, limit);
        if (most < outlook.headroom) {
            outlook.headroom = most;
            outlook.limit = std::move(limit);
        }
    }

    const Situation& situation_;
    const Terms& terms_;
    base::Time now_;
    PilotsByEntry pilots_;
    std::map<std::string, model::PilotCount> counts_;
    std::map<std::string, const model::Memory*> memories_;
    bool has_stale_jobs_ = false;
};

}  // namespace

std::vector<Outlook> look_at(const Situation& situation, const Terms& terms,
                             const Workload& workload, base::Time now) {
    const Looker looker(situation, terms, now);
    std::vector<Outlook> result;
    result.reserve(terms.entries.size());
    for (std::size_t i = 0; i < terms.entries.size(); ++i) {
        result.push_back(looker.look_at(terms.entries[i], workload.matching[i]));
    }
    return result;
}

}  // namespace tow::plan
