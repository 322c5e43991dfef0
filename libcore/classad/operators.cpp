#include "classad/operators.hpp"

#include "base/text.hpp"
#include "classad/numbers.hpp"

#include <algorithm>
#include <compare>
#include <limits>
#include <optional>
#include <string_view>

namespace tow::classad {

namespace {

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

std::uint64_t bits(std::int64_t value) noexcept {
    return static_cast<std::uint64_t>(value);
}

Value from_bits(std::uint64_t value) {
    return Value::integer(static_cast<std::int64_t>(value));
}

// Booleans count as 0 and 1.
std::optional<std::int64_t> as_integer(const Value& value) noexcept {
    if (const auto* integer = value.if_integer()) {
        return *integer;
    }
    if (const auto* boolean = value.if_boolean()) {
        return *boolean ? 1 : 0;
    }
    return std::nullopt;
}

std::optional<double> as_real(const Value& value) noexcept {
    if (const auto* real = value.if_real()) {
        return *real;
    }
    const auto integer = as_integer(value);
    return integer ? std::optional(static_cast<double>(*integer)) : std::nullopt;
}

std::strong_ordering compare_text(std::string_view a, std::string_view b) noexcept {
    const auto common = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (a[i] == b[i]) {
            continue;
        }
        const auto x = static_cast<unsigned char>(base::to_lower(a[i]));
        const auto y = static_cast<unsigned char>(base::to_lower(b[i]));
        if (x != y) {
            return x <=> y;
        }
    }
    return a.size() <=> b.size();
}

// Nothing if the two cannot be compared.
std::optional<std::partial_ordering> compare(const Value& left, const Value& right) noexcept {
    const auto a = as_integer(left);
    const auto b = as_integer(right);
    if (a && b) {
        return *a <=> *b;
    }
    const auto* x = left.if_string();
    const auto* y = right.if_string();
    if (x != nullptr && y != nullptr) {
        return compare_text(*x, *y);
    }
    const auto u = as_real(left);
    const auto v = as_real(right);
    if (u && v) {
        return *u <=> *v;
    }
    const auto s = left.absolute_time();
    const auto t = right.absolute_time();
    if (s && t) {
        return s->seconds <=> t->seconds;
    }
    const auto* p = left.if_relative_time();
    const auto* q = right.if_relative_time();
    if (p != nullptr && q != nullptr) {
        return *p <=> *q;
    }
    return std::nullopt;
}

bool holds(Op op, std::partial_ordering order) noexcept {
    switch (op) {
        case Op::Equal:
            return std::is_eq(order);
        case Op::NotEqual:
            return std::is_neq(order);
        case Op::Less:
            return std::is_lt(order);
        case Op::LessEqual:
            return std::is_lteq(order);
        case Op::Greater:
            return std::is_gt(order);
        default:
            return std::is_gteq(order);
    }
}

// =?= of two values of the same kind; nothing for two literal lists, two computed ones, or two ads.
std::optional<bool> identical(const Value& left, const Value& right) noexcept {
    switch (left.kind()) {
        case Kind::Undefined:
        case Kind::Error:
            return true;
        case Kind::Boolean:
            return *left.if_boolean() == *right.if_boolean();
        case Kind::Integer:
            return *left.if_integer() == *right.if_integer();
        case Kind::Real:
            return *left.if_real() == *right.if_real();
        case Kind::String:
            return *left.if_string() == *right.if_string();
        case Kind::AbsoluteTime:
            return *left.absolute_time() == *right.absolute_time();
        case Kind::RelativeTime:
            return *left.if_relative_time() == *right.if_relative_time();
        default:
            return std::nullopt;
    }
}

// HTCondor has one type for lists that were written and another for lists that were computed.
bool same_type(const Value& left, const Value& right) noexcept {
    if (left.kind() != right.kind()) {
        return false;
    }
    const auto* a = left.if_list();
    return a == nullptr || (a->literal != nullptr) == (right.if_list()->literal != nullptr);
}

Value apply_identity(Op op, const Value& left, const Value& right) {
    const auto same = same_type(left, right) ? identical(left, right) : false;
    return same ? Value::boolean(*same == (op == Op::Is)) : Value::error();
}

Value divide(Op op, std::int64_t a, std::int64_t b) {
    if (b == 0) {
        return Value::error();
    }
    if (a == kMin && b == -1) {
        return Value::integer(op == Op::Divide ? kMax : 0);
    }
    return Value::integer(op == Op::Divide ? a / b : a % b);
}

Value integer_arithmetic(Op op, std::int64_t a, std::int64_t b) {
    switch (op) {
        case Op::Add:
            return from_bits(bits(a) + bits(b));
        case Op::Subtract:
            return from_bits(bits(a) - bits(b));
        case Op::Multiply:
            return from_bits(bits(a) * bits(b));
        default:
            return divide(op, a, b);
    }
}

// Only plus infinity is an error in HTCondor; minus infinity and NaN are results.
Value real_arithmetic(Op op, double a, double b) {
    double result = 0;
    switch (op) {
        case Op::Add:
            result = a + b;
            break;
        case Op::Subtract:
            result = a - b;
            break;
        case Op::Multiply:
            result = a * b;
            break;
        case Op::Divide:
            result = a / b;
            break;
        default:
            return Value::error();
    }
    return result == std::numeric_limits<double>::infinity() ? Value::error() : Value::real(result);
}

Value moved(AbsoluteTime time, double by) {
    const auto seconds = bits(time.seconds) + bits(to_int64(by));
    return Value::absolute_time({static_cast<std::int64_t>(seconds), time.offset});
}

// + and - of times.
Value time_sum(double sign, const Value& left, const Value& right) {
    const auto a = left.absolute_time();
    const auto b = right.absolute_time();
    const auto* r = left.if_relative_time();
    const auto* s = right.if_relative_time();
    if (a && s != nullptr) {
        return moved(*a, sign * *s);
    }
    if (r != nullptr && b && sign > 0) {
        return moved(*b, *r);
    }
    if (a && b && sign < 0) {
        const auto difference = bits(a->seconds) - bits(b->seconds);
        return Value::relative_time(static_cast<double>(static_cast<std::int64_t>(difference)));
    }
    return r != nullptr && s != nullptr ? Value::relative_time(*r + sign * *s) : Value::error();
}

// * and / of a relative time and a number.
Value time_scaled(Op op, const Value& left, const Value& right) {
    const auto* r = left.if_relative_time();
    const auto* s = right.if_relative_time();
    const auto x = as_real(left);
    const auto y = as_real(right);
    if (op == Op::Multiply && r != nullptr && y) {
        return Value::relative_time(*r * *y);
    }
    if (op == Op::Multiply && s != nullptr && x) {
        return Value::relative_time(*s * *x);
    }
    if (op == Op::Divide && r != nullptr && y && *y != 0) {
        return Value::relative_time(*r / *y);
    }
    return Value::error();
}

Value time_arithmetic(Op op, const Value& left, const Value& right) {
    if (op == Op::Add || op == Op::Subtract) {
        return time_sum(op == Op::Add ? 1 : -1, left, right);
    }
    return time_scaled(op, left, right);
}

Value apply_arithmetic(Op op, const Value& left, const Value& right) {
    const auto a = as_integer(left);
    const auto b = as_integer(right);
    if (a && b) {
        return integer_arithmetic(op, *a, *b);
    }
    const auto x = as_real(left);
    const auto y = as_real(right);
    if (x && y) {
        return real_arithmetic(op, *x, *y);
    }
    return time_arithmetic(op, left, right);
}

Value apply_bits(Op op, const Value& left, const Value& right) {
    const auto* a = left.if_integer();
    const auto* b = right.if_integer();
    if (a == nullptr || b == nullptr) {
        return Value::error();
    }
    const auto shift = bits(*b) & 63U;  // as an x86-64 processor shifts
    switch (op) {
        case Op::BitAnd:
            return from_bits(bits(*a) & bits(*b));
        case Op::BitOr:
            return from_bits(bits(*a) | bits(*b));
        case Op::BitXor:
            return from_bits(bits(*a) ^ bits(*b));
        case Op::ShiftLeft:
            return from_bits(bits(*a) << shift);
        case Op::ShiftRight:
            return Value::integer(*a >> shift);
        default:
            // HTCondor first clears the sign and then shifts it back in, so by 0 it is lost.
            return *a < 0 && shift == 0 ? Value::integer(0) : from_bits(bits(*a) >> shift);
    }
}

Value apply_minus(const Value& operand) {
    if (const auto* integer = operand.if_integer()) {
        return from_bits(0U - bits(*integer));
    }
    if (const auto* real = operand.if_real()) {
        return Value::real(-*real);
    }
    if (const auto* time = operand.if_relative_time()) {
        return Value::relative_time(-*time);
    }
    return Value::error();
}

}  // namespace

Truth truth_of(const Value& value) noexcept {
    switch (value.kind()) {
        case Kind::Boolean:
        case Kind::Integer:
        case Kind::Real:
            return value.is_true() ? Truth::True : Truth::False;
        case Kind::Undefined:
            return Truth::Undefined;
        default:
            return Truth::Error;
    }
}

Value to_value(Truth truth) {
    switch (truth) {
        case Truth::False:
            return Value::boolean(false);
        case Truth::True:
            return Value::boolean(true);
        case Truth::Undefined:
            return Value::undefined();
        default:
            return Value::error();
    }
}

Truth logical_and(Truth left, Truth right) noexcept {
    if (left == Truth::False || left == Truth::Error) {
        return left;
    }
    return left == Truth::Undefined && right == Truth::True ? Truth::Undefined : right;
}

Truth logical_or(Truth left, Truth right) noexcept {
    if (left == Truth::True || left == Truth::Error) {
        return left;
    }
    return left == Truth::Undefined && right == Truth::False ? Truth::Undefined : right;
}

Value apply_unary(Op op, const Value& operand) {
    if (operand.is_undefined() || operand.is_error()) {
        return operand;
    }
    switch (op) {
        case Op::Plus: {
            const auto kind = operand.kind();
            const bool number = kind == Kind::Integer || kind == Kind::Real;
            return number || kind == Kind::RelativeTime ? operand : Value::error();
        }
        case Op::Minus:
            return apply_minus(operand);
        case Op::Not: {
            const auto truth = truth_of(operand);
            return truth == Truth::Error ? Value::error() : Value::boolean(truth == Truth::False);
        }
        default: {
            const auto* integer = operand.if_integer();
            return integer != nullptr ? Value::integer(~*integer) : Value::error();
        }
    }
}

Value apply_binary(Op op, const Value& left, const Value& right) {
    if (op == Op::Is || op == Op::Isnt) {
        return apply_identity(op, left, right);
    }
    if (left.is_error() || right.is_error()) {
        return Value::error();
    }
    if (left.is_undefined() || right.is_undefined()) {
        return Value::undefined();
    }
    if (op >= Op::Equal && op <= Op::GreaterEqual) {
        const auto order = compare(left, right);
        return order ? Value::boolean(holds(op, *order)) : Value::error();
    }
    if (op >= Op::Add && op <= Op::Modulo) {
        return apply_arithmetic(op, left, right);
    }
    return apply_bits(op, left, right);
}

}  // namespace tow::classad
