// A ClassAd expression that stands in a policy file, read more strictly than HTCondor would: what
// it would let pass although it cannot mean anything is an error of the file.
#pragma once

#include "classad/value.hpp"
#include "config/node.hpp"

#include <string>

namespace tow::policy {

struct Expression {
    classad::ExprPtr expr;  // null: there is none
    std::string text;
    config::Origin origin;
};

// Error{Config} with file, line and key for what cannot be parsed, text behind the end of the
// expression, integers that do not fit, functions that do not exist or get too many or too few
// arguments, and TARGET, because nothing meets anything in a policy.
Expression read_expression(const config::Node& node);

}  // namespace tow::policy
