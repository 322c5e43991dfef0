// .cvmfsreflog: what a server's garbage collection must know of. Each replica keeps its own, so it
// is not compared with the hash that the manifest gives for it.
#pragma once

#include "cvmfs_server/fault.hpp"
#include "cvmfs_server/manifest.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace tow::cvmfs_server {

struct Reflog {
    std::string name;              // of the repository; empty: it does not say
    std::set<std::string> hashes;  // of all that it lists
};

Reflog read_reflog(const std::string& path);  // Error{Data}

// What of the manifest it does not list, or whose it is.
std::optional<Fault> fault_of_reflog(const Reflog& reflog, const Manifest& manifest,
                                     const std::string& repository);

}  // namespace tow::cvmfs_server
