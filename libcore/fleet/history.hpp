// What decisions need to know of the past, as records: usage, memory, override.
#pragma once

#include "base/clock.hpp"
#include "fleet/journal.hpp"
#include "record/value.hpp"
#include "store/database.hpp"

#include <span>
#include <string>
#include <vector>

namespace tow::fleet {

// Of these entries and those with living pilots.
std::vector<record::Object> history(const store::Database& database, std::span<const Row> living,
                                    const std::vector<std::string>& entries, base::Time now);

// Forgets what no later decision can ask for: memories of entries that are no more, overrides long
// past.
void forget(const store::Database& database, std::span<const Row> living,
            const std::vector<std::string>& entries, base::Time now);

}  // namespace tow::fleet
