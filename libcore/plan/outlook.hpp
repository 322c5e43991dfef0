// What can be said of each entry before work is assigned: is it usable, is it seen, what room is
// there.
#pragma once

#include "plan/decide.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::plan {

struct Outlook {
    const model::Entry* entry = nullptr;
    std::optional<model::PilotCount> count;  // of all groups together
    std::string blocked;                     // why nothing is sent; empty: it may be
    std::string keep;                        // why nothing is taken back; empty: it may be
    std::int64_t headroom = 0;               // pilots that the limits of the entry allow to be sent
    std::string limit;  // the limit that sets the headroom, in words; empty: none
};

struct Outlooks {
    std::vector<Outlook> entries;  // in order of name
    std::vector<std::string> warnings;
    std::int64_t budget = 0;   // pilots that the limits over all entries allow to be sent
    std::string budget_limit;  // in words
};

Outlooks look_at(const Situation& situation, const Policy& policy, base::Time now);

// Whether an observation is too old to act on. Without a time it is taken as it comes.
bool is_stale(const std::optional<base::Time>& observed_at, const Policy& policy, base::Time now);

}  // namespace tow::plan
