// One event of a job, as HTCondor's event logs tell of it in any of their three languages.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tow::pilotlog {

// Numbers of events that tell something of a pilot's life (ULogEventNumber).
constexpr int kSubmit = 0;
constexpr int kExecute = 1;
constexpr int kExecutableError = 2;
constexpr int kEvicted = 4;
constexpr int kTerminated = 5;
constexpr int kShadowException = 7;
constexpr int kGeneric = 8;
constexpr int kAborted = 9;
constexpr int kHeld = 12;
constexpr int kReleased = 13;
constexpr int kGlobusSubmit = 17;
constexpr int kGlobusUp = 19;
constexpr int kGlobusDown = 20;
constexpr int kRemoteError = 21;
constexpr int kDisconnected = 22;
constexpr int kReconnected = 23;
constexpr int kReconnectFailed = 24;
constexpr int kResourceUp = 25;
constexpr int kResourceDown = 26;
constexpr int kGridSubmit = 27;
constexpr int kAdInformation = 28;
constexpr int kStatusUnknown = 29;
constexpr int kStatusKnown = 30;

// "SubmitEvent"; empty for a number that HTCondor did not have when this was written.
std::string_view event_name(int number) noexcept;

// Texts are good while the event is being looked at. Absent fields are empty or nothing.
struct JobEvent {
    int number = -1;
    std::uint64_t offset = 0;  // where it begins, from where its log began to be read
    std::int64_t cluster = -1;
    std::int64_t proc = -1;
    std::int64_t subproc = -1;
    base::Time at;
    std::string_view message;  // what stands behind the time; of text logs only
    std::string_view body;     // the lines below it, as written; of text logs only
    std::string_view host;     // of kSubmit: the schedd; of kExecute: where it runs
    std::string_view slot;
    std::string_view reason;  // why it was held, aborted, released, ...
    std::string_view grid_resource;
    std::string_view grid_job_id;
    std::optional<std::int64_t> exit_code;
    std::optional<std::int64_t> signal;
    std::optional<std::int64_t> code;  // HoldReasonCode, of kHeld and kRemoteError
    std::optional<std::int64_t> subcode;
    std::vector<std::pair<std::string_view, std::string_view>> attributes;  // of kAdInformation
};

// Fills what the message and the body of an event from a text log tell.
void read_text_details(JobEvent& event);

}  // namespace tow::pilotlog
