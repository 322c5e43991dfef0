// The state file and its schema: pilots, what they used, what decisions leave to the next one, and
// what operators set aside; the history of tow-run.
#pragma once

#include "base/clock.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tow::fleet {

// Creates directory and file if they are to be written. Error{NotFound} if they are to be read and
// do not exist.
store::Database open_state(const std::string& state_directory, store::Access access);

bool state_exists(const std::string& state_directory);

// Times stand in the file as seconds since 1970.
std::int64_t to_seconds(base::Time time) noexcept;
std::optional<std::int64_t> to_seconds(const std::optional<base::Time>& time) noexcept;
base::Time from_seconds(std::int64_t seconds_since_1970) noexcept;
std::optional<base::Time> from_seconds(
    const std::optional<std::int64_t>& seconds_since_1970) noexcept;

}  // namespace tow::fleet
