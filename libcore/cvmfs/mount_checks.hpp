// What is wrong with a mount, by what was seen of it.
#pragma once

#include "cvmfs/client_config.hpp"
#include "cvmfs/mount.hpp"
#include "cvmfs/report.hpp"

namespace tow::cvmfs {

// Whether there is a mount, the right one, that answers and can be read; errors, updates, cache and
// descriptors. All that a pilot needs.
void judge_mount(Report& report, const MountFacts& facts);

// What is in use against what is configured: proxies, servers, limits.
void judge_configuration(Report& report, const MountFacts& facts, const ClientConfig& config);

// For people: "revision 4, version 2.12.0.0".
std::string mount_summary(const MountFacts& facts);

}  // namespace tow::cvmfs
