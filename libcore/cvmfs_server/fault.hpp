// What is wrong with a piece of a repository: one word for programs, one sentence for people.
#pragma once

#include <string>

namespace tow::cvmfs_server {

struct Fault {
    std::string reason;  // "manifest_hash"
    std::string message;
};

}  // namespace tow::cvmfs_server
