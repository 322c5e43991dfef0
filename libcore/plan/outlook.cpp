#include "plan/outlook.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/core.h>

namespace tow::plan {

namespace {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int32_t>::max();

std::int64_t existing(const model::PilotCount& count) {
    return count.pending + count.running + count.held + count.removing;
}

// A number and what made it that small.
struct Room {
    std::int64_t pilots = kUnlimited;
    std::string limit;

    void allow(const std::optional<std::int64_t>& most, std::int64_t used, std::string_view name) {
        if (!most) {
            return;
        }
        const auto left = std::max<std::int64_t>(0, *most - used);
        if (left < pilots) {
            pilots = left;
            limit = used == 0 ? fmt::format("{} {}", name, *most)
                              : fmt::format("{} {}, {} used", name, *most, used);
        }
    }
};

void add(model::PilotCount& sum, const model::PilotCount& part) {
    sum.pending += part.pending;
    sum.running += part.running;
    sum.held += part.held;
    sum.removing += part.removing;
    sum.idle_slots.insert(sum.idle_slots.end(), part.idle_slots.begin(), part.idle_slots.end());
    if (part.observed_at && (!sum.observed_at || *part.observed_at < *sum.observed_at)) {
        sum.observed_at = part.observed_at;
    }
}

std::map<std::string, model::PilotCount> sum_counts(const std::vector<model::PilotCount>& counts) {
    std::map<std::string, model::PilotCount> sums;
    for (const auto& count : counts) {
        const auto [sum, is_first] = sums.try_emplace(count.entry, count);
        if (!is_first) {
            add(sum->second, count);
        }
    }
    return sums;
}

bool affects(const model::Gap& gap, const std::string& entry) {
    return gap.entries.empty() || std::ranges::find(gap.entries, entry) != gap.entries.end();
}

std::string describe(const model::Gap& gap) {
    return fmt::format("gap in {} from {}: {}", gap.scope, gap.source, gap.message);
}

// Why nothing may be sent to the entry, the weightiest reason first.
std::string why_blocked(const Outlook& outlook, const Situation& situation, const Policy& policy,
                        base::Time now) {
    const auto& entry = *outlook.entry;
    const auto state = model::effective_state(entry, now);
    if (state != model::EntryState::InService) {
        return fmt::format("the entry is {}", model::state_name(state));
    }
    for (const auto& gap : situation.gaps) {
        if ((gap.scope == "pilots" || gap.scope == "slots") && affects(gap, entry.name)) {
            return describe(gap);
        }
    }
    if (!outlook.count) {
        return "its pilots are not seen: no pilot_count, and unknown is not zero";
    }
    if (is_stale(outlook.count->observed_at, policy, now)) {
        return fmt::format("its pilots were seen {} ago, more than {}",
                           base::format_duration(now - *outlook.count->observed_at),
                           base::format_duration(policy.max_age));
    }
    if (is_stale(entry.observed_at, policy, now)) {
        return fmt::format("the entry was seen {} ago, more than {}",
                           base::format_duration(now - *entry.observed_at),
                           base::format_duration(policy.max_age));
    }
    if (entry.limits.max_held && outlook.count->held > *entry.limits.max_held) {
        return fmt::format("{} pilots are held, more than max_held {}", outlook.count->held,
                           *entry.limits.max_held);
    }
    return {};
}

// Nothing is taken back on the strength of an absence that may be blindness.
std::string why_keep(const Outlook& outlook, const Situation& situation, const Policy& policy,
                     base::Time now) {
    for (const auto& gap : situation.gaps) {
        const bool matters = gap.scope == "jobs" || affects(gap, outlook.entry->name);
        if (matters) {
            return describe(gap);
        }
    }
    if (!outlook.count || is_stale(outlook.count->observed_at, policy, now)) {
        return "its pilots are not seen, or not lately";
    }
    if (situation.classes.empty()) {
        return "no jobs are seen at all: that may be blindness";
    }
    const bool stale_jobs = std::ranges::any_of(situation.classes, [&](const auto& job_class) {
        return is_stale(job_class.observed_at, policy, now);
    });
    return stale_jobs ? "some jobs were not seen lately" : "";
}

void set_headroom(Outlook& outlook) {
    if (!outlook.blocked.empty()) {
        return;
    }
    const auto& limits = outlook.entry->limits;
    Room room;
    room.allow(limits.max_pilots, existing(*outlook.count), "max_pilots");
    room.allow(limits.max_pending, outlook.count->pending, "max_pending");
    room.allow(limits.max_submit, 0, "max_submit");
    outlook.headroom = room.pilots;
    outlook.limit = room.limit;
}

void set_budget(Outlooks& outlooks, const Policy& policy) {
    model::PilotCount all;
    for (const auto& outlook : outlooks.entries) {
        if (outlook.count) {
            add(all, *outlook.count);
        }
    }
    Room room;
    room.allow(policy.max_pilots, existing(all), "max_pilots over all entries");
    room.allow(policy.max_pending, all.pending, "max_pending over all entries");
    room.allow(policy.max_submit, 0, "max_submit over all entries");
    outlooks.budget = room.pilots;
    outlooks.budget_limit = room.limit;
}

}  // namespace

bool is_stale(const std::optional<base::Time>& observed_at, const Policy& policy, base::Time now) {
    return observed_at && now - *observed_at > policy.max_age;
}

Outlooks look_at(const Situation& situation, const Policy& policy, base::Time now) {
    const auto counts = sum_counts(situation.counts);
    std::map<std::string, const model::Entry*> entries;
    Outlooks result;
    for (const auto& entry : situation.entries) {
        const auto [place, is_first] = entries.insert_or_assign(entry.name, &entry);
        if (!is_first) {
            result.warnings.push_back(
                fmt::format("entry {} stands more than once: the last one counts", entry.name));
        }
    }
    for (const auto& [name, entry] : entries) {
        Outlook outlook;
        outlook.entry = entry;
        if (const auto count = counts.find(name); count != counts.end()) {
            outlook.count = count->second;
        }
        outlook.blocked = why_blocked(outlook, situation, policy, now);
        outlook.keep = why_keep(outlook, situation, policy, now);
        set_headroom(outlook);
        result.entries.push_back(std::move(outlook));
    }
    set_budget(result, policy);
    return result;
}

}  // namespace tow::plan
