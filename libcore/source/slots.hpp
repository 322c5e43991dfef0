// The slots of our pilots in an HTCondor pool, by condor_status with a projection.
#pragma once

#include "base/error.hpp"
#include "model/slots.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tow::source {

// One query to this collector (empty: the configured one). A slot is a pilot's if its ad carries
// the pilot's id as AerotowPilotId. trace gets the command. Error{Unavailable}, Error{Permission},
// Error{Timeout} or Error{Data}: the pool was not seen.
std::vector<model::Slot> query_slots(const std::string& collector,
                                     const std::function<void(const std::string&)>& trace);

struct PoolView {
    std::vector<model::Slot> slots;
    std::vector<std::pair<std::string, base::Error>> failures;  // by collector

    bool is_whole() const noexcept { return failures.empty(); }
};

// All of them, one after the other.
PoolView query_pools(const std::vector<std::string>& collectors,
                     const std::function<void(const std::string&)>& trace);

// What condor_status -json prints; nothing at all is no slots.
std::vector<model::Slot> parse_slots(std::string_view json);

}  // namespace tow::source
