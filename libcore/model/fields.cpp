#include "model/fields.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <cmath>

namespace tow::model {

// "pilot.", "downtime[2]."
std::string Fields::path() const {
    if (parent_ == nullptr) {
        return std::string(path_);
    }
    const auto index = index_ == kNoList ? std::string() : fmt::format("[{}]", index_);
    return fmt::format("{}{}{}.", parent_->path(), path_, index);
}

void Fields::reject(std::string_view key, std::string_view why) const {
    base::fail(base::Kind::Data, "field \"{}{}\": {}", path(), key, why);
}

void Fields::expected(std::string_view key, std::string_view what) const {
    expected(key, what, find(key));
}

void Fields::expected(std::string_view key, std::string_view what, record::View found) const {
    const auto got = found.value();
    const bool scalar = got.array() == nullptr && got.object() == nullptr;
    reject(key, fmt::format(
                    "expected {}, got {}", what,
                    scalar ? base::printable(record::to_json(got)) : std::string(got.kind_name())));
}

std::string Fields::text(std::string_view key) const {
    auto text = known_text(key);
    if (!text) {
        reject(key, "is missing");
    }
    return *std::move(text);
}

std::optional<std::string> Fields::known_text(std::string_view key) const {
    const auto value = find(key);
    const auto text = value.string();
    if (!text && !value.is_null()) {
        expected(key, "text");
    }
    return std::optional<std::string>(text);
}

std::int64_t Fields::count(std::string_view key) const {
    const auto count = known_count(key);
    if (!count) {
        reject(key, "is missing");
    }
    return *count;
}

std::optional<std::int64_t> Fields::known_count(std::string_view key) const {
    const auto value = find(key);
    const auto number = value.integer();
    if (!value.is_null() && (!number || *number < 0)) {
        expected(key, "an integer of at least 0");
    }
    return number;
}

std::optional<std::int64_t> Fields::known_integer(std::string_view key) const {
    const auto value = find(key);
    const auto number = value.integer();
    if (!number && !value.is_null()) {
        expected(key, "an integer");
    }
    return number;
}

std::optional<double> Fields::known_number(std::string_view key) const {
    const auto value = find(key);
    const auto number = value.number();
    if (!number && !value.is_null()) {
        expected(key, "a number");
    }
    return number;
}

std::optional<std::chrono::seconds> Fields::known_seconds(std::string_view key) const {
    constexpr double kLongest = 1e12;  // beyond any clock, within any integer
    const auto number = known_number(key);
    if (number && (*number < 0 || *number > kLongest)) {
        expected(key, "a number of seconds");
    }
    return number ? std::optional{std::chrono::seconds{std::llround(std::floor(*number))}}
                  : std::nullopt;
}

std::optional<base::Time> Fields::known_time(std::string_view key) const {
    const auto text = known_text(key);
    const auto time = text ? base::parse_rfc3339(*text) : std::nullopt;
    if (text && !time) {
        expected(key, "a time such as 2026-11-21T19:30:00Z");
    }
    return time;
}

std::vector<std::string> Fields::texts(std::string_view key) const {
    const auto value = find(key);
    if (!value.is_null() && !value.is_array()) {
        expected(key, "a list of text");
    }
    std::vector<std::string> result;
    for (const auto& element : value.elements()) {
        const auto text = element.string();
        if (!text) {
            expected(key, "a list of text");
        }
        result.emplace_back(*text);
    }
    return result;
}

std::optional<Fields> Fields::known_fields(std::string_view key) const {
    const auto value = find(key);
    if (!value.is_null() && !value.is_object()) {
        expected(key, "an object");
    }
    return value.is_null() ? std::nullopt : std::optional{Fields(value, *this, key, kNoList)};
}

Fields Fields::fields(std::string_view key) const {
    const auto fields = known_fields(key);
    if (!fields) {
        reject(key, "is missing");
    }
    return *fields;
}

record::Object Fields::object(std::string_view key) const {
    const auto fields = known_fields(key);
    return fields ? std::move(*fields->object_.value().object()) : record::Object();
}

std::vector<Fields> Fields::list(std::string_view key) const {
    const auto value = find(key);
    if (!value.is_null() && !value.is_array()) {
        expected(key, "a list");
    }
    const auto elements = value.elements();
    std::vector<Fields> result;
    result.reserve(elements.size());
    for (const auto& element : elements) {
        if (!element.is_object()) {
            expected(key, "a list of objects", element);
        }
        result.push_back(Fields(element, *this, key, result.size()));
    }
    return result;
}

}  // namespace tow::model
