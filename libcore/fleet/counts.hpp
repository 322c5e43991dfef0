// How many pilots there are per entry, and what room the pool says they have.
#pragma once

#include "base/clock.hpp"
#include "fleet/journal.hpp"
#include "model/pilots.hpp"
#include "model/slots.hpp"

#include <set>
#include <string>
#include <vector>

namespace tow::fleet {

// One count per entry that is named or has pilots, and per group of it. Rows that have ended are
// not counted. Slots of the pool, if it was seen, are added up by the pilots they belong to; null:
// nobody looked, and what is busy or idle is not known.
std::vector<model::PilotCount> count_pilots(const std::vector<Row>& living,
                                            const std::vector<std::string>& entries,
                                            const std::vector<model::Slot>* slots, base::Time now);

// Pilots that have slots, but no busy one.
std::set<std::string> idle_pilots(const std::vector<model::Slot>& slots);

}  // namespace tow::fleet
