// What a server says of itself: status files and the list of its repositories.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::cvmfs_server {

// .cvmfs_status.json; what is absent or unreadable is not there.
struct ServerStatus {
    std::optional<base::Time> last_snapshot;
    std::optional<base::Time> last_gc;
    std::optional<base::Time> last_check;
    std::optional<bool> check_succeeded;
    std::vector<std::string> unreadable;  // keys whose date cannot be read
};

// Nothing if it is no JSON object.
std::optional<ServerStatus> parse_status(std::string_view json);

struct ServedRepository {
    std::string name;
    std::string path;  // "/cvmfs/name": clients ask for this
    bool is_replica = false;
    bool is_pass_through = false;  // never snapshotted
};

// info/v1/repositories.json
struct ServerInfo {
    std::vector<ServedRepository> repositories;
    std::optional<base::Time> geodb_updated;
    std::string version;
};

std::optional<ServerInfo> parse_server_info(std::string_view json);

}  // namespace tow::cvmfs_server
