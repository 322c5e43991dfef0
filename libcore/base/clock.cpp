#include "base/clock.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"

#include <cstdlib>

namespace tow::base {

namespace {

// Takes exactly count digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) noexcept {
    if (text.size() < count) {
        return std::nullopt;
    }
    int number = 0;
    for (const char c : text.substr(0, count)) {
        if (!is_digit(c)) {
            return std::nullopt;
        }
        number = number * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return number;
}

bool take(std::string_view& text, std::string_view any_of) noexcept {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) noexcept {
    const auto year = take_digits(text, 4);
    const bool dash = take(text, "-");
    const auto month = take_digits(text, 2);
    const bool dash2 = take(text, "-");
    const auto day = take_digits(text, 2);
    if (!year || !dash || !month || !dash2 || !day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days{date};
}

std::optional<std::chrono::seconds> take_hours_minutes(std::string_view& text) noexcept {
    const auto hours = take_digits(text, 2);
    const bool colon = take(text, ":");
    const auto minutes = take_digits(text, 2);
    if (!hours || !colon || !minutes || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    return std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
}

std::optional<std::chrono::seconds> take_offset(std::string_view& text) noexcept {
    if (take(text, "Zz")) {
        return std::chrono::seconds{0};
    }
    const bool west = !text.empty() && text.front() == '-';
    if (!take(text, "+-")) {
        return std::nullopt;
    }
    const auto offset = take_hours_minutes(text);
    if (!offset) {
        return std::nullopt;
    }
    return west ? -*offset : *offset;
}

std::optional<Time> fixed_now() {
    // Read once by one thread before any other starts.
    const char* text = std::getenv("TOW_NOW");  // NOLINT(concurrency-mt-unsafe)
    if (text == nullptr || *text == '\0') {
        return std::nullopt;
    }
    const auto time = parse_rfc3339(text);
    if (!time) {
        fail(Kind::Usage, "$TOW_NOW: expected an RFC 3339 time, got \"{}\"", text);
    }
    return time;
}

}  // namespace

std::int64_t wall_clock_ms() {
    if (const auto fixed = fixed_now()) {
        return std::chrono::milliseconds{fixed->time_since_epoch()}.count();
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Time wall_clock() {
    return std::chrono::floor<std::chrono::seconds>(
        std::chrono::sys_time<std::chrono::milliseconds>{
            std::chrono::milliseconds{wall_clock_ms()}});
}

std::string format_time(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    auto result = fmt::format("{:04}-00-00T00:00:00Z", static_cast<int>(date.year()));
    const auto put = [&result](std::size_t from_end, std::int64_t number) {
        result[result.size() - from_end] = static_cast<char>('0' + number / 10);
        result[result.size() - from_end + 1] = static_cast<char>('0' + number % 10);
    };
    put(15, static_cast<unsigned>(date.month()));
    put(12, static_cast<unsigned>(date.day()));
    put(9, clock.hours().count());
    put(6, clock.minutes().count());
    put(3, clock.seconds().count());
    return result;
}

std::optional<Time> parse_rfc3339(std::string_view text) noexcept {
    const auto day = take_date(text);
    if (!day || !take(text, "Tt ")) {
        return std::nullopt;
    }
    const auto hours_minutes = take_hours_minutes(text);
    if (!hours_minutes || !take(text, ":")) {
        return std::nullopt;
    }
    const auto seconds = take_digits(text, 2);
    if (!seconds || *seconds > 60) {
        return std::nullopt;
    }
    if (take(text, ".")) {
        if (!take_digits(text, 1)) {
            return std::nullopt;
        }
        while (take_digits(text, 1)) {
        }
    }
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) {
        return std::nullopt;
    }
    return Time{*day} + *hours_minutes + std::chrono::seconds{*seconds} - *offset;
}

Time parse_time(std::string_view text, Time now) {
    if (text == "now") {
        return now;
    }
    if (text.starts_with('-')) {
        return now - std::chrono::floor<std::chrono::seconds>(parse_duration(text.substr(1)));
    }
    if (const auto time = parse_rfc3339(text)) {
        return *time;
    }
    fail(Kind::Usage, "expected a time such as 2026-11-21T19:30:00Z, -2h or now, got \"{}\"", text);
}

Time parse_end(std::string_view text, Time now) {
    constexpr Time kLast = std::chrono::sys_days{std::chrono::year{9999} / 12 / 31};
    auto end = parse_rfc3339(text);
    if (!end && !text.empty() && is_digit(text.front())) {
        try {
            end = now + std::chrono::floor<std::chrono::seconds>(parse_duration(text));
        } catch (const Error&) {  // NOLINT(bugprone-empty-catch) it may have been meant as a time
        }
    }
    if (!end || *end > kLast) {
        fail(Kind::Usage,
             "expected a duration from now such as 4h, or 2026-11-21T19:30:00Z, got \"{}\"", text);
    }
    if (*end <= now) {
        fail(Kind::Usage, "{} is not after now", format_time(*end));
    }
    return *end;
}

}  // namespace tow::base
