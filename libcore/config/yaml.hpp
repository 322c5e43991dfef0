// YAML files to checked trees. One document a file; anchors and aliases are followed within bounds.
#pragma once

#include "config/node.hpp"

#include <string>
#include <string_view>

namespace tow::config {

// What to do about a key that stands twice in one map. Ours are wrong then; the last one counts in
// many a foreign file, because most readers of YAML take it without a word.
enum class Duplicates { Refuse, KeepLast };

// Error{Config} with "name:line" for whatever is wrong in it. An empty text is an empty map.
Node parse_yaml(std::string_view text, const std::string& name,
                Duplicates duplicates = Duplicates::Refuse);

// Error{NotFound}, Error{Permission} or Error{Config}.
Node read_yaml(const std::string& path);

// The same without paths, for files of ten thousand things: who complains of a node sets them
// first.
Node parse_yaml_without_paths(std::string_view text, const std::string& name,
                              Duplicates duplicates = Duplicates::Refuse);
Node read_yaml_without_paths(const std::string& path);

}  // namespace tow::config
