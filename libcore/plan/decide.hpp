// The decision: how many pilots go where, how many are taken back, and why. Pure: no clock, no
// files, no state; the same situation gives the same decision, byte for byte.
#pragma once

#include "base/clock.hpp"
#include "model/decision.hpp"
#include "model/history.hpp"
#include "plan/situation.hpp"
#include "plan/terms.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tow::plan {

struct Decision {
    std::vector<model::Request> requests;  // one for each entry, in order of name
    std::vector<model::Memory> memories;   // for the next decision, likewise
    std::vector<std::string> warnings;
    std::int64_t unmatched_jobs = 0;  // idle jobs that match no entry
    std::int64_t unserved_jobs = 0;   // idle jobs that match, but found no room
};

// now is when the situation was seen; plan the ULID of this decision.
Decision decide(const Situation& situation, const Terms& terms, base::Time now,
                const std::string& plan);

}  // namespace tow::plan
