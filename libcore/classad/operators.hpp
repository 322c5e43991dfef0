// The operators on values, without any expression around them: three-valued logic, comparison,
// arithmetic, exactly as HTCondor computes them.
#pragma once

#include "classad/expr.hpp"
#include "classad/value.hpp"

#include <cstdint>

namespace tow::classad {

// What && || ! ?: and matchmaking see in a value. Integers and reals count as booleans; strings,
// lists, ads and times count as Error.
enum class Truth : std::uint8_t { False, True, Undefined, Error };

Truth truth_of(const Value& value) noexcept;

// The value of && or || when both sides are known. Not symmetric: error && false is an error,
// false && error is false.
Truth logical_and(Truth left, Truth right) noexcept;
Truth logical_or(Truth left, Truth right) noexcept;

Value to_value(Truth truth);

// Op::Plus, Minus, Not, Complement.
Value apply_unary(Op op, const Value& operand);

// Every operator with two operands that looks at both of them: comparison, identity, arithmetic,
// bits.
Value apply_binary(Op op, const Value& left, const Value& right);

}  // namespace tow::classad
