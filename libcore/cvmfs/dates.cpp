#include "cvmfs/dates.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>

namespace tow::cvmfs {

namespace {

// How the months begin in the languages that servers have been seen to speak.
constexpr std::array<std::string_view, 12> kMonths{"jan gen ene j\u00e4n",
                                                   "feb fev f\u00e9v",
                                                   "mar mrz mrt m\u00e4r",
                                                   "apr avr abr",
                                                   "may mai mag maj mei",
                                                   "jun giu juin",
                                                   "jul lug juil",
                                                   "aug ago ao\u00fb",
                                                   "sep set",
                                                   "oct okt ott out",
                                                   "nov",
                                                   "dec dez dic d\u00e9c"};

std::optional<unsigned> number_of(std::string_view text) {
    unsigned number = 0;
    const auto* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    return !text.empty() && result.ec == std::errc() && result.ptr == end ? std::optional(number)
                                                                          : std::nullopt;
}

std::optional<unsigned> month_of(std::string_view lower_word) {
    for (unsigned i = 0; i < kMonths.size(); ++i) {
        const auto starts = base::split(kMonths[i], ' ');
        if (std::ranges::any_of(starts,
                                [&](const auto& start) { return lower_word.starts_with(start); })) {
            return i + 1;
        }
    }
    return std::nullopt;
}

// Parts of a date as they turn up.
struct DateParts {
    std::optional<unsigned> month;
    std::optional<unsigned> day;
    std::optional<unsigned> year;
    std::optional<std::array<unsigned, 3>> clock;
    std::optional<bool> afternoon;
    bool is_utc = true;

    void take_clock(std::string_view word) {
        const auto parts = base::split(word, ':');
        const auto at = [&](std::size_t i) { return number_of(parts[i]).value_or(99); };
        if (parts.size() == 3) {
            clock = {at(0), at(1), at(2)};
        }
    }

    void take(std::string word) {
        while (!word.empty() && (word.back() == '.' || word.back() == ',')) {
            word.pop_back();
        }
        const auto lower = base::lower(word);
        if (word.find(':') != std::string::npos) {
            take_clock(word);
        } else if (const auto number = number_of(word)) {
            (word.size() == 4 ? year : day) = number;
        } else if (lower == "am" || lower == "pm") {
            afternoon = lower == "pm";
        } else if (const auto name = month_of(lower)) {
            month = name;  // the last one: "mar" before it is a Tuesday in French
        } else if (lower == "cet" || lower == "cest" || lower.starts_with('+') ||
                   lower.ends_with("dt") || (lower.size() == 3 && lower.ends_with("st"))) {
            is_utc = false;
        }
    }

    std::optional<base::Time> time() const {
        if (!month || !day || !year || !clock || !is_utc) {
            return std::nullopt;
        }
        auto hour = (*clock)[0];
        if (afternoon) {
            hour = hour % 12 + (*afternoon ? 12 : 0);
        }
        const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                               std::chrono::month(*month), std::chrono::day(*day)};
        if (!date.ok() || hour > 23 || (*clock)[1] > 59 || (*clock)[2] > 60) {
            return std::nullopt;
        }
        return std::chrono::sys_days(date) + std::chrono::hours(hour) +
               std::chrono::minutes((*clock)[1]) + std::chrono::seconds((*clock)[2]);
    }
};

}  // namespace

std::optional<base::Time> parse_date(std::string_view text) {
    if (text.size() > 200) {
        return std::nullopt;
    }
    if (const auto time = base::parse_rfc3339(base::trim(text))) {
        return time;
    }
    DateParts parts;
    std::string spaced(text);
    std::ranges::replace_if(spaced, base::is_space, ' ');
    for (auto& word : base::split(spaced, ' ')) {
        parts.take(std::move(word));
    }
    return parts.time();
}

}  // namespace tow::cvmfs
