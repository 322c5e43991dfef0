// What became of pilots, where a batch system answers for all of a call at once.
#pragma once

#include "batch/backend.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

namespace tow::batch {

inline std::vector<Fate> all_done(std::span<const Known> pilots) {
    std::vector<Fate> fates;
    std::ranges::transform(pilots, std::back_inserter(fates),
                           [](const Known& known) { return Fate{known.pilot}; });
    return fates;
}

}  // namespace tow::batch
