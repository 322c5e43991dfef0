#include "base/text.hpp"

#include <algorithm>
#include <numeric>

namespace tow::base {

std::string_view trim_left(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    return text;
}

std::string_view trim(std::string_view text) noexcept {
    text = trim_left(text);
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), to_lower);
    return result;
}

bool equal_nocase(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

std::size_t count_newlines(std::string_view text) noexcept {
    constexpr std::size_t kBlock = 255;  // as many as a byte can count: compilers vectorise that
    std::size_t total = 0;
    while (!text.empty()) {
        const auto block = text.substr(0, kBlock);
        unsigned char count = 0;
        for (const char c : block) {
            count = static_cast<unsigned char>(count + (c == '\n' ? 1 : 0));
        }
        total += count;
        text.remove_prefix(block.size());
    }
    return total;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        if (const auto part = trim(text.substr(0, end)); !part.empty()) {
            parts.emplace_back(part);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string result;
    for (const auto& part : parts) {
        result += result.empty() ? "" : separator;
        result += part;
    }
    return result;
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view text) noexcept {
    constexpr auto kNone = std::string_view::npos;
    std::size_t at = 0;        // in the pattern
    std::size_t star = kNone;  // the last one
    std::size_t resume = 0;    // in the text: where that star ends
    for (std::size_t i = 0; i < text.size();) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            resume = i;
        } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == text[i])) {
            ++at;
            ++i;
        } else if (star != kNone) {
            at = star + 1;
            i = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == kNone;
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
    std::optional<std::string> best;
    std::size_t best_distance = std::min<std::size_t>(3, word.size());
    for (const auto& candidate : candidates) {
        if (const auto distance = edit_distance(word, candidate); distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace tow::base
