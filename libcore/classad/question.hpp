// A question about ads and its answer, both as text: one line of the corpus that HTCondor's own
// answers are kept in. Tests and batches ask so.
#pragma once

#include "classad/evaluate.hpp"

#include <string>
#include <string_view>

namespace tow::classad {

struct Question {
    std::string expr;
    std::string my;      // an ad in new syntax; empty: an empty ad
    std::string target;  // empty: there is none
    // eval, old (the expression is written as in -long), unparse, refs, match (my is the job,
    // target the slot), long, json, newad (expr is an ad in that format), tojson, tolong, toxml
    // (expr is an ad in new syntax)
    std::string mode = "eval";
};

struct Answer {
    // In new syntax; or "<parse-error>", "<ad-parse-error>", "<eval-fail>".
    std::string result;
    // The kind of the value; or parse, adparse, fail, expr, refs, match, ad, text.
    std::string type;
};

// Error{Data} if there is no such mode.
Answer answer(const Question& question, const EvalOptions& options = {});

}  // namespace tow::classad
