#include "model/pilots.hpp"

#include "model/fields.hpp"

#include <algorithm>
#include <array>

namespace tow::model {

namespace {

constexpr std::array<std::string_view, 9> kStates{
    "intended", "submitted", "pending", "running", "held", "removing", "done", "failed", "lost"};

void set_time(record::Object& object, std::string_view key, const std::optional<base::Time>& time) {
    if (time) {
        object.set(key, base::format_time(*time));
    }
}

IdleSlot read_idle_slot(const Fields& fields) {
    IdleSlot slot{read_resources(fields), fields.known_count("count").value_or(1)};
    slot.free.walltime = fields.known_seconds("remaining_seconds");
    return slot;
}

record::Object to_object(const IdleSlot& slot) {
    auto free = slot.free;
    free.walltime.reset();
    auto object = to_object(free);
    if (slot.free.walltime) {
        object.set("remaining_seconds", std::int64_t{slot.free.walltime->count()});
    }
    object.set("count", slot.count);
    return object;
}

}  // namespace

std::string_view state_name(PilotState state) noexcept {
    return kStates[static_cast<std::size_t>(state)];
}

std::optional<PilotState> pilot_state(std::string_view name) noexcept {
    const auto* found = std::ranges::find(kStates, name);
    return found == kStates.end() ? std::nullopt
                                  : std::optional{static_cast<PilotState>(found - kStates.begin())};
}

Pilot read_pilot(record::View record) {
    const Fields fields(record);
    Pilot pilot;
    pilot.id = fields.text("pilot");
    pilot.entry = fields.text("entry");
    pilot.group = fields.known_text("group");
    const auto state = pilot_state(fields.text("state"));
    if (!state) {
        fields.reject("state", "expected the name of a state of pilots");
    }
    pilot.state = *state;
    pilot.backend_id = fields.known_text("backend_id");
    pilot.submitted_at = fields.known_time("submitted_at");
    pilot.started_at = fields.known_time("started_at");
    pilot.ended_at = fields.known_time("ended_at");
    pilot.expires_at = fields.known_time("expires_at");
    pilot.exit_code = fields.known_integer("exit_code");
    pilot.hold_code = fields.known_integer("hold_code");
    pilot.reason = fields.known_text("reason");
    pilot.request = fields.known_text("request");
    return pilot;
}

record::Object to_record(const Pilot& pilot, base::Time observed_at) {
    auto result = record::new_record("pilot");
    result.set("pilot", pilot.id);
    result.set("entry", pilot.entry);
    result.set_known("group", pilot.group);
    result.set("state", state_name(pilot.state));
    result.set_known("backend_id", pilot.backend_id);
    set_time(result, "submitted_at", pilot.submitted_at);
    set_time(result, "started_at", pilot.started_at);
    set_time(result, "ended_at", pilot.ended_at);
    set_time(result, "expires_at", pilot.expires_at);
    result.set_known("exit_code", pilot.exit_code);
    result.set_known("hold_code", pilot.hold_code);
    result.set_known("reason", pilot.reason);
    result.set_known("request", pilot.request);
    result.set("observed_at", base::format_time(observed_at));
    return result;
}

PilotCount read_pilot_count(record::View record) {
    const Fields fields(record);
    PilotCount count;
    count.entry = fields.text("entry");
    count.group = fields.known_text("group");
    count.pending = fields.count("pending");
    count.running = fields.count("running");
    count.held = fields.known_count("held").value_or(0);
    count.removing = fields.known_count("removing").value_or(0);
    count.connected = fields.known_count("connected");
    count.busy_cores = fields.known_count("busy_cores");
    count.idle_cores = fields.known_count("idle_cores");
    for (const auto& slot : fields.list("idle_slots")) {
        count.idle_slots.push_back(read_idle_slot(slot));
    }
    count.oldest_pending = fields.known_seconds("oldest_pending_seconds");
    count.newest_start_at = fields.known_time("newest_start_at");
    count.observed_at = fields.known_time("observed_at");
    return count;
}

record::Object to_record(const PilotCount& count) {
    auto result = record::new_record("pilot_count");
    result.set("entry", count.entry);
    result.set_known("group", count.group);
    result.set("pending", count.pending);
    result.set("running", count.running);
    result.set("held", count.held);
    result.set("removing", count.removing);
    result.set_known("connected", count.connected);
    result.set_known("busy_cores", count.busy_cores);
    result.set_known("idle_cores", count.idle_cores);
    if (!count.idle_slots.empty()) {
        record::Array slots;
        for (const auto& slot : count.idle_slots) {
            slots.emplace_back(to_object(slot));
        }
        result.set("idle_slots", std::move(slots));
    }
    if (count.oldest_pending) {
        result.set("oldest_pending_seconds", std::int64_t{count.oldest_pending->count()});
    }
    set_time(result, "newest_start_at", count.newest_start_at);
    set_time(result, "observed_at", count.observed_at);
    return result;
}

}  // namespace tow::model
