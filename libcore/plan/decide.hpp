// The decision: how many pilots go where, how many are taken back, and why. Pure: no clock, no
// files, no state; the same situation gives the same decision, byte for byte.
#pragma once

#include "base/clock.hpp"
#include "model/decision.hpp"
#include "model/entry.hpp"
#include "model/jobs.hpp"
#include "model/pilots.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::plan {

struct Policy {                               // unknown: no limit
    std::optional<std::int64_t> max_pilots;   // of all entries together: pilots that exist
    std::optional<std::int64_t> max_pending;  // ... pilots that wait
    std::optional<std::int64_t> max_submit;   // ... pilots of this decision
    std::chrono::seconds max_age{900};        // an older observation is a gap
    std::chrono::seconds valid_for{600};
    model::RemoveWhat remove = model::RemoveWhat::None;
    std::int64_t max_remove = 10;  // per entry, unless the entry has its own
};

struct Situation {
    std::vector<model::JobClass> classes;
    std::vector<model::Entry> entries;
    std::vector<model::PilotCount> counts;
    std::vector<model::Gap> gaps;
};

struct Decision {
    std::vector<model::Request> requests;  // one for each entry, in order of name
    std::vector<std::string> warnings;
    std::int64_t unmatched_jobs = 0;  // idle jobs that match no entry
    std::int64_t unserved_jobs = 0;   // idle jobs that match, but found no room
};

// now is when the situation was seen; plan the ULID of this decision.
Decision decide(const Situation& situation, const Policy& policy, base::Time now,
                const std::string& plan);

}  // namespace tow::plan
