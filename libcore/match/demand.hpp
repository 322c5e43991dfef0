// Which jobs could run where: job groups and entries in, job classes and demand out.
#pragma once

#include "base/clock.hpp"
#include "match/shares.hpp"
#include "model/entry.hpp"
#include "model/jobs.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tow::match {

struct Matches {
    std::vector<model::JobClass> classes;  // most idle jobs first
    std::vector<model::Demand> demand;     // one for each entry, in the order given
    std::int64_t unmatched_jobs = 0;       // idle jobs that could run nowhere
    std::vector<std::string> problems;     // expressions that could not be used, with their place
};

// A group matches an entry if the entry is in service, one job fits on one node of its pilot, the
// requirements of the group are true with the entry as TARGET, and the start expression of the
// entry is true with the job as TARGET. Undefined and error are no match.
Matches match(const std::vector<model::JobGroup>& groups, const std::vector<model::Entry>& entries,
              base::Time now, Split split = Split::Exact);

}  // namespace tow::match
