// What HTCondor hides about an ad: things that it accepts or evaluates without a word although they
// are hardly what the author meant.
#pragma once

#include "classad/ad.hpp"
#include "classad/evaluate.hpp"
#include "classad/parse.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::classad {

enum class Flaw : std::uint8_t {
    UnknownFunction,    // evaluates to error
    ArgumentCount,      // likewise
    TooDeep,            // past the recursion limit: the evaluation fails, nothing matches
    TooMuchWork,        // past the work limit, if nothing cuts it short: likewise
    CircularReference,  // undefined; makes the evaluation fail before 25.13
    IntegerBecameZero,  // it does not fit 64 bits
    TextIgnored,        // after the end of the expression
    RepeatedAttribute,  // the last one counts
};

std::string_view flaw_name(Flaw flaw) noexcept;  // lower snake_case

struct Problem {
    std::string attribute;  // empty: the expression itself
    Flaw flaw = Flaw::UnknownFunction;
    std::string message;                // without the attribute
    std::optional<std::size_t> offset;  // in the text, if notes were given: of what is wrong, or
                                        // of the attribute
};

// In the order of the attributes. Depth and work are those of the longest way through, with every
// name that this ad does not define leading to a plain value in the other ad, and Requirements as
// deep as a negotiator evaluates them. Names inside the strings of eval() are not seen. Takes time
// in proportion to the size of the ad.
std::vector<Problem> check(const Ad& ad, const EvalOptions& options = {});

// The same with what was seen when the ad was read, in the order of the text.
std::vector<Problem> check(const Ad& ad, const ParseNotes& notes, const EvalOptions& options = {});

// One expression that stands in an ad (null: an empty one), and the attributes that it leads to.
std::vector<Problem> check(const Expr& expr, const Ad* my, const EvalOptions& options = {});

}  // namespace tow::classad
