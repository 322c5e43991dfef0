// Which ClassAds: the two lexers, and the HTCondor release whose behaviour counts.
#pragma once

#include <cstdint>

namespace tow::classad {

enum class Lexer : std::uint8_t {
    New,  // strings with C escapes; adjacent ones join
    Old,  // -long lines, submit files, -constraint: a backslash stands for itself
};

enum class Compat : std::uint8_t {
    V25,  // 25.14: a circular reference is undefined, operators count against the recursion limit
    V23,  // 23.9: ?: binds weakest of all, a circular reference makes the evaluation fail
};

}  // namespace tow::classad
