// Metrics as Graphite (plaintext and pickle) and StatsD take them: a path of names, a value, a
// time.
#pragma once

#include "metrics/registry.hpp"
#include "publish/spool.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::publish {

// What could not be told to this sink because two series would have the same path there.
using Collisions = std::vector<std::string>;

// "aerotow.SITE_A.tow_pilots.cms.running": the prefix, the entry, the metric, the other labels in
// their order, _ for what is not [A-Za-z0-9_-].
std::string graphite_path(std::string_view prefix, const metrics::Sample& sample);

Batch graphite_lines(const metrics::Registry& registry, std::string_view prefix,
                     std::int64_t now_ms, Collisions& collisions);
Batch graphite_pickle(const metrics::Registry& registry, std::string_view prefix,
                      std::int64_t now_ms, Collisions& collisions);

// Datagrams. Counters are told as gauges of their totals: a datagram that is lost then loses
// nothing.
Batch statsd(const metrics::Registry& registry, std::string_view prefix, Collisions& collisions);

}  // namespace tow::publish
