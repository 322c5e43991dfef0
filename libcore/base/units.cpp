#include "base/units.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <array>
#include <cmath>
#include <optional>

namespace tow::base {

namespace {

struct Unit {
    std::string_view name;
    double factor;
};

// Descending: parts of a duration must come in this order.
constexpr std::array kDurationUnits{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                                    Unit{"s", 1'000}, Unit{"ms", 1}};

constexpr std::array kSizeUnits{Unit{"B", 1.0},
                                Unit{"kB", 1e3},
                                Unit{"MB", 1e6},
                                Unit{"GB", 1e9},
                                Unit{"TB", 1e12},
                                Unit{"PB", 1e15},
                                Unit{"KiB", 1024.0},
                                Unit{"MiB", 1048576.0},
                                Unit{"GiB", 1073741824.0},
                                Unit{"TiB", 1024.0 * 1073741824.0},
                                Unit{"PiB", 1048576.0 * 1073741824.0}};

// A product of number and unit beyond this is refused: it fits int64 and a double holds it exactly.
constexpr double kLargest = 9007199254740992.0;  // 2^53

// Takes an unsigned decimal number off the front. Not by std::from_chars: what that needs for
// doubles would be a fortieth of tow-cvmfs-node. Up to 15 digits come out the same.
std::optional<double> take_number(std::string_view& text) noexcept {
    if (text.empty() || !is_digit(text.front())) {
        return std::nullopt;
    }
    double digits = 0;
    double scale = 1;
    bool is_fraction = false;
    while (!text.empty() && (is_digit(text.front()) || (text.front() == '.' && !is_fraction))) {
        if (text.front() == '.') {
            is_fraction = true;
        } else {
            digits = digits * 10 + (text.front() - '0');
            scale *= is_fraction ? 10 : 1;
        }
        text.remove_prefix(1);
    }
    return std::isfinite(digits) && std::isfinite(scale) ? std::optional(digits / scale)
                                                         : std::nullopt;
}

std::string_view take_letters(std::string_view& text) noexcept {
    std::size_t count = 0;
    while (count < text.size() && is_alpha(text[count])) {
        ++count;
    }
    const auto letters = text.substr(0, count);
    text.remove_prefix(count);
    return letters;
}

std::optional<std::size_t> find_unit(std::string_view name, const auto& units) noexcept {
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (units[i].name == name) {
            return i;
        }
    }
    return std::nullopt;
}

std::optional<double> duration_ms(std::string_view text) {
    double total = 0;
    std::size_t next_unit = 0;
    do {
        const auto number = take_number(text);
        text = trim_left(text);
        const auto letters = take_letters(text);
        if (!number) {
            return std::nullopt;
        }
        if (letters.empty()) {  // a bare number, and nothing else
            return text.empty() && next_unit == 0 ? std::optional{*number * 1000} : std::nullopt;
        }
        const auto unit = find_unit(letters, kDurationUnits);
        if (!unit || *unit < next_unit) {
            return std::nullopt;
        }
        next_unit = *unit + 1;
        total += *number * kDurationUnits[*unit].factor;
        text = trim_left(text);
    } while (!text.empty());
    return total;
}

}  // namespace

std::chrono::milliseconds parse_duration(std::string_view text) {
    const auto ms = duration_ms(trim(text));
    if (!ms || *ms > kLargest) {
        fail(Kind::Usage, "expected a duration such as 90s, 5m, 2h30m or 1d, got \"{}\"", text);
    }
    return std::chrono::milliseconds{std::llround(*ms)};
}

std::int64_t parse_bytes(std::string_view text) {
    auto rest = trim(text);
    const auto number = take_number(rest);
    rest = trim_left(rest);
    const auto letters = take_letters(rest);
    const auto unit = find_unit(letters.empty() ? "B" : letters, kSizeUnits);
    const bool whole = number && unit && rest.empty();
    const double bytes = whole ? *number * kSizeUnits[*unit].factor : 0;
    if (!whole || bytes > kLargest) {
        fail(Kind::Usage, "expected a size such as 500MB or 2GiB, got \"{}\"", text);
    }
    return std::llround(bytes);
}

std::string format_duration(std::chrono::seconds duration) {
    using std::chrono::days;
    using std::chrono::hours;
    using std::chrono::minutes;
    using std::chrono::seconds;
    if (duration < seconds{0}) {
        return "-" + format_duration(-duration);
    }
    const auto part = [duration](auto large, auto small, std::string_view names) {
        const auto whole = std::chrono::floor<decltype(large)>(duration);
        const auto rest = std::chrono::floor<decltype(small)>(duration - whole);
        auto text = fmt::format("{}{}", whole.count(), names[0]);
        if (rest.count() != 0) {
            text += fmt::format("{}{}", rest.count(), names[1]);
        }
        return text;
    };
    if (duration < minutes{1}) {
        return fmt::format("{}s", duration.count());
    }
    if (duration < hours{1}) {
        return part(minutes{}, seconds{}, "ms");
    }
    return duration < days{1} ? part(hours{}, minutes{}, "hm") : part(days{}, hours{}, "dh");
}

std::string format_bytes(std::int64_t bytes) {
    constexpr std::array<std::string_view, 6> kNames{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    auto number = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (std::abs(number) >= 1024 && unit + 1 < kNames.size()) {
        number /= 1024;
        ++unit;
    }
    auto text = fmt::format("{:.1f}", number);
    if (text.ends_with(".0")) {
        text.resize(text.size() - 2);
    }
    return text + std::string(kNames[unit]);
}

}  // namespace tow::base
