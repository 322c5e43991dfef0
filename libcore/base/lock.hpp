// One run at a time, by flock(2): the lock goes with the process, however it ends.
#pragma once

#include "base/file.hpp"

#include <chrono>
#include <string>

namespace tow::base {

class FileLock {
  public:
    // Waits up to wait for the lock; then Error{Busy} that names the holder.
    FileLock(const std::string& path, std::chrono::milliseconds wait);

  private:
    UniqueFd fd_;  // close-on-exec: a child must not keep the lock
};

// Whether somebody holds the lock. To look takes a share of it for some microseconds: who must not
// be disturbed waits a little, even if told not to.
bool is_locked(const std::string& path);

}  // namespace tow::base
