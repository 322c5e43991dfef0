#include "report/svg.hpp"

#include "report/plotting.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::report {

namespace {

constexpr double kWidth = 760;
constexpr double kHeight = 240;
constexpr double kLeft = 56;
constexpr double kRight = 16;
constexpr double kTop = 12;
constexpr double kBottom = 30;
constexpr std::size_t kTicks = 4;  // on the axis of time

// Where times and values are on a drawing.
class Frame {
  public:
    Frame(const std::vector<base::Time>& times, double top) : times_(times), top_(top) {}

    double x(std::size_t at) const {
        const auto span = static_cast<double>((times_.back() - times_.front()).count());
        const auto share =
            span > 0 ? static_cast<double>((times_[at] - times_.front()).count()) / span : 0;
        return kLeft + share * (kWidth - kLeft - kRight);
    }

    double y(double value) const {
        return kHeight - kBottom - value / top_ * (kHeight - kTop - kBottom);
    }

    std::string point(std::size_t at, double value) const {
        return fmt::format("{:.1f} {:.1f}", x(at), y(value));
    }

  private:
    const std::vector<base::Time>& times_;
    double top_;
};

using Values = std::vector<std::optional<double>>;

// A line with gaps where nothing is known.
std::string line_path(const Frame& frame, const Values& values) {
    std::string path;
    bool is_down = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i]) {
            path += (is_down ? " L" : " M") + frame.point(i, *values[i]);
        }
        is_down = values[i].has_value();
    }
    return path;
}

// The area between two lines, in as many pieces as gaps make of it.
std::string area_path(const Frame& frame, const Values& upper, const Values* lower) {
    std::string path;
    for (std::size_t begin = 0; begin < upper.size();) {
        auto end = begin;
        while (end < upper.size() && upper[end]) {
            path += (end == begin ? " M" : " L") + frame.point(end, *upper[end]);
            ++end;
        }
        for (auto i = end; i-- > begin;) {
            const auto below = lower == nullptr ? 0 : (*lower)[i].value_or(0);
            path += " L" + frame.point(i, below);
        }
        path += end > begin ? " Z" : "";
        begin = end + 1;
    }
    return path;
}

std::string tick_text(base::Time time, std::chrono::seconds span) {
    const auto text = base::format_time(time);  // 2026-11-21T19:30:00Z
    return span > std::chrono::hours{72}   ? text.substr(0, 10)
           : span > std::chrono::hours{24} ? text.substr(5, 5) + " " + text.substr(11, 5)
                                           : text.substr(11, 5);
}

void label(Markup& page, double x, double y, std::string_view anchor, std::string_view text) {
    page.leaf("text", text,
              {{"x", fmt::format("{:.1f}", x)},
               {"y", fmt::format("{:.1f}", y)},
               {"text-anchor", anchor}});
}

void draw_axes(Markup& page, const Plot& plot, const Frame& frame, const Scale& scale) {
    for (int i = 0; i * scale.step <= scale.top * (1 + 1e-9); ++i) {
        const auto value = i * scale.step;
        page.leaf(
            "path", "",
            {{"class", "grid"},
             {"d", fmt::format("M{:.1f} {:.1f} H{:.1f}", kLeft, frame.y(value), kWidth - kRight)}});
        label(page, kLeft - 6, frame.y(value) + 4, "end", short_number(value));
    }
    const auto span = plot.times.back() - plot.times.front();
    for (std::size_t i = 0; i <= kTicks && span.count() > 0; ++i) {
        const auto share = static_cast<double>(i) / kTicks;
        const auto x = kLeft + share * (kWidth - kLeft - kRight);
        label(page, x, kHeight - 8,
              i == 0        ? "start"
              : i == kTicks ? "end"
                            : "middle",
              tick_text(plot.times.front() + span * static_cast<int>(i) / static_cast<int>(kTicks),
                        span));
    }
}

}  // namespace

void draw_plot(Markup& page, const Plot& plot) {
    const auto drawn = drawn_series(plot);
    const auto scale = scale_for(largest_value(drawn));
    const Frame frame(plot.times, scale.top);
    page.open("svg", {{"class", "plot"},
                      {"viewBox", fmt::format("0 0 {} {}", kWidth, kHeight)},
                      {"role", "img"},
                      {"aria-label", plot.title + "; the numbers are in the table that follows"},
                      {"data-top", fmt::format("{}", scale.top)}});
    draw_axes(page, plot, frame, scale);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const auto number = fmt::format("s{}", i % 6);
        const auto& values = drawn[i].values;
        const auto* below = plot.is_stacked && i > 0 ? &drawn[i - 1].values : nullptr;
        page.leaf(
            "path", "",
            {{"class", (plot.is_stacked ? "a " : "l ") + number},
             {"d", plot.is_stacked ? area_path(frame, values, below) : line_path(frame, values)}});
    }
    page.close();
}

void draw_trend(Markup& page, const std::vector<std::optional<double>>& values) {
    constexpr std::size_t kMostPoints = 48;
    const auto few = reduced(values, kMostPoints);
    const auto range = range_of({"", few});
    if (!range || few.size() < 2) {
        return;
    }
    std::string path;
    bool is_down = false;
    for (std::size_t i = 0; i < few.size(); ++i) {
        if (few[i]) {
            const auto x = static_cast<double>(i) * 96 / static_cast<double>(few.size() - 1);
            const auto y = 17 - (range->most > 0 ? *few[i] / range->most * 14 : 0);
            path += fmt::format("{}{:.0f} {:.1f}", is_down ? "L" : "M", x, y);
        }
        is_down = few[i].has_value();
    }
    page.open("svg",
              {{"class", "trend"},
               {"viewBox", "0 0 96 20"},
               {"role", "img"},
               {"aria-label", fmt::format("between {} and {}, now {}", short_number(range->least),
                                          short_number(range->most), short_number(range->last))}});
    page.leaf("path", "", {{"class", "l s0"}, {"d", path}});
    page.close();
}

}  // namespace tow::report
