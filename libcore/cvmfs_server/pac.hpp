// PAC files: programs in JavaScript that say which proxy to use for a URL.
#pragma once

#include <chrono>
#include <string>

namespace tow::cvmfs_server {

// What the program answers for this URL: "PROXY host:port; DIRECT". It is run by the library that
// clients use, in a process of its own with little memory and an end. Error{Data} if it gives no
// answer, Error{Timeout}.
std::string pac_answer(const std::string& program, const std::string& url,
                       std::chrono::milliseconds limit);

}  // namespace tow::cvmfs_server
