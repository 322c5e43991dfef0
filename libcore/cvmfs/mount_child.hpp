// The half of a look at a mount that may hang. Only mount.cpp uses it.
#pragma once

#include "cvmfs/mount.hpp"

namespace tow::cvmfs {

// Says what it sees on the descriptor, as texts that end in NUL, keys and values in turn; before
// each step that may hang "begin" and its name.
[[noreturn]] void look_at_mount(const MountProbe& probe, int output) noexcept;

}  // namespace tow::cvmfs
