// Functions of types and numbers.
#include "base/text.hpp"
#include "classad/builtins.hpp"
#include "classad/numbers.hpp"

#include <cmath>

namespace tow::classad {

namespace {

Kind asked_kind(FunctionId function) noexcept {
    switch (function) {
        case FunctionId::IsUndefined:
            return Kind::Undefined;
        case FunctionId::IsError:
            return Kind::Error;
        case FunctionId::IsString:
            return Kind::String;
        case FunctionId::IsInteger:
            return Kind::Integer;
        case FunctionId::IsReal:
            return Kind::Real;
        case FunctionId::IsBoolean:
            return Kind::Boolean;
        case FunctionId::IsList:
            return Kind::List;
        case FunctionId::IsClassAd:
            return Kind::Ad;
        case FunctionId::IsAbsTime:
            return Kind::AbsoluteTime;
        default:
            return Kind::RelativeTime;
    }
}

std::int64_t rounded(FunctionId function, double number) noexcept {
    switch (function) {
        case FunctionId::Floor:
            return to_int64(std::floor(number));
        case FunctionId::Ceil:
            return to_int64(std::ceil(number));
        default:
            return to_int64(std::nearbyint(number));  // half to even
    }
}

std::int64_t wrapping(std::uint64_t value) noexcept {
    return static_cast<std::int64_t>(value);
}

// The next multiple of the base; integers as HTCondor computes them, overflow and all.
Value multiple_of(const Value& number, const Value& base) {
    const auto* a = number.if_integer();
    const auto* b = base.if_integer();
    if (a != nullptr && b != nullptr) {
        if (*b == 0) {
            return number;
        }
        const auto step = static_cast<std::uint64_t>(*b);
        const auto raised = wrapping(static_cast<std::uint64_t>(*a) + step - 1);
        const auto times =
            *b == -1 ? wrapping(0U - static_cast<std::uint64_t>(raised)) : raised / *b;
        return Value::integer(wrapping(static_cast<std::uint64_t>(times) * step));
    }
    const auto x = number_from(number);
    const auto y = number_from(base);
    if (!x || !y) {
        return Value::error();
    }
    if (*y == 0) {
        return number;
    }
    return Value::real(std::ceil(*x / *y) * *y);
}

bool is_integer(const Value& value) noexcept {
    return value.kind() == Kind::Integer;
}

// An integer as it is, anything else as a real number.
std::optional<Value> quantity(const Value& value) {
    if (is_integer(value)) {
        return value;
    }
    const auto number = number_from(value);
    return number ? std::optional(Value::real(*number)) : std::nullopt;
}

// The first element that is large enough, else a multiple of the last.
Value quantize_to_list(const Invocation& call, const Value& number, const ListValue& list) {
    auto base = Value::integer(0);
    for (std::size_t i = 0; i < list.size() && !call.evaluator.failed(); ++i) {
        const auto element = quantity(call.evaluator.element(list, i));
        if (!element) {
            return Value::error();
        }
        base = *element;
        if (apply_binary(Op::GreaterEqual, base, number).is_true()) {
            return is_integer(number) || !is_integer(base) ? base : Value::real(*number_from(base));
        }
    }
    return multiple_of(number, base);
}

}  // namespace

Value call_is_type(const Invocation& call) {
    return Value::boolean(call.argument(0).kind() == asked_kind(call.function()));
}

Value call_to_int(const Invocation& call) {
    auto value = call.argument(0);
    if (value.is_undefined() || is_integer(value)) {
        return value;
    }
    if (const auto time = value.absolute_time()) {
        return Value::integer(time->seconds);
    }
    const auto number = number_from(value);
    return number ? Value::integer(to_int64(*number)) : Value::error();
}

Value call_to_real(const Invocation& call) {
    auto value = call.argument(0);
    if (value.is_undefined()) {
        return value;
    }
    const auto number = number_from(value);
    return number ? Value::real(*number) : Value::error();
}

Value call_to_bool(const Invocation& call) {
    auto value = call.argument(0);
    switch (value.kind()) {
        case Kind::Undefined:
        case Kind::Boolean:
            return value;
        case Kind::Integer:
        case Kind::Real:
        case Kind::RelativeTime:
            return Value::boolean(*number_from(value) != 0);
        case Kind::String: {
            const bool yes = base::equal_nocase(*value.if_string(), "true");
            const bool no = base::equal_nocase(*value.if_string(), "false");
            return yes || no ? Value::boolean(yes) : Value::undefined();
        }
        default:
            return Value::error();
    }
}

Value call_to_string(const Invocation& call) {
    auto value = call.argument(0);
    if (value.is_undefined() || value.is_error() || value.is_string()) {
        return value;
    }
    return Value::string(text_from(call.evaluator, value));
}

// Unlike most functions these make an error of undefined.
Value call_round(const Invocation& call) {
    auto value = call.argument(0);
    if (is_integer(value)) {
        return value;
    }
    const auto number = number_from(value);
    return number ? Value::integer(rounded(call.function(), *number)) : Value::error();
}

// HTCondor rounds an integer power by adding one half, also to negative ones: pow(-2,3) is -7.
Value call_pow(const Invocation& call) {
    const auto base = call.argument(0);
    const auto exponent = call.argument(1);
    const auto x = number_from(base);
    const auto y = number_from(exponent);
    if (!x || !y) {
        return Value::error();
    }
    const bool integral = is_integer(base) && is_integer(exponent) && *exponent.if_integer() >= 0;
    const double power = std::pow(*x, *y);
    return integral ? Value::integer(to_int64(power + 0.5)) : Value::real(power);
}

Value call_quantize(const Invocation& call) {
    const auto number = quantity(call.argument(0));
    const auto base = call.argument(1);
    if (!number) {
        return Value::error();
    }
    if (const auto* list = base.if_list()) {
        return quantize_to_list(call, *number, *list);
    }
    return multiple_of(*number, base);
}

Value call_random(const Invocation& call) {
    // 53 random bits make a number in [0, 1).
    const double fraction = static_cast<double>(call.evaluator.random_bits() >> 11U) * 0x1.0p-53;
    if (call.count() == 0) {
        return Value::real(fraction);
    }
    const auto limit = call.argument(0);
    if (const auto* integer = limit.if_integer(); integer != nullptr && *integer > 0) {
        const auto range = static_cast<std::uint64_t>(*integer);
        return Value::integer(static_cast<std::int64_t>(call.evaluator.random_bits() % range));
    }
    if (const auto* real = limit.if_real(); real != nullptr && *real > 0) {
        return Value::real(fraction * *real);
    }
    if (limit.kind() == Kind::Integer || limit.kind() == Kind::Real) {
        call.evaluator.fail();  // as HTCondor does, not an error
    }
    return Value::error();
}

Value call_if_then_else(const Invocation& call) {
    const auto condition = truth_of(call.argument(0));
    if (condition == Truth::Undefined || condition == Truth::Error) {
        return to_value(condition);
    }
    return call.argument(condition == Truth::True ? 1 : 2);
}

Value call_debug(const Invocation& call) {
    return call.argument(0);
}

}  // namespace tow::classad
