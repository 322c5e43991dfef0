// A JSON value that keeps what JSON tools lose: key order, and integer against real.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tow::record {

class Value;
struct Field;
using Array = std::vector<Value>;

// Fields in the order they were set. Objects are small: look-up is linear.
class Object {
  public:
    Object();
    Object(std::initializer_list<Field> fields);
    Object(const Object&);
    Object(Object&&) noexcept;
    Object& operator=(const Object&);
    Object& operator=(Object&&) noexcept;
    ~Object();
    const Value* find(std::string_view key) const noexcept;
    Value* find(std::string_view key) noexcept;

    // The value at a path of keys joined by dots ("pilot.cpus"); a key that itself holds the whole
    // rest of the path wins.
    const Value* find_path(std::string_view path) const noexcept;

    void set(std::string_view key, Value value);  // replaces in place, or appends
    void append(std::string key, Value value);    // without looking for the key

    // set(), but only if there is something to set: absent means unknown.
    template <class T>
    void set_known(std::string_view key, const std::optional<T>& value);

    void reserve(std::size_t count);

    bool empty() const noexcept { return fields_.empty(); }
    std::size_t size() const noexcept;

    std::vector<Field>::const_iterator begin() const noexcept;
    std::vector<Field>::const_iterator end() const noexcept;

    friend bool operator==(const Object& a, const Object& b);

  private:
    std::vector<Field> fields_;
};

class Value {
  public:
    // Implicit on purpose: records are written as literals.
    // NOLINTBEGIN(google-explicit-constructor)
    Value() = default;  // null
    Value(std::nullptr_t) {}
    Value(bool value) : data_(value) {}
    Value(int value) : data_(std::int64_t{value}) {}
    Value(std::int64_t value) : data_(value) {}
    Value(std::uint64_t value);
    Value(double value) : data_(value) {}
    Value(std::string value) : data_(std::move(value)) {}
    Value(std::string_view value) : data_(std::string(value)) {}
    Value(const char* value) : data_(std::string(value)) {}
    Value(Array value) : data_(std::move(value)) {}
    Value(Object value) : data_(std::move(value)) {}

    // NOLINTEND(google-explicit-constructor)

    bool is_null() const noexcept { return std::holds_alternative<std::monostate>(data_); }
    std::optional<bool> boolean() const noexcept;
    std::optional<std::int64_t> integer() const noexcept;  // also of a real that is one exactly
    std::optional<std::uint64_t> large_integer() const noexcept;  // beyond int64 only
    std::optional<double> number() const noexcept;                // integers too

    bool is_real() const noexcept { return std::holds_alternative<double>(data_); }
    const std::string* string() const noexcept { return std::get_if<std::string>(&data_); }
    const Array* array() const noexcept { return std::get_if<Array>(&data_); }
    const Object* object() const noexcept { return std::get_if<Object>(&data_); }
    Array* array() noexcept { return std::get_if<Array>(&data_); }
    Object* object() noexcept { return std::get_if<Object>(&data_); }

    // "a string", "an integer", ... for error messages.
    std::string_view kind_name() const noexcept;
    friend bool operator==(const Value& a, const Value& b) { return a.data_ == b.data_; }

  private:
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array,
                 Object>
        data_;
};

struct Field {
    std::string key;
    Value value;

    friend bool operator==(const Field&, const Field&) = default;
};

template <class T>
void Object::set_known(std::string_view key, const std::optional<T>& value) {
    if (value) {
        set(key, Value(*value));
    }
}

// An object that begins as every record does: {"type": type, "v": 1}.
Object new_record(std::string_view type);

}  // namespace tow::record
