// What a pilot runs: the keys of a target that mean the same in every batch system.
#pragma once

#include "model/entry.hpp"
#include "model/fields.hpp"

#include <string>
#include <utility>
#include <vector>

namespace tow::batch {

using Variables = std::vector<std::pair<std::string, std::string>>;

struct Payload {
    std::vector<std::string> argv;  // never empty
    Variables environment;          // of the target
};

// target: argv (a list, required), environment (an object of texts). Error{Data} also for a name
// that no variable can have and for a NUL, which no argument can hold.
Payload read_payload(const model::Fields& target);

// The shape of the pilot, for whatever it runs: AEROTOW_ENTRY, AEROTOW_CPUS, AEROTOW_MEMORY_BYTES,
// AEROTOW_WALLTIME_SECONDS. The tag AEROTOW_PILOT_ID is for the backend to add.
Variables shape_variables(const model::Entry& entry);

}  // namespace tow::batch
