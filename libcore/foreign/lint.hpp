// Inconsistencies that entries of the field really have: nothing stops with them, but pilots are
// killed, wait for ever, or get less than was paid for.
#pragma once

#include "foreign/imports.hpp"
#include "model/entry.hpp"
#include "record/value.hpp"
#include "source/entry_files.hpp"

#include <string>
#include <vector>

namespace tow::foreign {

struct Finding {
    std::string entry;
    std::string rule;         // a short name, for filters
    std::string key;          // path in the entry; empty: the whole entry
    std::string problem;      // what is there
    std::string consequence;  // what comes of it
    std::string fix;
    std::string place;  // "file:line", if known
};

record::Object to_record(const Finding& finding);

// Nothing of a disabled entry: factories keep hundreds of them, and no pilot goes there.
std::vector<Finding> check_entry(const model::Entry& entry);

std::vector<Finding> findings_of(const std::vector<source::WrittenEntry>& entries, base::Time now);

// Of what was imported, and of what the import itself found: duplicates, empty numbers.
std::vector<Finding> findings_of(const Import& import);

}  // namespace tow::foreign
