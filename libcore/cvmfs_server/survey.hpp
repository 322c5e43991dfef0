// All repositories at all servers, and through all proxies: one run, compared with each other.
#pragma once

#include "cvmfs/report.hpp"
#include "cvmfs_server/options.hpp"

namespace tow::cvmfs_server {

cvmfs::Findings survey(const Options& options);

}  // namespace tow::cvmfs_server
