// The jobs to be served, with entries as positions instead of names.
#pragma once

#include "base/clock.hpp"
#include "plan/situation.hpp"
#include "plan/terms.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tow::plan {

struct Demand {  // of jobs that are alike
    const model::JobClass* jobs = nullptr;
    std::int64_t idle = 0;               // of these
    std::vector<std::uint32_t> entries;  // positions in terms.entries, those it could run at
};

struct Workload {
    std::vector<Demand> demands;
    std::vector<std::int64_t> matching;  // idle jobs that could run there, like terms.entries
    std::int64_t unmatched_jobs = 0;     // idle jobs that match no entry
    std::vector<std::string> warnings;
};

// Classes seen too long ago are left out, with a warning.
Workload workload(const Situation& situation, const Terms& terms, base::Time now);

// Pilots that wait, run, are held or leave.
std::int64_t existing_pilots(const model::PilotCount& count) noexcept;

// Of all its nodes.
std::int64_t cores_of_pilot(const model::Entry& entry);

// Whether an observation is too old to act on. Without a time it is taken as it comes.
bool is_stale(const std::optional<base::Time>& observed_at, const Terms& terms, base::Time now);

}  // namespace tow::plan
