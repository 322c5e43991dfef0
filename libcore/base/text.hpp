// Small text helpers for ASCII syntax. Nothing here depends on the locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::base {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr bool is_alpha(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_space(char c) noexcept {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trim_left(std::string_view text) noexcept;
std::string_view trim(std::string_view text) noexcept;
std::string lower(std::string_view text);
bool equal_nocase(std::string_view a, std::string_view b) noexcept;

std::size_t count_newlines(std::string_view text) noexcept;

// Parts between separators, trimmed, empty ones dropped.
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// Whether a shell pattern matches the whole text: * is any characters, ? is one. Takes time linear
// in both lengths for one star, their product at worst.
bool matches_pattern(std::string_view pattern, std::string_view text) noexcept;

// The candidate within edit distance 2 of the word (and less than its length away), the nearest
// first; for "did you mean".
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

}  // namespace tow::base
