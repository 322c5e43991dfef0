// Numbers and words picked out of lines. Internal.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace tow::pilotlog {

// What stands behind the first appearance of the word, without blanks; empty if it does not appear.
std::string_view text_after(std::string_view text, std::string_view word) noexcept;

// The number there. Nothing if there is none.
std::optional<std::int64_t> number_after(std::string_view text, std::string_view word) noexcept;
std::optional<double> real_after(std::string_view text, std::string_view word) noexcept;

// Seconds since 1970 in parentheses: "Fri Jun 24 04:05:25 CEST 2022 (1656036325)".
std::optional<base::Time> epoch_in(std::string_view text) noexcept;

}  // namespace tow::pilotlog
