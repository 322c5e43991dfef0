// Publishes metrics to several targets at once. None waits for another, and none of them, however
// broken, keeps a run longer than its deadline.
#pragma once

#include "base/error.hpp"
#include "metrics/registry.hpp"
#include "publish/sender.hpp"
#include "publish/spool.hpp"
#include "publish/target.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::publish {

struct Surroundings {
    std::string directory;  // where spools are
    std::string host;
    std::int64_t now_ms = 0;  // of the samples
    Log log;
};

struct Outcome {
    std::string target;
    bool delivered = false;            // nothing waits
    std::size_t dropped = 0;           // batches that were refused, or that did not fit
    std::int64_t waiting_bytes = 0;    // in the spool
    std::size_t collisions = 0;        // series that another one has the name of, there
    std::string collision;             // the first of them
    std::optional<base::Error> error;  // what kept it from being delivered, or was refused
};

// In the order of the targets.
std::vector<Outcome> publish(const std::vector<Target>& targets, metrics::Registry& registry,
                             const Surroundings& surroundings);

// Whether something is gone for good, and what to say of an outcome; empty: nothing.
bool is_loss(const Outcome& outcome) noexcept;
std::string describe(const Outcome& outcome);

std::int64_t spooled_bytes(const Target& target, const std::string& directory);

}  // namespace tow::publish
