// The assignment of jobs to room: what is there already, and pilots that could be sent.
#pragma once

#include "plan/assign.hpp"
#include "plan/caps.hpp"
#include "plan/outlook.hpp"
#include "plan/prefer.hpp"
#include "plan/spill.hpp"
#include "plan/workload.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace tow::plan {

struct Tally {                      // of one entry
    std::int64_t on_idle = 0;       // jobs that idle room will serve
    std::int64_t on_pending = 0;    // jobs that pending pilots will serve
    std::int64_t on_new = 0;        // jobs for pilots that would be sent
    std::int64_t used_pending = 0;  // pilots
    std::int64_t needed = 0;        // pilots that would be sent
    double for_old_jobs = 0;        // of these, for jobs older than the entry's ramp asks about
};

struct Served {
    std::vector<Tally> tallies;      // like the outlooks
    std::int64_t unserved_jobs = 0;  // that match, but found no room
};

Served serve(const Workload& workload, const std::vector<Outlook>& outlooks, const CapBook& caps,
             const SpillOrder& spills, const std::vector<Preference>& preferences);

}  // namespace tow::plan
