// Strings that hold lists: "a, b c". Internal.
#pragma once

#include "classad/evaluator.hpp"

#include <string_view>
#include <vector>

namespace tow::classad {

// What separates items unless a call says otherwise, and for the functions that test membership.
constexpr std::string_view kListDelimiters = " ,";
constexpr std::string_view kMemberDelimiters = ", \t\r\n";

// The parts between delimiters, without blanks around them; empty ones are left out. Views into the
// text. Accounted for.
std::vector<std::string_view> string_items(Evaluator& evaluator, std::string_view text,
                                           std::string_view delimiters);

}  // namespace tow::classad
