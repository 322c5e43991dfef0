// What counters have counted, kept over runs in an SQLite file of their own: a dead monitor, or
// this file, never holds up the state file that pilots depend on.
#pragma once

#include "base/clock.hpp"
#include "metrics/collector.hpp"
#include "metrics/registry.hpp"
#include "store/database.hpp"

#include <optional>
#include <string>

namespace tow::metrics {

// How a sink fared, for the metrics about metrics.
struct SinkState {
    std::optional<base::Time> delivered_at;
    double dropped = 0;
};

// The metrics tow_metrics_*.
void add_health(const std::string& sink, const SinkState& state, std::int64_t spooled_bytes,
                Registry& registry);

class Counters {
  public:
    // The file DIRECTORY/metrics.sqlite, made if need be. One that is only read may be absent: then
    // everything begins at zero.
    Counters(const std::string& directory, store::Access access);

    // Adds the events to what was counted before and fills in the counters and histograms of the
    // registry; those of entries that are gone are not there. All of it is kept, or nothing.
    void apply(Registry& registry, const Collector& collector, base::Time now);

    SinkState sink(const std::string& name);
    void note_sink(const std::string& name, bool delivered, std::size_t dropped, base::Time now);

  private:
    void load(Registry& registry, const Collector& collector);
    void count(const std::vector<Event>& events, base::Time now);
    void save(Registry& registry, base::Time now);
    void forget(base::Time now);

    std::optional<store::Database> database_;
    bool may_write_;
};

}  // namespace tow::metrics
