// Text to expression trees.
#pragma once

#include "classad/ad.hpp"
#include "classad/dialect.hpp"
#include "classad/value.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tow::classad {

struct ParseOptions {
    Lexer lexer = Lexer::New;
    Compat compat = Compat::V25;
    // Nothing may follow the expression. HTCondor does not look after a ternary, and neither do we.
    bool whole = true;
};

// What HTCondor accepts without a word although it is hardly what the author meant.
struct ParseNotes {
    // Of the outermost ad: where each attribute stands, in the order of the text.
    struct Place {
        std::string attribute;
        std::size_t offset = 0;
    };

    std::vector<std::size_t> zeroed_integers;  // offsets of integers that do not fit: they became 0
    std::vector<std::size_t> ignored_texts;    // offsets of text after the end of an expression
    std::vector<Place> places;
};

// Nodes of one expression or ad; more is an error.
constexpr std::size_t kMaxNodes = 1'000'000;

// Error{Data} says what is wrong and at which byte (from 1). Depth and size are limited, so that
// any text is answered quickly.
ExprPtr parse_expr(std::string_view text, const ParseOptions& options = {},
                   ParseNotes* notes = nullptr);

// "[ a = 1; b = 2 ]", whole.
Ad parse_ad(std::string_view text, const ParseOptions& options = {}, ParseNotes* notes = nullptr);

}  // namespace tow::classad
