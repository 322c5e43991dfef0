// Which attributes an expression depends on.
#pragma once

#include "classad/ad.hpp"
#include "classad/evaluate.hpp"
#include "classad/value.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tow::classad {

// Sorted without case; each name once, in its first spelling.
struct References {
    std::vector<std::string> internal;  // attributes of the ad
    std::vector<std::string> external;  // what the ad does not define, without TARGET. or MY.
};

// Followed through the attributes of the ad. Nothing if a name leads back to itself or further than
// the recursion limit. Names inside the strings of eval() are not seen.
std::optional<References> references(const Expr& expr, const Ad& ad,
                                     const EvalOptions& options = {});

// The names that the text itself mentions, following nothing. Sorted without case, each once.
struct Mentions {
    std::vector<std::string> unscoped;           // Memory
    std::vector<std::string> my;                 // MY.Memory
    std::vector<std::string> target;             // TARGET.Memory, other.Memory
    std::vector<std::string> root;               // .Memory
    std::vector<std::string> unknown_functions;  // they evaluate to error
    // eval(), unparse(), unresolved(), evalInEachContext() or countMatches() occurs: the names
    // above may not be all that matter.
    bool hidden = false;
};

Mentions mentions(const Expr& expr);

}  // namespace tow::classad
