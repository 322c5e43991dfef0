// Downtimes in files of lines: calendars (RFC 5545), and the downtime file of a GlideinWMS factory.
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "foreign/downtimes.hpp"
#include "foreign/values.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace tow::foreign {

namespace {

std::string_view next_line(std::string_view& text) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

// Lines that begin with a blank go on with the one before.
std::vector<std::string> unfolded(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const auto line = next_line(text);
        if (!lines.empty() && (line.starts_with(' ') || line.starts_with('\t'))) {
            lines.back() += line.substr(1);
        } else {
            lines.emplace_back(line);
        }
    }
    return lines;
}

std::string unescaped(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            result += text[i];
            continue;
        }
        ++i;
        result += text[i] == 'n' || text[i] == 'N' ? ' ' : text[i];
    }
    return result;
}

// 20261121 or 20261121T100000Z. A time without Z is of a zone that we do not know.
std::optional<base::Time> calendar_time(std::string_view text) {
    constexpr std::size_t kDate = 8;
    if (text.size() == kDate) {
        return base::parse_rfc3339(fmt::format("{}-{}-{}T00:00:00Z", text.substr(0, 4),
                                               text.substr(4, 2), text.substr(6, 2)));
    }
    if (text.size() != kDate + 8 || text[kDate] != 'T' || text.back() != 'Z') {
        return std::nullopt;
    }
    return base::parse_rfc3339(fmt::format("{}-{}-{}T{}:{}:{}Z", text.substr(0, 4),
                                           text.substr(4, 2), text.substr(6, 2), text.substr(9, 2),
                                           text.substr(11, 2), text.substr(13, 2)));
}

// Of a letter in a duration, in seconds; 0 if it means nothing there.
std::int64_t calendar_unit(char letter, bool is_time) {
    switch (letter) {
        case 'W':
            return 604'800;
        case 'D':
            return 86'400;
        case 'H':
            return is_time ? 3'600 : 0;
        case 'M':
            return is_time ? 60 : 0;
        case 'S':
            return is_time ? 1 : 0;
        default:
            return 0;
    }
}

// P1DT2H30M, P2W
std::optional<std::chrono::seconds> calendar_duration(std::string_view text) {
    if (!text.starts_with('P')) {
        return std::nullopt;
    }
    text.remove_prefix(1);
    std::int64_t seconds = 0;
    bool is_time = false;
    while (!text.empty()) {
        if (text.front() == 'T') {
            is_time = true;
            text.remove_prefix(1);
        }
        const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
        text.remove_prefix(digits.size());
        const auto unit = text.empty() ? 0 : calendar_unit(text.front(), is_time);
        const auto number = integer_of(digits);
        constexpr std::int64_t kMost = 1'000'000;
        if (unit == 0 || !number || *number > kMost) {
            return std::nullopt;
        }
        seconds += *number * unit;
        text.remove_prefix(1);
    }
    return seconds > 0 ? std::optional{std::chrono::seconds(seconds)} : std::nullopt;
}

using Properties = std::map<std::string, std::string>;  // without their parameters

void add_event(const Properties& event, Announcements& result) {
    const auto at = [&event](const std::string& key) {
        const auto found = event.find(key);
        return found == event.end() ? "" : found->second;
    };
    const auto reject = [&](std::string_view why) {
        result.problems.push_back(
            fmt::format("event \"{}\": {}", base::printable(unescaped(at("SUMMARY"))), why));
    };
    if (at("STATUS") == "CANCELLED") {
        return;
    }
    const auto from = calendar_time(at("DTSTART"));
    auto until = calendar_time(at("DTEND"));
    if (const auto duration = calendar_duration(at("DURATION")); from && !until && duration) {
        until = *from + *duration;
    }
    if (from && at("DTEND").empty() && !until && at("DTSTART").size() == 8) {
        until = *from + std::chrono::days(1);  // a date alone is the whole day
    }
    if (!from || !until || *until <= *from) {
        reject("expected a beginning and a later end in UTC, as in 20261121T100000Z");
        return;
    }
    Announcement announcement;
    announcement.entries = base::split(unescaped(at("LOCATION")), ',');
    if (announcement.entries.empty()) {
        reject("LOCATION names no entry or site");
        return;
    }
    if (event.contains("RRULE")) {
        reject("only the first of its repetitions is taken");
    }
    const auto description = unescaped(at("DESCRIPTION"));
    announcement.source = "calendar";
    announcement.id = at("UID");
    announcement.from = *from;
    announcement.until = *until;
    announcement.severity =
        base::lower(at("CATEGORIES")).find("warning") == std::string::npos ? "outage" : "warning";
    announcement.reason = unescaped(at("SUMMARY"));
    announcement.reason += description.empty() ? "" : ": " + description;
    result.list.push_back(std::move(announcement));
}

// "None" as a beginning is always, as an end never.
std::optional<base::Time> gwms_time(const std::string& text, base::Time none) {
    if (text == "None") {
        return none;
    }
    const auto time = base::parse_rfc3339(text);
    return time ? time : base::parse_rfc3339(text + "Z");
}

// "START END ENTRY FRONTEND SECURITY_CLASS # COMMENT". Returns what is wrong with it; empty:
// nothing.
std::string read_gwms_line(std::string_view line, Announcements& result) {
    // Far enough for "for ever", and a time that every reader of RFC 3339 takes.
    static const auto never = *base::parse_rfc3339("9999-12-31T00:00:00Z");
    const auto comment = line.find('#');
    std::string columns(line.substr(0, comment));
    std::ranges::replace(columns, '\t', ' ');
    const auto words = base::split(columns, ' ');
    if (words.size() < 3) {
        return "expected START END ENTRY FRONTEND SECURITY_CLASS # COMMENT";
    }
    const auto from = gwms_time(words[0], base::Time{});
    const auto until = gwms_time(words[1], never);
    if (!from || !until || *until <= *from) {
        return "expected a beginning and a later end, each a time or None";
    }
    if (words.size() > 3 && words[3] != "All") {
        return "it concerns another frontend: " + base::printable(words[3]);
    }
    Announcement announcement;
    announcement.source = "gwms";
    announcement.entries = {words[2] == "All" || words[2] == "factory" ? "*" : words[2]};
    announcement.from = *from;
    announcement.until = *until;
    announcement.severity = "outage";
    if (comment != std::string_view::npos) {
        announcement.reason = base::trim(line.substr(comment + 1));
    }
    result.list.push_back(std::move(announcement));
    return {};
}

}  // namespace

void read_calendar(const Text& text, Announcements& result) {
    bool in_event = false;
    Properties event;
    for (const auto& line : unfolded(text.content)) {
        if (line == "BEGIN:VEVENT") {
            in_event = true;
            event.clear();
        } else if (line == "END:VEVENT" && in_event) {
            in_event = false;
            add_event(event, result);
        } else if (const auto colon = line.find(':'); in_event && colon != std::string::npos) {
            event.emplace(line.substr(0, std::min(colon, line.find(';'))), line.substr(colon + 1));
        }
    }
}

void read_gwms_downtimes(const Text& text, Announcements& result) {
    std::string_view rest = text.content;
    for (int number = 1; !rest.empty(); ++number) {
        const auto line = base::trim(next_line(rest));
        if (line.empty() || line[0] == '#') {
            continue;
        }
        if (const auto problem = read_gwms_line(line, result); !problem.empty()) {
            result.problems.push_back(
                fmt::format("{}:{}: {}", base::printable(text.name), number, problem));
        }
    }
}

}  // namespace tow::foreign
