#include "classad/numbers.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace tow::classad {

namespace {

// No text is long enough to make up for an exponent like this.
constexpr std::int64_t kAnyPower = 1'000'000'000'000;

// Whether a number that from_chars cannot represent is too large rather than too small.
bool is_huge(std::string_view text) noexcept {
    const auto mark = std::min(text.find_first_of("eE"), text.size());
    const auto mantissa = text.substr(0, mark);
    auto exponent = text.substr(std::min(mark + 1, text.size()));
    if (exponent.starts_with('+')) {
        exponent.remove_prefix(1);
    }
    const bool negative = exponent.starts_with('-');
    const auto power = exponent.empty() ? std::optional<std::int64_t>(0) : parse_integer(exponent);
    if (!power || *power > kAnyPower || *power < -kAnyPower) {
        return !negative;
    }
    // The power of ten of the first digit that counts.
    const auto point = std::min(mantissa.find('.'), mantissa.size());
    const auto first = std::min(mantissa.find_first_of("123456789"), mantissa.size());
    return *power + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) > 0;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view digits) noexcept {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    return value;
}

double parse_real(std::string_view text) noexcept {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc::result_out_of_range) {
        return value;
    }
    const double magnitude = is_huge(text) ? std::numeric_limits<double>::infinity() : 0.0;
    return text.starts_with('-') ? -magnitude : magnitude;
}

std::int64_t to_int64(double value) noexcept {
    constexpr double kLimit = 9223372036854775808.0;
    const bool fits = value >= -kLimit && value < kLimit;  // false for NaN
    return fits ? static_cast<std::int64_t>(value) : std::numeric_limits<std::int64_t>::min();
}

std::int32_t to_int32(double value) noexcept {
    const auto wide = to_int64(value);
    const bool fits = wide >= std::numeric_limits<std::int32_t>::min() &&
                      wide <= std::numeric_limits<std::int32_t>::max();
    return fits ? static_cast<std::int32_t>(wide) : std::numeric_limits<std::int32_t>::min();
}

}  // namespace tow::classad
