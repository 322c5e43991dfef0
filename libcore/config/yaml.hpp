// YAML files to checked trees. One document a file; anchors and aliases are followed within bounds.
#pragma once

#include "config/node.hpp"

#include <string>
#include <string_view>

namespace tow::config {

// Error{Config} with "name:line" for whatever is wrong in it. An empty text is an empty map.
Node parse_yaml(std::string_view text, const std::string& name);

// Error{NotFound}, Error{Permission} or Error{Config}.
Node read_yaml(const std::string& path);

}  // namespace tow::config
