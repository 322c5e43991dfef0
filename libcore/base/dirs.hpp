// Where state, cache, configuration and locks live: systemd's variables, then XDG's, then the home
// directory.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tow::base {

// Nothing if the variable is unset or empty.
std::optional<std::string> environment(const char* name);

// Who runs this: $SUDO_USER, else the name of the real user, else their number.
std::string user_name();

// Of this machine, up to its first dot.
std::string host_name();

// $TOW_STATE_DIR | $STATE_DIRECTORY | $XDG_STATE_HOME/aerotow | ~/.local/state/aerotow.
// Error{Config} if none of them can be told.
std::string state_directory();

// $TOW_CACHE_DIR | $CACHE_DIRECTORY | $XDG_CACHE_HOME/aerotow | ~/.cache/aerotow: what may be lost.
// Nothing if none of them can be told.
std::optional<std::string> cache_directory();

// In order of precedence, lowest first: /etc/aerotow/config.yaml, /etc/aerotow/config.d/*.yaml,
// $XDG_CONFIG_HOME/aerotow/config.yaml. Only files that exist.
std::vector<std::string> config_files();

}  // namespace tow::base
