// Dates as date(1), HTTP servers and the client's log write them.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string_view>

namespace tow::cvmfs {

// "Sat Nov 21 18:20:00 UTC 2026", "Sat 21 Nov 2026 06:20:05 PM UTC", "Sa 21. Nov 18:20:05 UTC
// 2026", "Sat, 21 Nov 2026 18:20:00 GMT": month, day, time, year, in any order and in the language
// of the server. Nothing if one is missing or it is not in UTC.
std::optional<base::Time> parse_date(std::string_view text);

}  // namespace tow::cvmfs
