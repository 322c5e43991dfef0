#include "model/fields.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <cmath>

namespace tow::model {

Fields::Fields(const record::Object& object, std::string path)
    : object_(&object), path_(std::move(path)) {}

void Fields::reject(std::string_view key, std::string_view why) const {
    base::fail(base::Kind::Data, "field \"{}{}\": {}", path_, key, why);
}

void Fields::expected(std::string_view key, std::string_view what, const record::Value& got) const {
    const bool scalar = got.array() == nullptr && got.object() == nullptr;
    reject(key, fmt::format(
                    "expected {}, got {}", what,
                    scalar ? base::printable(record::to_json(got)) : std::string(got.kind_name())));
}

const record::Value* Fields::find(std::string_view key) const {
    const auto* value = object_->find(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

const record::Value& Fields::require(std::string_view key) const {
    const auto* value = find(key);
    if (value == nullptr) {
        reject(key, "is missing");
    }
    return *value;
}

std::string Fields::text(std::string_view key) const {
    const auto& value = require(key);
    if (value.string() == nullptr) {
        expected(key, "text", value);
    }
    return *value.string();
}

std::optional<std::string> Fields::known_text(std::string_view key) const {
    return find(key) == nullptr ? std::nullopt : std::optional{text(key)};
}

std::int64_t Fields::count(std::string_view key) const {
    const auto& value = require(key);
    const auto number = value.integer();
    if (!number || *number < 0) {
        expected(key, "an integer of at least 0", value);
    }
    return *number;
}

std::optional<std::int64_t> Fields::known_count(std::string_view key) const {
    return find(key) == nullptr ? std::nullopt : std::optional{count(key)};
}

std::optional<std::int64_t> Fields::known_integer(std::string_view key) const {
    const auto* value = find(key);
    if (value != nullptr && !value->integer()) {
        expected(key, "an integer", *value);
    }
    return value == nullptr ? std::nullopt : value->integer();
}

std::optional<double> Fields::known_number(std::string_view key) const {
    const auto* value = find(key);
    if (value != nullptr && !value->number()) {
        expected(key, "a number", *value);
    }
    return value == nullptr ? std::nullopt : value->number();
}

std::optional<std::chrono::seconds> Fields::known_seconds(std::string_view key) const {
    constexpr double kLongest = 1e12;  // beyond any clock, within any integer
    const auto number = known_number(key);
    if (number && (*number < 0 || *number > kLongest)) {
        expected(key, "a number of seconds", *find(key));
    }
    return number ? std::optional{std::chrono::seconds{std::llround(std::floor(*number))}}
                  : std::nullopt;
}

std::optional<base::Time> Fields::known_time(std::string_view key) const {
    const auto text = known_text(key);
    const auto time = text ? base::parse_rfc3339(*text) : std::nullopt;
    if (text && !time) {
        expected(key, "a time such as 2026-11-21T19:30:00Z", *find(key));
    }
    return time;
}

std::vector<std::string> Fields::texts(std::string_view key) const {
    const auto* value = find(key);
    if (value == nullptr) {
        return {};
    }
    const auto* array = value->array();
    const bool all_text = array != nullptr && std::ranges::all_of(*array, [](const auto& element) {
                              return element.string() != nullptr;
                          });
    if (!all_text) {
        expected(key, "a list of text", *value);
    }
    std::vector<std::string> result;
    for (const auto& element : *array) {
        result.push_back(*element.string());
    }
    return result;
}

const record::Object* Fields::known_object(std::string_view key) const {
    const auto* value = find(key);
    if (value != nullptr && value->object() == nullptr) {
        expected(key, "an object", *value);
    }
    return value == nullptr ? nullptr : value->object();
}

std::optional<Fields> Fields::known_fields(std::string_view key) const {
    const auto* object = known_object(key);
    return object == nullptr ? std::nullopt
                             : std::optional{Fields(*object, fmt::format("{}{}.", path_, key))};
}

Fields Fields::fields(std::string_view key) const {
    require(key);
    return *known_fields(key);
}

std::vector<Fields> Fields::list(std::string_view key) const {
    const auto* value = find(key);
    if (value == nullptr) {
        return {};
    }
    if (value->array() == nullptr) {
        expected(key, "a list", *value);
    }
    std::vector<Fields> result;
    for (const auto& element : *value->array()) {
        if (element.object() == nullptr) {
            expected(key, "a list of objects", element);
        }
        result.emplace_back(*element.object(), fmt::format("{}{}[{}].", path_, key, result.size()));
    }
    return result;
}

}  // namespace tow::model
