#include "record/value.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tow::record {

Object::Object() = default;

Object::Object(std::initializer_list<Field> fields) : fields_(fields) {}

Object::Object(const Object&) = default;

Object::Object(Object&&) noexcept = default;

Object& Object::operator=(const Object&) = default;

Object& Object::operator=(Object&&) noexcept = default;

Object::~Object() = default;

std::size_t Object::size() const noexcept {
    return fields_.size();
}

std::vector<Field>::const_iterator Object::begin() const noexcept {
    return fields_.begin();
}

std::vector<Field>::const_iterator Object::end() const noexcept {
    return fields_.end();
}

const Value* Object::find(std::string_view key) const noexcept {
    const auto found = std::ranges::find(fields_, key, &Field::key);
    return found == fields_.end() ? nullptr : &found->value;
}

Value* Object::find(std::string_view key) noexcept {
    return const_cast<Value*>(std::as_const(*this).find(key));
}

const Value* Object::find_path(std::string_view path) const noexcept {
    if (const auto* value = find(path)) {
        return value;
    }
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
        const auto* value = find(path.substr(0, dot));
        if (value != nullptr && value->object() != nullptr) {
            return value->object()->find_path(path.substr(dot + 1));
        }
    }
    return nullptr;
}

void Object::reserve(std::size_t count) {
    fields_.reserve(count);
}

void Object::set(std::string_view key, Value value) {
    if (auto* old = find(key)) {
        *old = std::move(value);
    } else {
        append(std::string(key), std::move(value));
    }
}

void Object::append(std::string key, Value value) {
    fields_.push_back({std::move(key), std::move(value)});
}

bool operator==(const Object& a, const Object& b) {
    return a.fields_ == b.fields_;
}

Value::Value(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        data_ = static_cast<std::int64_t>(value);
    } else {
        data_ = value;
    }
}

std::optional<bool> Value::boolean() const noexcept {
    const auto* value = std::get_if<bool>(&data_);
    return value == nullptr ? std::nullopt : std::optional{*value};
}

std::optional<std::int64_t> Value::integer() const noexcept {
    if (const auto* value = std::get_if<std::int64_t>(&data_)) {
        return *value;
    }
    const auto* real = std::get_if<double>(&data_);
    constexpr double kExact = 9007199254740992.0;  // 2^53
    if (real != nullptr && std::abs(*real) <= kExact && std::trunc(*real) == *real) {
        return static_cast<std::int64_t>(*real);
    }
    return std::nullopt;
}

std::optional<std::uint64_t> Value::large_integer() const noexcept {
    const auto* value = std::get_if<std::uint64_t>(&data_);
    return value == nullptr ? std::nullopt : std::optional{*value};
}

std::optional<double> Value::number() const noexcept {
    if (const auto* real = std::get_if<double>(&data_)) {
        return *real;
    }
    if (const auto* value = std::get_if<std::int64_t>(&data_)) {
        return static_cast<double>(*value);
    }
    if (const auto* value = std::get_if<std::uint64_t>(&data_)) {
        return static_cast<double>(*value);
    }
    return std::nullopt;
}

std::string_view Value::kind_name() const noexcept {
    constexpr std::string_view kNames[]{"null",          "a boolean", "an integer", "an integer",
                                        "a real number", "a string",  "an array",   "an object"};
    return kNames[data_.index()];
}

Object new_record(std::string_view type) {
    constexpr std::size_t kUsual = 16;  // fields
    Object result;
    result.reserve(kUsual);
    result.append("type", type);
    result.append("v", 1);
    return result;
}

}  // namespace tow::record
