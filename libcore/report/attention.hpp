// The rules by which something needs attention.
#pragma once

#include "report/overview.hpp"

#include <map>
#include <string>
#include <vector>

namespace tow::report {

// The worst first.
std::vector<Attention> attention_for(const Snapshot& snapshot,
                                     const std::map<std::string, EntryLine>& lines,
                                     std::int64_t unmatched_jobs, base::Time now);

}  // namespace tow::report
