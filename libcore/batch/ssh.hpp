// Commands on another machine over one multiplexed ssh connection.
#pragma once

#include "batch/transport.hpp"

#include <memory>
#include <string>

namespace tow::batch {

// Error{Config} if via is not ssh://[user@]host[:port].
void check_ssh_url(const std::string& via);

std::unique_ptr<Transport> make_ssh_transport(const std::string& via,
                                              const Surroundings& surroundings);

}  // namespace tow::batch
