// The order in which entries are filled: tier, place in a spill, figure of merit; and their weight
// among equals.
#pragma once

#include "plan/outlook.hpp"
#include "plan/spill.hpp"
#include "plan/terms.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tow::plan {

struct Preference {
    std::int64_t rank = 0;    // lower is filled first; a tier outweighs every merit below it
    std::int64_t weight = 1;  // shares among those of one rank are proportional to it
    std::string why;          // empty: nothing but the tier speaks
};

// Like the outlooks. Price is price per core hour over performance; an entry whose price or
// performance is unknown ranks last in its tier, and a price of zero does not make others infinite.
// HEPCloud's figure of merit is that times (pilots + 1) / max_pilots
// (decisionengine_modules, figure_of_merit.py). Health: Harvester's penalty for entries where
// pilots wait and none runs, 1 / (1 + ln(1 + waiting)^2), and the share of good pilots.
std::vector<Preference> prefer(const Terms& terms, const std::vector<Outlook>& outlooks,
                               const SpillOrder& spills, base::Time now);

}  // namespace tow::plan
