#include "metrics/names.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace tow::metrics {

namespace {

constexpr std::size_t kMaxName = 200;

bool is_name(std::string_view name, bool allows_colon) {
    return !name.empty() && name.size() <= kMaxName && !base::is_digit(name[0]) &&
           std::ranges::all_of(name, [&](char c) {
               return base::is_alpha(c) || base::is_digit(c) || c == '_' ||
                      (allows_colon && c == ':');
           });
}

// Not base units, as words of a name.
constexpr std::array<std::string_view, 19> kOtherUnits{
    "milliseconds", "microseconds", "nanoseconds", "minutes",   "hours",   "days",      "weeks",
    "kilobytes",    "megabytes",    "gigabytes",   "terabytes", "percent", "kibibytes", "mebibytes",
    "gibibytes",    "bits",         "ms",          "millis",    "kb"};

}  // namespace

std::string name_problem(std::string_view name, Kind kind) {
    if (!is_name(name, false)) {
        return "is not made of letters, digits and _, or begins with a digit, or is too long";
    }
    if (kind == Kind::Counter && !name.ends_with("_total")) {
        return "is a counter, its name must end in _total";
    }
    if (kind != Kind::Counter && name.ends_with("_total")) {
        return "ends in _total, but is not a counter";
    }
    for (const std::string_view suffix : {"_count", "_sum", "_bucket", "_created", "_info_total"}) {
        if (name.ends_with(suffix)) {
            return fmt::format("ends in {}, which means something else", suffix);
        }
    }
    for (const auto& word : base::split(name, '_')) {
        if (std::ranges::find(kOtherUnits, word) != kOtherUnits.end()) {
            return fmt::format("has the unit {}: use seconds, bytes or ratio", word);
        }
        if (word == "gauge" || word == "counter" || word == "histogram") {
            return fmt::format("says that it is a {}", word);
        }
    }
    return {};
}

std::string label_problem(std::string_view name) {
    if (!is_name(name, false) || name.starts_with("__")) {
        return "is not made of letters, digits and _, or begins with a digit or __";
    }
    for (const std::string_view taken : {"le", "quantile", "job", "instance"}) {
        if (name == taken) {
            return "is a label that Prometheus uses itself";
        }
    }
    return {};
}

std::string_view unit_of(std::string_view name) noexcept {
    if (name.ends_with("_total")) {
        name.remove_suffix(std::string_view("_total").size());
    }
    for (const std::string_view unit : {"seconds", "bytes", "ratio"}) {
        if (name.size() > unit.size() && name.ends_with(unit) &&
            name[name.size() - unit.size() - 1] == '_') {
            return unit;
        }
    }
    return {};
}

}  // namespace tow::metrics
