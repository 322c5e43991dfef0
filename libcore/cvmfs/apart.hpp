// Work that may hang in the kernel, done by processes of its own that nobody waits for longer than
// they may take. Not even SIGKILL ends one in uninterruptible sleep: it is left behind.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace tow::cvmfs {

struct Said {
    std::string text;      // all that it wrote
    bool is_done = false;  // it ended by itself
    double seconds = 0;    // that it took
};

// Runs in a child that holds no descriptor but the one it writes to, and whose standard streams are
// /dev/null. Must not throw; its end is that of the child.
using Job = std::function<void(int output)>;

// All of them at once; ends when they have, or when the time is up.
std::vector<Said> run_apart(const std::vector<Job>& jobs, std::chrono::milliseconds limit);

}  // namespace tow::cvmfs
