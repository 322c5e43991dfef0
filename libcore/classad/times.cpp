#include "classad/times.hpp"

#include "base/text.hpp"
#include "classad/numbers.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include <fmt/core.h>

namespace tow::classad {

namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 86400;

// Of the years 0 to 9999, since 1970.
constexpr std::int64_t kFirstSecond = -62'167'219'200;
constexpr std::int64_t kLastSecond = 253'402'300'799;

// Up to count digits off the front; nothing if there is none.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t count) noexcept {
    std::int64_t number = 0;
    std::size_t taken = 0;
    while (taken < count && taken < text.size() && base::is_digit(text[taken])) {
        number = number * 10 + (text[taken] - '0');
        ++taken;
    }
    text.remove_prefix(taken);
    return taken > 0 ? std::optional(number) : std::nullopt;
}

bool take_any(std::string_view& text, std::string_view any_of) noexcept {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

// The next field of a date or time after its separator, which may be missing.
std::int64_t take_field(std::string_view& text, std::string_view separators,
                        std::int64_t otherwise) noexcept {
    auto rest = text;
    while (take_any(rest, separators)) {
    }
    const auto field = take_digits(rest, 2);
    if (!field) {
        return otherwise;
    }
    text = rest;
    return *field;
}

// Day 0 is the day before the first, month 13 is in the next year.
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) noexcept {
    const auto months = year * 12 + month - 1;
    const std::chrono::year_month first{std::chrono::year{static_cast<int>(months / 12)},
                                        std::chrono::month{static_cast<unsigned>(months % 12) + 1}};
    return std::chrono::sys_days{first / 1}.time_since_epoch().count() + day - 1;
}

// "Z", "+01:00", "-0530" or nothing at all; false if it is anything else.
bool take_zone(std::string_view text, std::optional<std::int32_t>& offset) noexcept {
    if (text.empty()) {
        return true;
    }
    if (take_any(text, "Zz")) {
        offset = 0;
        return text.empty();
    }
    const bool west = text.front() == '-';
    if (!take_any(text, "+-")) {
        return false;
    }
    const auto hours = take_digits(text, 2);
    const auto minutes = take_field(text, ":", 0);
    const auto seconds = static_cast<std::int32_t>(hours.value_or(0) * kHour + minutes * kMinute);
    offset = west ? -seconds : seconds;
    return hours.has_value() && text.empty();
}

// hh:mm:ss, mm:ss or ss, the last with a fraction.
std::optional<double> parse_clock(std::string_view text) {
    double total = 0;
    for (int part = 0; part < 3; ++part) {
        const auto colon = text.find(':');
        const auto field = text.substr(0, colon);
        const bool last = colon == std::string_view::npos;
        const bool numeric =
            field.find_first_not_of(last ? "0123456789." : "0123456789") == std::string_view::npos;
        if (field.empty() || !numeric || !base::is_digit(field.front())) {
            return std::nullopt;
        }
        total = total * 60 + parse_real(field);
        if (last) {
            return total;
        }
        text.remove_prefix(colon + 1);
    }
    return std::nullopt;
}

// "1d2h3m4s", any of them missing.
std::optional<double> parse_units(std::string_view text) {
    constexpr std::array<std::pair<char, std::int64_t>, 4> kUnits{
        {{'d', kDay}, {'h', kHour}, {'m', kMinute}, {'s', 1}}};
    double total = 0;
    for (const auto& [unit, seconds] : kUnits) {
        const auto digits = text.substr(0, text.find_first_not_of("0123456789."));
        if (!digits.empty() && digits.size() < text.size() &&
            base::to_lower(text[digits.size()]) == unit) {
            total += parse_real(digits) * static_cast<double>(seconds);
            text.remove_prefix(digits.size() + 1);
        }
    }
    return text.empty() ? std::optional(total) : std::nullopt;
}

std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

std::optional<AbsoluteTime> parse_absolute_time(std::string_view text) noexcept {
    text = base::trim(text);
    const auto all = text.size();
    const auto year = take_digits(text, 4);
    if (!year || all - text.size() != 4) {
        return std::nullopt;
    }
    const auto month = take_field(text, "-/", 1);
    const auto day = take_field(text, "-/", 0);
    const auto hours = take_field(text, "Tt ", 0);
    const auto minutes = take_field(text, ":", 0);
    const auto seconds = take_field(text, ":", 0);
    if (take_any(text, ".")) {
        text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
    }
    std::optional<std::int32_t> offset;
    if (!take_zone(text, offset)) {
        return std::nullopt;
    }
    const auto there =
        days_from_civil(*year, month, day) * kDay + hours * kHour + minutes * kMinute + seconds;
    if (there < kFirstSecond || there > kLastSecond) {
        return std::nullopt;  // carried into a year that cannot be written
    }
    if (!offset) {
        offset = local_offset(there - local_offset(there));
    }
    return AbsoluteTime{there - *offset, *offset};
}

std::optional<double> parse_relative_time(std::string_view text) noexcept {
    text = base::trim(text);
    const bool negative = take_any(text, "-");
    double days = 0;
    if (const auto plus = text.find('+'); plus != std::string_view::npos && plus > 0) {
        const auto number = text.substr(0, plus);
        if (number.find_first_not_of("0123456789") != std::string_view::npos) {
            return std::nullopt;
        }
        days = parse_real(number);
        text.remove_prefix(plus + 1);
    }
    auto seconds = parse_clock(text);
    if (!seconds && days == 0 && !text.empty()) {
        seconds = parse_units(text);
    }
    if (!seconds) {
        return std::nullopt;
    }
    const double total = days * static_cast<double>(kDay) + *seconds;
    return negative ? -total : total;
}

std::string format_absolute_time(AbsoluteTime time) {
    const auto there = broken_down(time);
    const auto east = std::int64_t{time.offset};
    const auto distance = east < 0 ? -east : east;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}",
                       std::int64_t{there.tm_year} + 1900, there.tm_mon + 1, there.tm_mday,
                       there.tm_hour, there.tm_min, there.tm_sec, east > 0 ? '+' : '-',
                       distance / kHour, distance % kHour / kMinute);
}

RelativeParts split_relative_time(double seconds) noexcept {
    const double magnitude = std::fabs(seconds);
    const bool countable = magnitude < 9e18;  // false for NaN
    const auto whole = countable ? static_cast<std::int64_t>(magnitude) : std::int64_t{0};
    RelativeParts parts{whole / kDay, static_cast<int>(whole % kDay / kHour),
                        static_cast<int>(whole % kHour / kMinute),
                        static_cast<double>(whole % kMinute)};
    if (countable) {
        parts.seconds += magnitude - static_cast<double>(whole);
    }
    if (!(seconds < 0)) {
        return parts;
    }
    if (parts.days != 0) {
        parts.days = -parts.days;
    } else if (parts.hours != 0) {
        parts.hours = -parts.hours;
    } else if (parts.minutes != 0) {
        parts.minutes = -parts.minutes;
    } else {
        parts.seconds = -parts.seconds;
    }
    return parts;
}

std::string format_relative_time(double seconds) {
    const auto parts = split_relative_time(std::fabs(seconds));
    std::string text = seconds < 0 ? "-" : "";
    if (parts.days != 0) {
        text += fmt::format("{}+", parts.days);
    }
    if (parts.days != 0 || parts.hours != 0) {
        text += fmt::format("{:02}:", parts.hours);
    }
    if (parts.days != 0 || parts.hours != 0 || parts.minutes != 0) {
        text += fmt::format("{:02}:", parts.minutes);
    }
    const bool whole = parts.seconds == std::floor(parts.seconds);
    return text + (whole ? fmt::format("{:02}", static_cast<int>(parts.seconds))
                         : fmt::format("{:g}", parts.seconds));
}

std::tm broken_down(AbsoluteTime time) noexcept {
    std::tm result{};
    const std::time_t there = wrapping_sum(time.seconds, time.offset);
    gmtime_r(&there, &result);
    return result;
}

std::tm broken_down_here(std::int64_t seconds) noexcept {
    std::tm result{};
    const std::time_t time = seconds;
    localtime_r(&time, &result);
    return result;
}

std::int32_t local_offset(std::int64_t seconds) noexcept {
    return static_cast<std::int32_t>(broken_down_here(seconds).tm_gmtoff);
}

}  // namespace tow::classad
