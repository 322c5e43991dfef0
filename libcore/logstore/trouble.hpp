// What numbers tell that no single pilot does: nodes that swallow pilots, entries that have
// changed.
#pragma once

#include "base/clock.hpp"
#include "logstore/log_store.hpp"
#include "model/check.hpp"
#include "record/value.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace tow::logstore {

struct TroubleOptions {
    base::Time now;
    std::chrono::seconds recent{6 * 3600};       // what is judged
    std::chrono::seconds before{7 * 24 * 3600};  // what it is compared with, just before
    std::int64_t least = 10;                     // pilots on either side; fewer tell nothing
};

// A node on which, within half an hour, at least five pilots started and four of five failed, most
// of them at once, while the rest of its entry does well.
std::vector<model::Check> black_holes(const LogStore& store, const Query& query,
                                      const TroubleOptions& options);

// Entries of which another share of pilots fails than did before, beyond chance.
std::vector<model::Check> sudden_changes(const LogStore& store, const Query& query,
                                         const TroubleOptions& options);

// Per entry and outcome: the share now, the share before, and whether that may be chance.
std::vector<record::Object> differences(const LogStore& store, const Query& query,
                                        const TroubleOptions& options);

// How many standard deviations a share of so many is from another: pooled, two-sided.
double deviation(double bad, double all, double bad_before, double all_before) noexcept;

}  // namespace tow::logstore
