// The conventions for names of metrics that promtool(1) checks.
#pragma once

#include "metrics/registry.hpp"

#include <string>
#include <string_view>

namespace tow::metrics {

// What is wrong with the name of a metric of this kind; empty: nothing.
std::string name_problem(std::string_view name, Kind kind);
std::string label_problem(std::string_view name);

// The unit that the name tells, as OpenMetrics wants it: seconds, bytes, ratio; empty: none.
std::string_view unit_of(std::string_view name) noexcept;

}  // namespace tow::metrics
