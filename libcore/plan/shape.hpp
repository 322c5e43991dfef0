// Shaping: from the number of pilots that the jobs need to the number that is sent, step by step.
#pragma once

#include "base/clock.hpp"
#include "model/decision.hpp"
#include "model/pilots.hpp"
#include "plan/terms.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tow::plan {

struct Figures {  // of one entry
    model::PilotCount count;
    const std::vector<const model::Pilot*>& pilots;
    std::int64_t for_old_jobs = 0;  // of the pilots that are needed: those for old jobs
    base::Time now;
};

struct Shaped {
    std::int64_t pilots = 0;
    std::vector<model::Because> because;  // one for each step that changed the number
};

// Applies the chain to a number of pilots. Never negative.
Shaped shape(const std::vector<Step>& chain, std::int64_t pilots, const Figures& figures);

// The most that the chain can let through whatever the jobs need: its maxima. What is beyond it
// should go elsewhere from the start.
std::int64_t most_of(const std::vector<Step>& chain, const Figures& figures, std::string& limit);

// Pilots that KeepRunning has too many.
std::int64_t too_many(const std::vector<Step>& chain, const Figures& figures);

}  // namespace tow::plan
