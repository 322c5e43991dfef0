// What a server tells of its own work: snapshots, checks, garbage collection, locations.
#pragma once

#include "cvmfs/report.hpp"
#include "cvmfs_server/status.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>

namespace tow::cvmfs_server {

// What came from the server for each of its files.
struct Housekeeping {
    const cvmfs::Subject& subject;
    const std::optional<ServedRepository>& listed;
    const http::Response& status;         // .cvmfs_status.json
    const http::Response& last_snapshot;  // .cvmfs_last_snapshot
    const http::Response& snapshotting;   // .cvmfs_is_snapshotting
    const http::Response& master;         // .cvmfs_master_replica
    const http::Response& geo;            // not asked for: no status and no error
    bool collects_garbage = false;
};

void judge_housekeeping(cvmfs::Report& report, const Housekeeping& what);

// A replica that has nothing but a snapshot that runs.
void judge_first_snapshot(cvmfs::Report& report, const cvmfs::Subject& subject,
                          const http::Response& snapshotting);

// Asks which of three servers is nearest to a host: its own, and two that are far apart.
std::string geo_path(const std::string& host, const std::string& server_url);

}  // namespace tow::cvmfs_server
