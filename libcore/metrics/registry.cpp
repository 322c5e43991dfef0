#include "metrics/registry.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

namespace tow::metrics {

namespace {

constexpr std::array<std::string_view, 3> kKinds{"gauge", "counter", "histogram"};
constexpr std::size_t kKeyLimit = std::size_t{1} << 31;  // places are 32 bits

std::uint32_t hash_of(std::string_view key) {
    return static_cast<std::uint32_t>(base::hash64(key));
}

}  // namespace

std::string_view kind_name(Kind kind) noexcept {
    return kKinds[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kind_named(std::string_view name) noexcept {
    const auto* found = std::ranges::find(kKinds, name);
    return found == kKinds.end() ? std::nullopt
                                 : std::optional{static_cast<Kind>(found - kKinds.begin())};
}

Family::Family(std::string name, Kind kind, std::string help, std::vector<double> buckets)
    : name_(std::move(name)),
      kind_(kind),
      help_(std::move(help)),
      buckets_(std::move(buckets)),
      width_(kind == Kind::Histogram ? buckets_.size() + 2 : 1) {}

std::uint8_t Family::name_index(std::string_view label) {
    const auto known = std::ranges::find(label_names_, label);
    if (known == label_names_.end()) {
        label_names_.emplace_back(label);
        return static_cast<std::uint8_t>(label_names_.size() - 1);
    }
    return static_cast<std::uint8_t>(known - label_names_.begin());
}

// The same labels in another order are the same key.
void Family::encode(const Labels& labels) {
    sorted_.clear();
    for (const auto& label : labels) {
        if (!label.value.empty()) {
            sorted_.emplace_back(name_index(label.name), label.value);
        }
    }
    std::ranges::sort(sorted_);
    wanted_.clear();
    for (const auto& [index, value] : sorted_) {
        wanted_ += static_cast<char>(index);
        wanted_ += static_cast<char>(value.size() & 0xff);
        wanted_ += static_cast<char>(value.size() >> 8);
        wanted_ += value;
    }
}

std::string_view Family::key(std::size_t series) const noexcept {
    const std::size_t begin = places_[series];
    const std::size_t end = series + 1 < places_.size() ? places_[series + 1] : keys_.size();
    return std::string_view(keys_).substr(begin, end - begin);
}

void Family::grow() {
    constexpr std::size_t kLeast = 64;
    const auto before = std::exchange(table_, {});
    table_.resize(std::max(kLeast, before.size() * 2));
    for (const auto& known : before) {
        if (known.series == 0) {
            continue;
        }
        auto slot = known.hash & (table_.size() - 1);
        while (table_[slot].series != 0) {
            slot = (slot + 1) & (table_.size() - 1);
        }
        table_[slot] = known;
    }
}

std::size_t Family::slot_of_wanted(std::uint32_t hash) const {
    auto slot = hash & (table_.size() - 1);
    while (table_[slot].series != 0 &&
           (table_[slot].hash != hash || key(table_[slot].series - 1) != wanted_)) {
        slot = (slot + 1) & (table_.size() - 1);
    }
    return slot;
}

std::optional<std::size_t> Family::find(const Labels& labels) {
    encode(labels);
    const auto place = table_.empty() ? 0 : table_[slot_of_wanted(hash_of(wanted_))].series;
    return place == 0 ? std::nullopt : std::optional<std::size_t>(place - 1);
}

std::optional<std::size_t> Family::series(const Labels& labels, const Limits& limits) {
    if (refused_) {
        return std::nullopt;
    }
    encode(labels);
    if (size() * 2 >= table_.size()) {
        grow();
    }
    const auto hash = hash_of(wanted_);
    const auto slot = slot_of_wanted(hash);
    if (table_[slot].series != 0) {
        return table_[slot].series - 1;
    }
    if (size() >= limits.series || keys_.size() > kKeyLimit ||
        label_names_.size() > kMaxLabelNames) {
        refused_ = true;
        return std::nullopt;
    }
    places_.push_back(static_cast<std::uint32_t>(keys_.size()));
    keys_ += wanted_;
    table_[slot] = {static_cast<std::uint32_t>(places_.size()), hash};
    values_.resize(values_.size() + width_);
    is_set_.push_back(false);
    return places_.size() - 1;
}

std::string Family::widest_label() const {
    std::map<std::string_view, std::set<std::string_view>> values;
    for (std::size_t series = 0; series < size(); ++series) {
        for (const auto& label : labels(series)) {
            values[label.name].insert(label.value);
        }
    }
    const auto widest = std::ranges::max_element(
        values, [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    return widest == values.end() ? std::string() : std::string(widest->first);
}

void Family::put(std::size_t series, double value, Add add) {
    auto& known = values_[series * width_];
    if (!is_set_[series]) {
        known = value;
        is_set_[series] = true;
        return;
    }
    switch (add) {
        case Add::Sum:
            known += value;
            break;
        case Add::Max:
            known = std::max(known, value);
            break;
        case Add::Min:
            known = std::min(known, value);
            break;
        case Add::Last:
            known = value;
            break;
    }
}

void Family::increase(std::size_t series, std::size_t part, double amount) {
    values_[series * width_ + part] += amount;
    is_set_[series] = true;
}

double Family::value(std::size_t series, std::size_t part) const {
    return values_[series * width_ + part];
}

Labels Family::labels(std::size_t series) const {
    Labels result;
    auto rest = key(series);
    while (!rest.empty()) {
        const auto byte = [&](std::size_t i) {
            return static_cast<std::size_t>(static_cast<unsigned char>(rest[i]));
        };
        const auto length = byte(1) | (byte(2) << 8);
        result.push_back({label_names_[byte(0)], rest.substr(3, length)});
        rest.remove_prefix(3 + length);
    }
    return result;
}

Family* Registry::family(std::string_view name, Kind kind, std::string_view help,
                         const std::vector<double>& buckets) {
    const auto known = std::ranges::find(families_, name, &Family::name);
    if (known != families_.end()) {
        return known->kind() == kind ? &*known : nullptr;
    }
    return &families_.emplace_back(std::string(name), kind, std::string(help), buckets);
}

const Family* Registry::find(std::string_view name) const noexcept {
    const auto known = std::ranges::find(families_, name, &Family::name);
    return known == families_.end() ? nullptr : &*known;
}

void Registry::show_only(const std::vector<std::string>& patterns) {
    for (auto& family : families_) {
        family.show(patterns.empty() ||
                    std::ranges::any_of(patterns, [&](const std::string& pattern) {
                        return base::matches_pattern(pattern, family.name());
                    }));
    }
}

std::optional<std::size_t> Registry::series(Family& family, const Labels& labels) {
    const bool fits = std::ranges::all_of(
        labels, [](const Label& label) { return label.value.size() <= kMaxLabelValue; });
    if (!fits) {
        ++too_long_;
        return std::nullopt;
    }
    return family.series(labels, limits_);
}

void Registry::put(Family& family, const Labels& labels, double value, Add add) {
    if (const auto place = series(family, labels)) {
        family.put(*place, value, add);
    }
}

std::vector<std::string> refusals(const Registry& registry) {
    std::vector<std::string> result;
    for (const auto& family : registry.families()) {
        if (family.is_refused()) {
            result.push_back(
                fmt::format("{}: more than {} series, of its labels {} has most values; it is not "
                            "published, see --max-series",
                            family.name(), family.size(), family.widest_label()));
        }
    }
    if (registry.too_long() > 0) {
        result.push_back(fmt::format("{} series are left out: a label is longer than {} bytes",
                                     registry.too_long(), kMaxLabelValue));
    }
    return result;
}

void append_number(double value, std::string& out) {
    constexpr double kExact = 9007199254740992.0;  // 2^53
    std::array<char, 32> text{};
    const auto end = std::abs(value) < kExact && value == std::trunc(value)
                         ? std::to_chars(text.data(), text.data() + text.size(),
                                         static_cast<std::int64_t>(value))
                         : std::to_chars(text.data(), text.data() + text.size(), value);
    out.append(text.data(), end.ptr);
}

std::string number_text(double value) {
    std::string text;
    append_number(value, text);
    return text;
}

}  // namespace tow::metrics
