// An entry as tow-entries(5) writes it: a document in the words of that page, and its YAML.
#pragma once

#include "foreign/imports.hpp"
#include "model/entry.hpp"
#include "record/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tow::foreign {

// What differs from the defaults. Reading it back gives the same entry.
record::Object document_of(const model::Entry& entry);

// "  NAME:" and what is below it, as it stands in the map "entries" of a file.
std::string entry_yaml(const std::string& name, const record::Object& document);

// A whole file, entries in order of name, each with its origin and upstream's comment. The head
// is written as comment lines.
std::string file_yaml(const std::vector<Imported>& entries, std::string_view head);

// A text as a YAML scalar that is read back as that text.
std::string yaml_scalar(std::string_view text);

}  // namespace tow::foreign
