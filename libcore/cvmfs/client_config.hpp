// The configuration of the client as it takes effect: by the client's own parser where there is
// one, else by sh, as the client does it: the files are shell scripts.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::cvmfs {

struct ConfigValue {
    std::string value;
    std::string file;  // that set it last
};

using ClientConfig = std::map<std::string, ConfigValue>;

// What "cvmfs2 -o parse" prints.
ClientConfig parse_client_output(std::string_view text);

// The names that stand before '=' in a file, as the client finds them.
std::vector<std::string> names_in(std::string_view script);

// By the files below directory (/etc/cvmfs), in the client's order. A configuration repository is
// left out: it is on a mount, which may hang. Error{Timeout} if a file goes on for longer than the
// limit, Error{Data} if it prints without end.
ClientConfig read_config_files(const std::string& directory, const std::string& repository,
                               std::chrono::milliseconds limit);

// The client's own parser, of which a configuration repository is part, if it is installed and
// answers; else the files.
ClientConfig effective_config(const std::string& directory, const std::string& repository,
                              std::chrono::milliseconds limit);

}  // namespace tow::cvmfs
