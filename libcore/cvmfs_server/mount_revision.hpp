// Mounts against the servers they use: what is published that a mount does not show.
#pragma once

#include "cvmfs/node.hpp"
#include "http/client.hpp"

#include <vector>

namespace tow::cvmfs_server {

// Asks the server of each mount, through the proxy of that mount. What cannot be asked because a
// mount does not answer is left out.
void judge_revisions(std::vector<cvmfs::Look>& looks, const http::ClientOptions& client);

}  // namespace tow::cvmfs_server
