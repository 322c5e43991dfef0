// How fast pilots may be handed over, and to whom not for a while.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "store/database.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace tow::fleet {

// So many pilots a second to one batch system.
class Pace {
  public:
    Pace() = default;  // as fast as they take them
    explicit Pace(double pilots_per_second) : per_second_(pilots_per_second) {}

    // How many of those left may go in one call.
    std::size_t share(std::size_t left) const;

    // Waits until the batch system may get count more. Ends early as stop.hpp says.
    void wait(const std::string& system, std::size_t count);

  private:
    using Clock = std::chrono::steady_clock;

    std::optional<double> per_second_;
    std::map<std::string, Clock::time_point> next_;
};

// Batch systems that said they were full, in the state file: left alone for a minute, then twice as
// long each time they say so again, up to 16 minutes; the first pilot they take ends it.
class Pauses {
  public:
    explicit Pauses(const store::Database& database) : database_(database) {}

    // Error{Busy} with what the batch system had said, if a pause lasts.
    std::optional<base::Error> of(const std::string& system, base::Time now) const;

    void begin(const std::string& system, const base::Error& why, base::Time now);
    void end(const std::string& system);

  private:
    const store::Database& database_;
};

}  // namespace tow::fleet
