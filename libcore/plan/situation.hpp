// What a decision is made from: the records of one stream.
#pragma once

#include "model/decision.hpp"
#include "model/entry.hpp"
#include "model/history.hpp"
#include "model/jobs.hpp"
#include "model/pilots.hpp"

#include <vector>

namespace tow::plan {

struct Situation {
    std::vector<model::JobClass> classes;
    std::vector<model::Entry> entries;
    std::vector<model::PilotCount> counts;
    std::vector<model::Gap> gaps;
    std::vector<model::Pilot> pilots;  // those that live, and those that ended lately
    std::vector<model::Usage> usages;
    std::vector<model::Memory> memories;  // of earlier decisions
    std::vector<model::Override> overrides;
    std::vector<model::Demand> demands;
};

}  // namespace tow::plan
