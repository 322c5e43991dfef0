// The rungs between an idle job and a pilot that runs it at one entry, and where things are stuck.
#pragma once

#include "model/decision.hpp"
#include "model/entry.hpp"
#include "model/jobs.hpp"
#include "model/pilots.hpp"
#include "model/reason.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace tow::match {

// What the stream says about pilots.
struct Seen {
    std::vector<model::Request> requests;
    std::vector<model::PilotCount> counts;
    std::vector<model::Gap> gaps;
};

// What it says about one entry.
struct Sighting {
    std::optional<std::int64_t> matching;   // idle jobs; unknown if no jobs were seen at all
    std::int64_t idle_jobs = 0;             // all of them
    std::vector<model::Request> requests;   // one for each group of jobs with its own policy
    std::vector<model::PilotCount> counts;  // likewise
    std::vector<model::Gap> gaps;           // those that concern the entry
};

// matching: idle jobs among those groups.
Sighting sighting_of(const model::Entry& entry, const Seen& seen,
                     const std::vector<model::JobGroup>& groups, std::int64_t matching);

// Always five: matching, planned, sent, registered, working. What lies beyond the first rung on
// which things are stuck is not reached.
std::vector<model::Rung> ladder(const model::Entry& entry, const Sighting& sighting,
                                base::Time now);

}  // namespace tow::match
