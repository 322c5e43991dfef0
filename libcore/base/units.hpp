// Durations and sizes as people write them. One parser each, one error text each.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tow::base {

// "90s", "5m", "2h30m", "1d", "0.2s", "250ms"; a bare number is seconds. Error{Usage} otherwise.
std::chrono::milliseconds parse_duration(std::string_view text);

// "2GiB", "500MB", "16 GiB"; a bare number is bytes. A lone "G" is refused: it could be either.
// Error{Usage} otherwise.
std::int64_t parse_bytes(std::string_view text);

// Ages and durations for tables: "42s", "5m", "3h12m", "2d4h". Two units at the most.
std::string format_duration(std::chrono::seconds duration);

// Sizes for tables: "512B", "1.5KiB", "16GiB". At most one digit behind the point.
std::string format_bytes(std::int64_t bytes);

}  // namespace tow::base
