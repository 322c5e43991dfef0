// Numbers as ClassAds read and convert them. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tow::classad {

// Decimal digits with an optional minus; nothing if the number does not fit.
std::optional<std::int64_t> parse_integer(std::string_view digits) noexcept;

// A decimal number as strtod would read it, whatever the locale: too large is infinite, too small
// is 0. The text must be such a number.
double parse_real(std::string_view text) noexcept;

// What an x86-64 processor makes of a number that does not fit: the smallest one. HTCondor's
// results depend on it.
std::int64_t to_int64(double value) noexcept;
std::int32_t to_int32(double value) noexcept;

// HTCondor keeps some integers in an int.
constexpr std::int32_t wrap_int32(std::int64_t value) noexcept {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
}

}  // namespace tow::classad
