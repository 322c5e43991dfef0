// What to do with held pilots, by the code of their hold.
#pragma once

#include "base/clock.hpp"
#include "fleet/journal.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tow::fleet {

struct HeldPolicy {
    std::set<std::int64_t> release;  // hold codes, HTCondor's numbers
    std::set<std::int64_t> remove;
    std::size_t max_release = 20;  // per run
    std::size_t max_remove = 5;
};

// A pilot that is released again and again has a problem that time does not solve. The limits are
// those of GlideinWMS.
constexpr std::int64_t kMostReleases = 10;
constexpr std::chrono::minutes kBetweenReleases{5};

enum class HeldAction { Leave, Release, Remove };

std::string_view action_name(HeldAction action) noexcept;  // "leave", "release", "remove"

struct Settled {
    Row row;
    HeldAction action = HeldAction::Leave;
    std::string why;
};

// Every held pilot among these, in their order.
std::vector<Settled> settle_held(const std::vector<Row>& living, const HeldPolicy& policy,
                                 base::Time now);

}  // namespace tow::fleet
