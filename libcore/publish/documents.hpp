// Metrics as documents over HTTP: InfluxDB line protocol, OpenSearch _bulk, plain JSON, the labels
// of APFmon.
#pragma once

#include "metrics/registry.hpp"
#include "publish/spool.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tow::publish {

// Times in milliseconds: the address says precision=ms.
Batch influx_lines(const metrics::Registry& registry, std::int64_t now_ms);

// The id of a document is made of its series and time: sent again it replaces itself.
Batch opensearch_bulk(const metrics::Registry& registry, std::string_view index,
                      std::string_view host, std::int64_t now_ms);

// What an answer to _bulk says of single documents: nothing, or the first refusal. Error{Data} if
// it is no such answer; Error{Busy} if a document is to be sent again.
std::optional<std::string> bulk_refusal(std::string_view answer);

// {"host":, "observed_at":, "metrics": [metric records]}
Batch json_points(const metrics::Registry& registry, std::string_view host, std::int64_t now_ms);

// A factory, a label for each entry, and its status: the numbers of pilots by state.
Batch apfmon_labels(const metrics::Registry& registry, std::string_view factory,
                    std::string_view version);

// Each sample as a metric record, one line.
void each_metric_record(const metrics::Registry& registry,
                        const std::function<void(std::string_view line)>& visit);

}  // namespace tow::publish
