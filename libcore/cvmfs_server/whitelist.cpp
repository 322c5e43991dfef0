#include "cvmfs_server/whitelist.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace tow::cvmfs_server {

namespace {

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, base::is_digit);
}

unsigned number(std::string_view digits) {
    unsigned result = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), result);
    return result;
}

// "E20260131235959" -> 2026-01-31T23:00:00Z: clients look at nothing below the hour.
std::optional<base::Time> parse_expiry(std::string_view line) {
    if (line.size() != 15 || line[0] != 'E' || !all_digits(line.substr(1))) {
        return std::nullopt;
    }
    const std::chrono::year_month_day day{
        std::chrono::year(static_cast<int>(number(line.substr(1, 4)))),
        std::chrono::month(number(line.substr(5, 2))), std::chrono::day(number(line.substr(7, 2)))};
    const auto hour = number(line.substr(9, 2));
    if (!day.ok() || hour > 24) {
        return std::nullopt;
    }
    return std::chrono::sys_days(day) + std::chrono::hours(hour);
}

Fault malformed(const std::string& what) {
    return {"whitelist_malformed", "the whitelist is malformed: " + what};
}

}  // namespace

std::optional<Hash> parse_fingerprint(std::string_view line) {
    std::string text = base::lower(line.substr(0, line.find_first_of(" \t#\r")));
    std::erase(text, ':');
    return parse_hash(text);
}

WhitelistReading read_whitelist(std::string_view text, std::string_view repository) {
    if (text.empty()) {
        return {std::nullopt, Fault{"whitelist_empty", "the whitelist is empty"}};
    }
    Whitelist whitelist;
    whitelist.letter = cut_letter(text);
    const auto lines = whole_lines(whitelist.letter ? whitelist.letter->body : text);
    if (lines.size() < 3 || lines[0].size() != 14) {
        return {std::nullopt, malformed("its first line is no time of 14 digits")};
    }
    const auto expires = parse_expiry(lines[1]);
    if (!expires) {
        return {std::nullopt, malformed("its second line is not E and a time of 14 digits")};
    }
    if (lines[2].empty() || lines[2][0] != 'N') {
        return {std::nullopt, malformed("its third line names no repository")};
    }
    whitelist.expires = *expires;
    whitelist.name = lines[2].substr(1);
    whitelist.is_pkcs7 = lines.size() > 3 && lines[3] == "Vpkcs7";
    for (std::size_t i = 3; i < lines.size() && lines[i] != "--"; ++i) {
        if (const auto fingerprint = parse_fingerprint(lines[i])) {
            whitelist.fingerprints.push_back(*fingerprint);
        }
    }
    std::optional<Fault> fault;
    if (whitelist.name != repository) {
        fault = Fault{"whitelist_name",
                      fmt::format("the whitelist is that of {}", base::printable(whitelist.name))};
    } else if (!whitelist.is_pkcs7 && !whitelist.letter) {
        fault = Fault{"whitelist_truncated", "the whitelist breaks off before its signature"};
    } else if (!whitelist.is_pkcs7 && !whitelist.letter->hash_fits()) {
        fault = Fault{"whitelist_hash", "the whitelist is not what its hash says: it was altered"};
    }
    return {std::move(whitelist), std::move(fault)};
}

void add_to_blacklist(Blacklist& blacklist, std::string_view text) {
    for (const auto& line : base::split(text, '\n')) {
        if (line.starts_with('<')) {
            const auto words = base::split(std::string_view(line).substr(1), ' ');
            if (words.size() == 2 && words[1].size() < 19 && all_digits(words[1])) {
                auto& least = blacklist.least_revisions[words[0]];
                least = std::max<std::uint64_t>(least, std::stoull(words[1]));
            }
        } else if (const auto fingerprint = parse_fingerprint(line)) {
            blacklist.fingerprints.push_back(*fingerprint);
        }
    }
}

}  // namespace tow::cvmfs_server
