// What others know of our entries: downtimes and prices.
#pragma once

#include "base/clock.hpp"
#include "model/entry.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace tow::foreign {

struct Knowledge {
    std::vector<std::string> downtimes;  // files and URLs
    std::chrono::seconds past{0};        // downtimes that ended no longer ago are kept
    std::vector<std::string> prices;     // files and URLs
};

// Adds it to the entries. Returns remarks for people: what could not be read or concerns nobody.
std::vector<std::string> enrich(const Knowledge& knowledge, base::Time now,
                                std::vector<model::Entry>& entries);

}  // namespace tow::foreign
