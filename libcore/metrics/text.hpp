// The text formats of Prometheus, and of OpenMetrics.
#pragma once

#include "metrics/registry.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace tow::metrics {

using Write = std::function<void(std::string_view piece)>;

// Prometheus's text format 0.0.4, in pieces.
void write_prometheus(const Registry& registry, const Write& write);

// OpenMetrics 1.0: names of counters without _total, units, and an end.
void write_openmetrics(const Registry& registry, const Write& write);

// "prometheus" or "openmetrics".
void write_text(std::string_view format, const Registry& registry, const Write& write);

// The value of a label between quotes, as both formats, and Prometheus's queries, escape it.
void append_quoted(std::string_view value, std::string& out);

}  // namespace tow::metrics
