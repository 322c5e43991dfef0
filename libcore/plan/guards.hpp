// What holds an entry back for everybody's safety: pilots that vanish, pilots that die, resources
// that are dead, outages that are announced.
#pragma once

#include "base/clock.hpp"
#include "model/history.hpp"
#include "model/pilots.hpp"
#include "plan/terms.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::plan {

struct Sight {  // of one entry
    const EntryTerms& terms;
    const model::PilotCount& count;
    const std::vector<const model::Pilot*>& pilots;
    const model::Memory* before;  // null: the first decision
    std::int64_t wanted;          // pilots that could be sent if nothing held the entry back
};

struct Verdict {
    std::string blocked;               // why nothing is sent; empty: something may be
    std::optional<std::int64_t> most;  // how many may be, as a trial
    std::string why;                   // of most
    bool is_dead = false;              // what waits there is not coming
};

// Pilots that were there at the last decision and are gone without an end: nothing is sent until it
// is explained, or two looks agree. Keeps in `next` what it must remember.
std::string why_vanished(const Sight& sight, model::Memory& next);

// Closed; open while pilots die, are held, or wait at a dead resource; then half open: 1 pilot,
// then 5 %, then 25 % of what is wanted.
Verdict check_breaker(const Sight& sight, base::Time now, model::Memory& next);

struct Fit {
    std::string blocked;                           // empty: pilots may be sent,
    std::optional<std::chrono::seconds> walltime;  // with this wall time, if shortened
    std::string why;
};

// Pilots sent now must end before an announced outage begins.
Fit fit_before_outage(const EntryTerms& terms, base::Time now);

}  // namespace tow::plan
