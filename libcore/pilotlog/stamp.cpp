#include "pilotlog/stamp.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace tow::pilotlog {

namespace {

// Takes count digits off the front.
bool take_number(std::string_view& text, std::size_t count, int& number) noexcept {
    if (text.size() < count) {
        return false;
    }
    int result = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!base::is_digit(text[i])) {
            return false;
        }
        result = result * 10 + (text[i] - '0');
    }
    number = result;
    text.remove_prefix(count);
    return true;
}

bool take_char(std::string_view& text, char c) noexcept {
    if (text.empty() || text.front() != c) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

struct Date {
    int year = 0;  // 0: not said
    int month = 0;
    int day = 0;
};

constexpr int kCentury = 2000;

bool take_american(std::string_view& text, Date& date) noexcept {
    if (!take_number(text, 2, date.month) || !take_char(text, '/') ||
        !take_number(text, 2, date.day)) {
        return false;
    }
    if (!take_char(text, '/')) {
        return true;
    }
    if (take_number(text, 4, date.year)) {
        return true;
    }
    const bool is_short = take_number(text, 2, date.year);
    date.year += kCentury;
    return is_short;
}

bool take_date(std::string_view& text, Date& date) noexcept {
    if (text.size() > 2 && text[2] == '/') {
        return take_american(text, date);
    }
    return take_number(text, 4, date.year) && take_char(text, '-') &&
           take_number(text, 2, date.month) && take_char(text, '-') &&
           take_number(text, 2, date.day);
}

bool take_clock(std::string_view& text, std::chrono::seconds& time) noexcept {
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    if (!take_number(text, 2, hours) || !take_char(text, ':') || !take_number(text, 2, minutes) ||
        !take_char(text, ':') || !take_number(text, 2, seconds) || hours > 23 || minutes > 59 ||
        seconds > 60) {
        return false;
    }
    time =
        std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
    if (!text.empty() && (text.front() == '.' || text.front() == ',')) {
        text.remove_prefix(1);
        while (!text.empty() && base::is_digit(text.front())) {
            text.remove_prefix(1);
        }
    }
    return true;
}

// "Z", "+01:00", "-0500"; the zone of the log if there is none.
std::chrono::seconds take_zone(std::string_view& text, std::chrono::seconds otherwise) noexcept {
    if (take_char(text, 'Z')) {
        return std::chrono::seconds{0};
    }
    auto rest = text;
    const bool is_west = take_char(rest, '-');
    int hours = 0;
    int minutes = 0;
    if ((!is_west && !take_char(rest, '+')) || !take_number(rest, 2, hours)) {
        return otherwise;
    }
    take_char(rest, ':');
    if (!take_number(rest, 2, minutes)) {
        return otherwise;
    }
    text = rest;
    const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    return is_west ? -offset : offset;
}

std::optional<base::Time> instant(int year, const Date& date, std::chrono::seconds time) noexcept {
    const std::chrono::year_month_day day{std::chrono::year{year},
                                          std::chrono::month{static_cast<unsigned>(date.month)},
                                          std::chrono::day{static_cast<unsigned>(date.day)}};
    return day.ok() ? std::optional<base::Time>{std::chrono::sys_days{day} + time} : std::nullopt;
}

// A clock that is a little ahead of ours does not make an event a year old.
constexpr std::chrono::hours kAhead{24};
constexpr int kLeapYears = 8;  // in so many years there is a 29 February, around 2100 too

std::optional<base::Time> of_last_year(const Date& date, std::chrono::seconds time,
                                       base::Time now) noexcept {
    const std::chrono::year_month_day today{std::chrono::floor<std::chrono::days>(now + kAhead)};
    for (int back = 0; back <= kLeapYears; ++back) {
        const auto result = instant(static_cast<int>(today.year()) - back, date, time);
        if (result && *result <= now + kAhead) {
            return result;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<base::Time> take_stamp(std::string_view& text, const LogClock& clock) noexcept {
    auto rest = text;
    Date date;
    std::chrono::seconds time{0};
    if (!take_date(rest, date) || (!take_char(rest, ' ') && !take_char(rest, 'T')) ||
        !take_clock(rest, time)) {
        return std::nullopt;
    }
    time -= take_zone(rest, clock.zone);
    const auto result =
        date.year == 0 ? of_last_year(date, time, clock.now) : instant(date.year, date, time);
    if (result) {
        text = rest;
    }
    return result;
}

std::chrono::seconds parse_zone(std::string_view text) {
    constexpr std::chrono::seconds kNone{1};  // no zone is that far east
    auto rest = text;
    const auto zone = take_zone(rest, kNone);
    if (zone == kNone || !rest.empty()) {
        base::fail(base::Kind::Usage, "zone \"{}\": expected +HH:MM, -HH:MM or Z",
                   base::printable(text));
    }
    return zone;
}

}  // namespace tow::pilotlog
