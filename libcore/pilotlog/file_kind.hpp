// What kind of log a file is, by its first bytes; its name only tells standard error from output.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tow::pilotlog {

enum class FileKind {
    Output,    // of a pilot
    Error,     // its standard error
    Daemon,    // a log of HTCondor's daemons on the node
    Events,    // a job event log
    JobAds,    // of condor_q or condor_history
    JobQueue,  // the schedd's job queue log
    Sacct,
    SacctJson,
    Text,   // that may be a pilot's output, if somebody says so
    Other,  // what tells nothing of a pilot
};

constexpr std::size_t kKindBytes = 4096;  // as much is looked at

FileKind kind_of(std::string_view first_bytes, std::string_view name) noexcept;

// The path without what tells output from error: of both the same. For daemons, their folder.
std::string pilot_key(std::string_view path, FileKind kind);

// Of a key: the last part of it.
std::string_view last_part(std::string_view path) noexcept;

}  // namespace tow::pilotlog
