// Points in time: RFC 3339 in UTC, whole seconds. Nothing here knows time zones.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tow::base {

using Time = std::chrono::sys_time<std::chrono::seconds>;

// The wall clock, or $TOW_NOW (RFC 3339) if that is set; for tests and replays.
Time wall_clock();
std::int64_t wall_clock_ms();  // the same in milliseconds since 1970

// "2026-11-21T19:30:00Z"
std::string format_time(Time time);

// RFC 3339: 'T' or a blank between date and time, 'Z' or an offset; fractions of a second are cut.
// Nothing if the text is anything else, or names no real instant.
std::optional<Time> parse_rfc3339(std::string_view text) noexcept;

// What people type: RFC 3339, "now", or a duration before now ("-2h"). Error{Usage} otherwise.
Time parse_time(std::string_view text, Time now);

// The end of something: RFC 3339, or a duration from now ("4h"). Error{Usage} otherwise, and for
// what is not after now.
Time parse_end(std::string_view text, Time now);

}  // namespace tow::base
