#include "report/plotting.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

namespace tow::report {

namespace {

constexpr double kMostSteps = 5;

}  // namespace

Scale scale_for(double largest) {
    if (!(largest > 0) || !std::isfinite(largest)) {
        return {};
    }
    const auto rough = largest / kMostSteps;
    const auto power = std::pow(10.0, std::floor(std::log10(rough)));
    Scale scale;
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        scale.step = factor * power;
        if (scale.step * kMostSteps >= largest * (1 - 1e-9)) {
            break;
        }
    }
    scale.top = std::ceil(largest / scale.step - 1e-9) * scale.step;
    return scale;
}

std::string short_number(double number) {
    constexpr std::array<std::pair<double, char>, 3> kUnits{{{1e9, 'G'}, {1e6, 'M'}, {1e4, 'k'}}};
    for (const auto& [size, letter] : kUnits) {
        if (std::abs(number) >= size) {
            return fmt::format("{:.4g}{}", number / (letter == 'k' ? 1e3 : size), letter);
        }
    }
    return fmt::format("{:.4g}", number);
}

std::vector<Series> drawn_series(const Plot& plot) {
    auto drawn = plot.series;
    for (std::size_t i = 1; plot.is_stacked && i < drawn.size(); ++i) {
        auto& values = drawn[i].values;
        const auto& below = drawn[i - 1].values;
        for (std::size_t at = 0; at < std::min(values.size(), below.size()); ++at) {
            values[at] =
                values[at] && below[at] ? std::optional{*values[at] + *below[at]} : std::nullopt;
        }
    }
    return drawn;
}

double largest_value(const std::vector<Series>& series) {
    double largest = 0;
    for (const auto& each : series) {
        for (const auto& value : each.values) {
            largest = std::max(largest, value.value_or(0));
        }
    }
    return largest;
}

std::optional<Range> range_of(const Series& series) {
    std::optional<Range> range;
    for (const auto& value : series.values) {
        if (!value) {
            continue;
        }
        if (!range) {
            range = Range{*value, *value, *value};
        }
        range->least = std::min(range->least, *value);
        range->most = std::max(range->most, *value);
        range->last = *value;
    }
    return range;
}

std::vector<std::optional<double>> reduced(const std::vector<std::optional<double>>& values,
                                           std::size_t most) {
    if (values.size() <= most) {
        return values;
    }
    std::vector<std::optional<double>> result(most);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i]) {
            result[i * most / values.size()] = values[i];
        }
    }
    return result;
}

std::string sparkline(const std::vector<std::optional<double>>& values, std::size_t width) {
    constexpr std::array<const char*, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const auto few = reduced(values, width);
    double largest = 0;
    for (const auto& value : few) {
        largest = std::max(largest, value.value_or(0));
    }
    std::string line;
    for (const auto& value : few) {
        if (!value) {
            line += ' ';
            continue;
        }
        const auto share = largest > 0 ? std::clamp(*value / largest, 0.0, 1.0) : 0;
        line += kBlocks.at(static_cast<std::size_t>(std::lround(share * 7)));
    }
    return line;
}

}  // namespace tow::report
