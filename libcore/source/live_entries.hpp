// Entries as living services tell of them.
#pragma once

#include "source/query.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tow::source {

// Takes the words that name living services out of the sources: "condor", "gwms", either with
// ":POOL" behind it, "slurm" and "local". What is left are files.
std::vector<std::string> take_live_sources(std::vector<std::string>& sources);

// One for each such word. Error{Usage} for any other.
std::vector<std::unique_ptr<Query>> live_entries_queries(const std::vector<std::string>& words,
                                                         base::Time now);

}  // namespace tow::source
