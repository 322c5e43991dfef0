// Dates as HTCondor writes them at the beginning of a line: with or without a year, a zone, or
// parts of a second.
#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace tow::pilotlog {

// What a log leaves to whoever reads it.
struct LogClock {
    // Dates without a year are of the last year in which they were not after this.
    base::Time now;
    // Times without a zone are so far east of UTC.
    std::chrono::seconds zone{0};
};

// Takes "05/22 18:28:20", "11/21/26 19:55:43", "2026-11-21 19:49:32.123Z", "2026-11-21T19:49:32"
// and the like off the front. Nothing, and nothing taken, if it is anything else.
std::optional<base::Time> take_stamp(std::string_view& text, const LogClock& clock) noexcept;

// "+01:00", "-0500", "Z". Error{Usage} otherwise.
std::chrono::seconds parse_zone(std::string_view text);

}  // namespace tow::pilotlog
