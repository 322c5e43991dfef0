// Expression trees and values to text, exactly as HTCondor writes them.
#pragma once

#include "classad/ad.hpp"
#include "classad/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tow::classad {

enum class Style : std::uint8_t {
    New,     // canonical: reals as %1.15E, strings with C escapes, is/isnt
    Old,     // what stands behind '=' in -long output
    Pretty,  // New, but lists and ads over several lines: what the function unparse() answers
};

std::string unparse(const Expr& expr, Style style = Style::New);
std::string unparse(const Value& value, Style style = Style::New);
std::string unparse(const Ad& ad, Style style = Style::New);  // "[ a = 1; b = 2 ]"

// What strcat() and its like make of a value: a string as it is, times without their function.
std::string plain_text(const Value& value);

// Appends the content of a string literal, with escapes but without its quotes.
void append_escaped(std::string& out, std::string_view text, char quote);

// "%.16G", and ".0" behind what would look like an integer. The number must be finite.
std::string short_real(double number);

// "%1.15E", "0.0", real("INF")
std::string canonical_real(double number);

}  // namespace tow::classad
