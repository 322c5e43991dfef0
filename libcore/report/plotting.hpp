// The arithmetic of plots, for SVG and for sparklines.
#pragma once

#include "report/page.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tow::report {

// Ends of a scale that people can read: 0, and 1, 2 or 5 times a power of ten times at most 5.
struct Scale {
    double top = 1;
    double step = 1;
};

Scale scale_for(double largest);

// "1234", "0.5", "1.2M": at most four digits.
std::string short_number(double number);

// What is drawn of each series: of a stacked plot the sums up to it.
std::vector<Series> drawn_series(const Plot& plot);

double largest_value(const std::vector<Series>& series);

struct Range {
    double least = 0;
    double most = 0;
    double last = 0;
};

std::optional<Range> range_of(const Series& series);  // nothing if no value is known

// ▁▂▃▄▅▆▇█, a blank where nothing is known; of more values than width the last of each part.
std::string sparkline(const std::vector<std::optional<double>>& values, std::size_t width);

// At most most values, of each part the last that is known.
std::vector<std::optional<double>> reduced(const std::vector<std::optional<double>>& values,
                                           std::size_t most);

}  // namespace tow::report
