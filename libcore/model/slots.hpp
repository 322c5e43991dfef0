// Slots of the pool that belong to our pilots, as the collector shows them.
#pragma once

#include "base/clock.hpp"
#include "model/resources.hpp"

#include <optional>
#include <string>

namespace tow::model {

struct Slot {
    std::string pilot;  // its id
    bool is_busy = false;
    bool takes_jobs = true;             // if not busy: it does not drain, nor wait for its owner
    Resources room;                     // what it has; of a partitionable one, what is left
    std::optional<base::Time> ends_at;  // it will be gone then
};

}  // namespace tow::model
