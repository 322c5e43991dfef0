// Servers of the same repository beside each other: who lags, and since when.
#pragma once

#include "cvmfs/report.hpp"
#include "cvmfs_server/inspection.hpp"

#include <vector>

namespace tow::cvmfs_server {

// What is known of one server of a repository; its report gets what comes of the comparison.
struct Compared {
    const Replica* replica;
    cvmfs::Report* report;
};

// All of one repository. The newest manifest that is verified is what the others should have.
void compare(const std::vector<Compared>& servers);

}  // namespace tow::cvmfs_server
