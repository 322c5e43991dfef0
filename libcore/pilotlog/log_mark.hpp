// Where an event log is to be read on. The log is known by its content, so that it is found again
// when it has been rotated or copied, and not mistaken for one that has taken its name.
#pragma once

#include "base/clock.hpp"
#include "pilotlog/job.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::pilotlog {

struct LogMark {
    std::string log;           // what its first bytes are
    std::string before;        // what stands before the offset
    std::uint64_t offset = 0;  // everything before it is done with
};

// Nothing if the log is so short that it had better be read whole.
std::optional<std::string> log_identity(int fd);

std::optional<LogMark> make_mark(int fd, std::uint64_t offset);

// Whether the log still has, before the offset, what it had: it was not truncated and written anew.
bool fits(const LogMark& mark, int fd);

// Where the first job begins that lives, or ended so lately that its output may still come.
std::uint64_t first_needed(const std::vector<JobFacts>& jobs, std::uint64_t end, base::Time now);

}  // namespace tow::pilotlog
