#include "plan/spill.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::plan {

SpillOrder::SpillOrder(const Terms& terms, const CapBook& caps, std::vector<Outlook>& outlooks,
                       base::Time now)
    : places_(outlooks.size()) {
    for (std::size_t s = 0; s < terms.spills.size(); ++s) {
        const auto& spill = terms.spills[s];
        for (std::size_t stage = 0; stage < spill.stages.size(); ++stage) {
            for (const auto e : spill.stages[stage].entries) {
                decide_full(spill, outlooks[e], now);
                places_[e] = {s, stage, outlooks[e].blocked.empty()};
            }
        }
        open_stages(spill, caps, outlooks);
        for (const auto& stage : spill.stages) {
            for (const auto e : stage.entries) {
                if (outlooks[e].next.is_full && outlooks[e].blocked.empty()) {
                    outlooks[e].blocked =
                        fmt::format("{}: the entry is full, its pilots wait", spill.name);
                    outlooks[e].headroom = 0;
                }
            }
        }
    }
}

void SpillOrder::decide_full(const SpillTerms& terms, Outlook& outlook, base::Time now) const {
    if (!outlook.is_seen) {
        return;
    }
    const auto& count = outlook.count;
    const bool looks_full =
        count.pending >= terms.min_full_pending &&
        count.oldest_pending.value_or(std::chrono::seconds{0}) > terms.full_after &&
        count.newest_start_at.value_or(base::Time{}) < now - terms.quiet_for;
    auto& next = outlook.next;
    next.other_looks = looks_full == next.is_full ? 0 : next.other_looks + 1;
    if (next.other_looks >= terms.looks) {
        next.is_full = looks_full;
        next.other_looks = 0;
    }
}

void SpillOrder::open_stages(const SpillTerms& terms, const CapBook& caps,
                             const std::vector<Outlook>& outlooks) {
    std::string closed;  // why the stages from here on are
    auto& reasons = closed_.emplace_back();
    for (std::size_t stage = 0; stage < terms.stages.size(); ++stage) {
        reasons.push_back(closed);
        std::int64_t running = 0;
        for (const auto e : terms.stages[stage].entries) {
            const auto& outlook = outlooks[e];
            running += outlook.count.running;
            const bool has_room = places_[e].is_usable && !outlook.next.is_full &&
                                  outlook.headroom > 0 && caps.room_for(e) > 0;
            if (has_room && closed.empty()) {
                closed = fmt::format("{}: {} is not full", terms.name, outlook.terms->entry.name);
            }
        }
        const auto& enough = terms.stages[stage].enough;
        if (enough && running >= *enough && closed.empty()) {
            closed = fmt::format("{}: {} run in stage {}, {} are enough", terms.name, running,
                                 stage + 1, *enough);
        }
    }
}

bool SpillOrder::is_open(std::size_t entry, const std::vector<std::uint32_t>& entries) const {
    const auto& place = places_[entry];
    if (place.spill == kNone || closed_[place.spill][place.stage].empty()) {
        return true;
    }
    return std::ranges::none_of(entries, [&](std::uint32_t other) {
        const auto& earlier = places_[other];
        return earlier.spill == place.spill && earlier.stage < place.stage && earlier.is_usable;
    });
}

const std::string& SpillOrder::why_closed(std::size_t entry) const {
    static const std::string open;
    const auto& place = places_[entry];
    return place.spill == kNone ? open : closed_[place.spill][place.stage];
}

}  // namespace tow::plan
