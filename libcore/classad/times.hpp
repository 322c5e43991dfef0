// Absolute and relative times as ClassAds write and read them. Internal.
#pragma once

#include "classad/value.hpp"

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace tow::classad {

// "2020-02-29T12:34:56+01:00" and less: missing parts count as zero, impossible ones are carried,
// and without a zone the local one is meant. Nothing if there is no year.
std::optional<AbsoluteTime> parse_absolute_time(std::string_view text) noexcept;

// "1+02:03:04.5", "90", "-3:00", "1d2h3m4s"; seconds.
std::optional<double> parse_relative_time(std::string_view text) noexcept;

std::string format_absolute_time(AbsoluteTime time);
std::string format_relative_time(double seconds);

// The time of day and date at its own offset; zero where the year does not fit.
std::tm broken_down(AbsoluteTime time) noexcept;

// The same in the zone of this process.
std::tm broken_down_here(std::int64_t seconds) noexcept;

// Seconds east of UTC, here, at that time.
std::int32_t local_offset(std::int64_t seconds) noexcept;

// Days, hours, minutes and seconds of a relative time; the first that is not zero has the sign.
struct RelativeParts {
    std::int64_t days = 0;
    int hours = 0;
    int minutes = 0;
    double seconds = 0;
};

RelativeParts split_relative_time(double seconds) noexcept;

}  // namespace tow::classad
