// What can be said of each entry before jobs are assigned: is it usable, is it seen, what room is
// there.
#pragma once

#include "plan/situation.hpp"
#include "plan/terms.hpp"
#include "plan/workload.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::plan {

struct Outlook {
    const EntryTerms* terms = nullptr;
    bool is_seen = false;
    model::PilotCount count;  // of all groups together; if not seen, as it was last
    std::vector<const model::Pilot*> pilots;
    std::int64_t matching = 0;  // idle jobs that could run here
    std::string blocked;        // why nothing is sent; empty: it may be
    std::string keep;           // why nothing is taken back; empty: it may be
    std::int64_t headroom = 0;  // pilots that the limits of the entry allow to be sent
    std::string limit;          // the limit that sets the headroom, in words; empty: none
    std::int64_t coming = 0;    // pending pilots that will serve jobs
    std::optional<std::chrono::seconds> walltime;  // of new pilots, if shortened
    std::vector<model::Because> remarks;
    model::Memory next;  // for the next decision, but for its plan
};

// Like terms.entries.
std::vector<Outlook> look_at(const Situation& situation, const Terms& terms,
                             const Workload& workload, base::Time now);

}  // namespace tow::plan
