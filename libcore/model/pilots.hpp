// The record types about pilots on their way: pilot, pilot_count.
#pragma once

#include "base/clock.hpp"
#include "model/resources.hpp"
#include "record/value.hpp"
#include "record/view.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::model {

enum class PilotState {
    Intended,   // in the journal, not known to the batch system
    Submitted,  // handed over, not yet seen there
    Pending,
    Running,
    Held,
    Removing,
    Done,    // ended by itself with exit code 0
    Failed,  // ended in any other way
    Lost,    // gone from the batch system without a word
};

std::string_view state_name(PilotState state) noexcept;
std::optional<PilotState> pilot_state(std::string_view name) noexcept;

constexpr bool has_ended(PilotState state) noexcept {
    return state >= PilotState::Done;
}

struct Pilot {
    std::string id;  // a ULID; also the tag in the batch system
    std::string entry;
    std::optional<std::string> group;
    PilotState state = PilotState::Intended;
    std::optional<std::string> backend_id;
    std::optional<base::Time> submitted_at;
    std::optional<base::Time> started_at;
    std::optional<base::Time> ended_at;
    std::optional<base::Time> expires_at;  // the end of its wall time
    std::optional<std::int64_t> exit_code;
    std::optional<std::int64_t> hold_code;  // while it is held; HTCondor's numbers
    std::optional<std::string> reason;
    std::optional<std::string> request;  // the ULID of the request that asked for it

    friend bool operator==(const Pilot&, const Pilot&) = default;
};

Pilot read_pilot(record::View record);
record::Object to_record(const Pilot& pilot, base::Time observed_at);

// Room on running pilots that no job uses.
struct IdleSlot {
    Resources free;  // walltime is what remains of the pilot's life
    std::int64_t count = 1;
};

struct PilotCount {
    std::string entry;
    std::optional<std::string> group;
    std::int64_t pending = 0;  // intended, submitted and pending
    std::int64_t running = 0;
    std::int64_t held = 0;
    std::int64_t removing = 0;
    std::optional<std::int64_t> connected;  // running ones of which the pool shows slots
    std::optional<std::int64_t> busy_cores;
    std::optional<std::int64_t> idle_cores;
    std::vector<IdleSlot> idle_slots;
    std::optional<std::chrono::seconds> oldest_pending;
    std::optional<base::Time> newest_start_at;
    std::optional<base::Time> observed_at;
};

PilotCount read_pilot_count(record::View record);
record::Object to_record(const PilotCount& count);

}  // namespace tow::model
