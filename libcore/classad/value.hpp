// What a ClassAd expression evaluates to. Cheap to move and to copy: strings, lists and ads are
// shared and never change.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tow::classad {

class Ad;
class Expr;
struct Scope;
struct ListValue;

using ExprPtr = std::shared_ptr<const Expr>;
using AdPtr = std::shared_ptr<const Ad>;
using ScopePtr = std::shared_ptr<const Scope>;

enum class Kind : std::uint8_t {
    Undefined,
    Error,
    Boolean,
    Integer,
    Real,
    String,
    List,
    Ad,
    AbsoluteTime,
    RelativeTime,
};

std::string_view kind_name(Kind kind) noexcept;  // "undefined", ..., "abstime", "reltime"

// An instant, and the zone it is shown in (seconds east of UTC).
struct AbsoluteTime {
    std::int64_t seconds = 0;
    std::int32_t offset = 0;

    friend bool operator==(const AbsoluteTime&, const AbsoluteTime&) = default;
};

class Value {
  public:
    Value() noexcept = default;  // undefined

    static Value undefined() noexcept { return {}; }

    static Value error() noexcept { return Value(Kind::Error, Scalar{}); }

    static Value boolean(bool value) noexcept {
        return Value(Kind::Boolean, Scalar{.boolean = value});
    }

    static Value integer(std::int64_t value) noexcept {
        return Value(Kind::Integer, Scalar{.integer = value});
    }

    static Value real(double value) noexcept { return Value(Kind::Real, Scalar{.real = value}); }

    static Value string(std::string value) {
        return Value(Kind::String, std::make_shared<const std::string>(std::move(value)));
    }

    static Value list(std::vector<Value> items);
    static Value list(ListValue list);
    static Value ad(Ad ad);
    static Value ad(ScopePtr scope) noexcept;
    static Value absolute_time(AbsoluteTime time) noexcept;

    static Value relative_time(double seconds) noexcept {
        return Value(Kind::RelativeTime, Scalar{.real = seconds});
    }

    Kind kind() const noexcept { return kind_; }

    bool is_undefined() const noexcept { return kind_ == Kind::Undefined; }

    bool is_error() const noexcept { return kind_ == Kind::Error; }

    bool is_string() const noexcept { return kind_ == Kind::String; }

    // Null if the value is of another kind.
    const bool* if_boolean() const noexcept {
        return kind_ == Kind::Boolean ? &scalar_.boolean : nullptr;
    }

    const std::int64_t* if_integer() const noexcept {
        return kind_ == Kind::Integer ? &scalar_.integer : nullptr;
    }

    const double* if_real() const noexcept { return kind_ == Kind::Real ? &scalar_.real : nullptr; }

    const std::string* if_string() const noexcept {
        return kind_ == Kind::String ? static_cast<const std::string*>(object_.get()) : nullptr;
    }

    const ListValue* if_list() const noexcept;
    const Ad* if_ad() const noexcept;

    // Seconds; null if this is no relative time.
    const double* if_relative_time() const noexcept {
        return kind_ == Kind::RelativeTime ? &scalar_.real : nullptr;
    }

    std::optional<AbsoluteTime> absolute_time() const noexcept {
        return kind_ == Kind::AbsoluteTime ? std::optional(AbsoluteTime{scalar_.integer, offset_})
                                           : std::nullopt;
    }

    // The ad in its surroundings; null if this is no ad.
    ScopePtr ad_scope() const noexcept;

    // Boolean-equivalent (boolean, integer, real) and not zero; NaN is true.
    bool is_true() const noexcept;

    // The same value without counting references: valid while this one lives.
    Value borrowed() const noexcept;

    // A value that needs nothing else to live: what evaluate() returns. Lists and ads lose their
    // surroundings.
    Value detached() const;

  private:
    union Scalar {
        std::int64_t integer = 0;  // and the seconds of an absolute time
        double real;               // and the seconds of a relative time
        bool boolean;
    };

    Value(Kind kind, Scalar scalar) noexcept : kind_(kind), scalar_(scalar) {}

    Value(Kind kind, std::shared_ptr<const void> object) noexcept
        : kind_(kind), object_(std::move(object)) {}

    // A variant would say the same, but moving and destroying one is what evaluation would then
    // spend a sixth of its time on.
    Kind kind_ = Kind::Undefined;
    std::int32_t offset_ = 0;  // of an absolute time
    Scalar scalar_;
    std::shared_ptr<const void> object_;  // std::string, ListValue or Scope, as kind_ says
};

// A list is either the elements of a literal, evaluated only when somebody looks at them, or the
// values that a function has computed. HTCondor's =?= can tell the two apart.
struct ListValue {
    std::shared_ptr<const std::vector<ExprPtr>> literal;  // null for a computed list
    std::vector<Value> computed;
    ScopePtr scope;  // where the elements of a literal were written; null outside an evaluation

    std::size_t size() const noexcept { return literal ? literal->size() : computed.size(); }
};

}  // namespace tow::classad
