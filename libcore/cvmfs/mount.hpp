// What a mount looks like from outside, found out by a process of its own: one that hangs is left
// behind, and its hanging is what was found.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::cvmfs {

constexpr std::uint64_t kFuseMagic = 0x65735546;  // f_type of statfs(2)

struct MountProbe {
    std::string repository;
    std::string path;                      // of the mountpoint
    std::vector<std::string> files;        // to be read, below it; none: the first one in its root
    std::optional<std::string> cache_dir;  // also looked at, where it can be
};

struct FileRead {
    std::string path;
    std::int64_t bytes = 0;
    int error = 0;  // errno
};

struct MountFacts {
    std::string repository;
    std::string path;
    std::optional<std::string> hung_at;  // what was under way when the time was up
    double seconds = 0;                  // that all of it took

    int open_error = 0;                        // errno of opening the mountpoint; 0: it was opened
    std::optional<std::uint64_t> file_system;  // f_type
    std::uint64_t block_bytes = 0;
    std::uint64_t blocks = 0;  // the quota of the cache, as clients tell it
    std::uint64_t blocks_free = 0;
    std::map<std::string, std::string> attributes;  // without "user."; only those that are there
    std::optional<std::int64_t> entries;            // names in its root, at most 1000
    std::vector<FileRead> files;

    std::optional<double> cache_free_ratio;             // of the disk where the cache is
    std::optional<std::int64_t> stacktrace_written_at;  // unix time
    bool is_paused = false;                             // a reload has not ended
    std::optional<int> socket_error;            // errno of connecting to the client; 0: none
    std::optional<std::uint64_t> memory_bytes;  // that the client takes

    std::optional<std::int64_t> number(std::string_view attribute_name) const;
    std::optional<std::string> attribute(std::string_view name) const;
};

// All of them at once, each in its own process. Takes no longer than the limit, whatever hangs.
std::vector<MountFacts> probe_mounts(const std::vector<MountProbe>& probes,
                                     std::chrono::milliseconds limit);

// The repositories that are mounted below a directory, by /proc/self/mounts as it was read.
std::vector<std::string> mounted_repositories(std::string_view mounts, std::string_view base);

}  // namespace tow::cvmfs
