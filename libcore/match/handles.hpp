// What a person could turn to make one condition true: a number, a text or a list that the job has,
// and what it is compared with. Internal to suggestions.
#pragma once

#include "match/conditions.hpp"

#include <string>
#include <vector>

namespace tow::match {

struct Handle {
    enum class Kind {
        AtMost,   // the number must not be more than the other side
        AtLeast,  // not less
        Same,     // equal
        Add,      // the list must hold the other side
        OneOf,    // the other side is a list that must hold the value
    };

    Kind kind = Kind::Same;
    bool strictly = false;   // AtMost and AtLeast: equal is not enough
    std::string attribute;   // of the job; empty: a constant in a clause of its requirements
    classad::ExprPtr other;  // the other side; null: see amount
    const Amount* amount = nullptr;           // the other side is what the pilot offers of this
    classad::ExprPtr clause;                  // as a whole, if the constant stands in it
    const classad::Expr* constant = nullptr;  // in the clause
};

// The handles of a condition that stands in this ad: of the job, or of one of the entries. Several
// if one of several alternatives would do.
std::vector<Handle> handles_of(const classad::ExprPtr& clause, model::Side side,
                               const classad::Ad& own);
Handle handle_of(const Amount& amount);

// The clause with another constant in place of the one of the handle. Null if it is not found.
classad::ExprPtr with_constant(const Handle& handle, const classad::ExprPtr& constant);

}  // namespace tow::match
