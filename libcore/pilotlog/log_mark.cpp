#include "pilotlog/log_mark.hpp"

#include "base/hash.hpp"

#include <algorithm>
#include <chrono>
#include <unistd.h>

namespace tow::pilotlog {

namespace {

constexpr std::size_t kFirst = 1024;
constexpr std::size_t kBefore = 256;
constexpr std::chrono::hours kOutputComes{24};

// Empty if there is less.
std::string bytes_at(int fd, std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '\0');
    const auto count = ::pread(fd, bytes.data(), size, static_cast<off_t>(offset));
    return count == static_cast<ssize_t>(size) ? bytes : std::string();
}

std::string bytes_before(int fd, std::uint64_t offset) {
    const auto size = std::min<std::uint64_t>(kBefore, offset);
    return bytes_at(fd, offset - size, size);
}

}  // namespace

std::optional<std::string> log_identity(int fd) {
    const auto first = bytes_at(fd, 0, kFirst);
    return first.empty() ? std::nullopt : std::optional{base::hash_hex(first)};
}

std::optional<LogMark> make_mark(int fd, std::uint64_t offset) {
    const auto log = log_identity(fd);
    const auto before = bytes_before(fd, offset);
    if (!log || before.empty()) {
        return std::nullopt;
    }
    return LogMark{*log, base::hash_hex(before), offset};
}

bool fits(const LogMark& mark, int fd) {
    const auto before = bytes_before(fd, mark.offset);
    return !before.empty() && base::hash_hex(before) == mark.before;
}

std::uint64_t first_needed(const std::vector<JobFacts>& jobs, std::uint64_t end, base::Time now) {
    for (const auto& job : jobs) {
        if (job.end == JobEnd::None || !job.ended_at || *job.ended_at > now - kOutputComes) {
            end = std::min(end, job.log_offset);
        }
    }
    return end;
}

}  // namespace tow::pilotlog
