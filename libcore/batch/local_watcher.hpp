// The process between aerotow and a local pilot: starts it, enforces its wall time, passes on the
// wish to end, and writes down how it ended. It outlives the run that started it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace tow::batch {

struct WatchedCommand {
    std::string pilot;
    std::string entry;
    std::string folder;
    std::vector<std::string> argv;
    std::vector<std::string> environment;  // "NAME=value", added to ours
    std::optional<std::chrono::seconds> walltime;
    std::chrono::seconds grace{30};
};

// What identifies a process beyond its number, which is used again: when it began (clock ticks
// since the boot of this id).
struct ProcessIdentity {
    pid_t pid = 0;
    std::string start_ticks;
    std::string boot;

    friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

// Nothing if there is no such process (a zombie is none).
std::optional<ProcessIdentity> identify(pid_t pid);

enum class Start {
    Running,
    Refused,        // the command cannot be executed; error_number says why
    ClaimedBefore,  // this pilot was started, or forbidden, before
    Unknown,        // the watcher died without a word
};

struct StartResult {
    Start start = Start::Unknown;
    int error_number = 0;
    pid_t watcher = 0;
};

// Starts a watcher in a session of its own and returns when it has claimed the folder and started
// the command, or could not. The caller must have no threads.
StartResult start_watched(const WatchedCommand& command);

// Makes the claim of a folder with this content; false if there is one. It appears whole or not at
// all, so that whoever finds it can read it.
bool make_claim(const std::string& folder, std::string_view content);

}  // namespace tow::batch
