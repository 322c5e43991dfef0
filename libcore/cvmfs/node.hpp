// The mounts of this node, one after the other judged, all of them looked at at once.
#pragma once

#include "cvmfs/client_config.hpp"
#include "cvmfs/mount.hpp"
#include "cvmfs/report.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace tow::cvmfs {

struct NodeOptions {
    std::vector<std::string> repositories;  // empty: those that are mounted
    std::string base = "/cvmfs";            // where they are mounted
    std::vector<std::string> files;         // to be read: "path", or "repository:path"

    // How the client is configured for a repository, which is looked at, too; empty: it is not.
    std::function<ClientConfig(const std::string& repository)> config;
    std::chrono::milliseconds limit{2000};  // for looking at the mounts
};

struct Look {
    MountFacts facts;
    Report report;
};

// Error{NotFound} if no repository is named and none is mounted. The thresholds must outlive the
// result.
std::vector<Look> look_at_node(const NodeOptions& options, const Thresholds& thresholds,
                               base::Time now);

Findings findings_of(const std::vector<Look>& looks);

}  // namespace tow::cvmfs
