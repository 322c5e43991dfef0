// Which jobs could run where: job groups and entries in, job classes and demand out.
#pragma once

#include "base/clock.hpp"
#include "match/shares.hpp"
#include "model/entry.hpp"
#include "model/jobs.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tow::match {

struct Matches {
    std::vector<model::Demand> demand;  // one for each entry, in the order given
    std::int64_t unmatched_jobs = 0;    // idle jobs that could run nowhere
    std::vector<std::string> problems;  // expressions that could not be used, with their place
};

// A group matches an entry if the entry is in service, one job fits on one node of its pilot, the
// requirements of the group are true with the entry as TARGET, and the start expression of the
// entry is true with the job as TARGET. Undefined and error are no match.
//
// The classes go to on_class one by one, most idle jobs first: there may be as many as groups, and
// each names its entries.
Matches match(std::vector<model::JobGroup> groups, const std::vector<model::Entry>& entries,
              base::Time now, Split split,
              const std::function<void(const model::JobClass&)>& on_class);

}  // namespace tow::match
