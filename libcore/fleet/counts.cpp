#include "fleet/counts.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace tow::fleet {

namespace {

using model::PilotState;

using Key = std::pair<std::string, std::optional<std::string>>;

Key key_of(const model::Pilot& pilot) {
    return {pilot.entry, pilot.group};
}

void count(const model::Pilot& pilot, base::Time now, model::PilotCount& count) {
    switch (pilot.state) {
        case PilotState::Intended:
        case PilotState::Submitted:
        case PilotState::Pending:
            ++count.pending;
            if (pilot.submitted_at) {
                const auto age = now - *pilot.submitted_at;
                count.oldest_pending = std::max(count.oldest_pending.value_or(age), age);
            }
            break;
        case PilotState::Running:
            ++count.running;
            if (pilot.started_at) {
                const auto start = *pilot.started_at;
                count.newest_start_at = std::max(count.newest_start_at.value_or(start), start);
            }
            break;
        case PilotState::Held:
            ++count.held;
            break;
        case PilotState::Removing:
            ++count.removing;
            break;
        default:
            break;
    }
}

// When the room that this slot has is gone: with the slot, or with the pilot around it.
std::optional<base::Time> end_of(const model::Slot& slot, const model::Pilot& pilot) {
    if (slot.ends_at && pilot.expires_at) {
        return std::min(*slot.ends_at, *pilot.expires_at);
    }
    return slot.ends_at ? slot.ends_at : pilot.expires_at;
}

void add_idle(model::Resources room, std::vector<model::IdleSlot>& slots) {
    const auto same = std::ranges::find(slots, room, &model::IdleSlot::free);
    if (same != slots.end()) {
        ++same->count;
    } else {
        slots.push_back({room, 1});
    }
}

void count_slot(const model::Slot& slot, const model::Pilot& pilot, base::Time now,
                model::PilotCount& count) {
    if (slot.is_busy) {
        *count.busy_cores += slot.room.cpus;
        return;
    }
    *count.idle_cores += slot.room.cpus;
    auto room = slot.room;
    if (const auto end = end_of(slot, pilot)) {
        // In whole minutes, so that slots alike are counted together.
        const auto left = std::chrono::floor<std::chrono::minutes>(*end - now);
        room.walltime = std::max(left, std::chrono::minutes{0});
    }
    if (slot.takes_jobs && room.cpus > 0 && room.walltime != std::chrono::seconds{0}) {
        add_idle(room, count.idle_slots);
    }
}

using Counts = std::map<Key, model::PilotCount>;

void count_slots(const std::vector<Row>& living, const std::vector<model::Slot>& slots,
                 base::Time now, Counts& counts) {
    std::map<std::string_view, const model::Pilot*> running;
    for (const auto& row : living) {
        if (row.pilot.state == PilotState::Running) {
            running.emplace(row.pilot.id, &row.pilot);
        }
    }
    for (auto& [key, value] : counts) {
        value.busy_cores = value.idle_cores = value.connected = 0;
    }
    std::set<std::string_view> connected;
    for (const auto& slot : slots) {
        const auto pilot = running.find(slot.pilot);
        if (pilot == running.end()) {  // another factory's, or it is just going
            continue;
        }
        auto& its_count = counts[key_of(*pilot->second)];
        count_slot(slot, *pilot->second, now, its_count);
        if (connected.insert(pilot->first).second) {
            ++*its_count.connected;
        }
    }
}

}  // namespace

std::vector<model::PilotCount> count_pilots(const std::vector<Row>& living,
                                            const std::vector<std::string>& entries,
                                            const std::vector<model::Slot>* slots, base::Time now) {
    Counts counts;
    for (const auto& entry : entries) {
        counts[{entry, std::nullopt}];
    }
    for (const auto& row : living) {
        count(row.pilot, now, counts[key_of(row.pilot)]);
    }
    if (slots != nullptr) {
        count_slots(living, *slots, now, counts);
    }
    std::vector<model::PilotCount> result;
    for (auto& [key, value] : counts) {
        value.entry = key.first;
        value.group = key.second;
        value.observed_at = now;
        result.push_back(std::move(value));
    }
    return result;
}

std::set<std::string> idle_pilots(const std::vector<model::Slot>& slots) {
    std::set<std::string> idle;
    std::set<std::string> busy;
    for (const auto& slot : slots) {
        (slot.is_busy ? busy : idle).insert(slot.pilot);
    }
    std::erase_if(idle, [&](const std::string& pilot) { return busy.contains(pilot); });
    return idle;
}

}  // namespace tow::fleet
