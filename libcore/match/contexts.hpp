// countMatches() and evalInEachContext() where their answer depends on one ad alone: GPUs are asked
// for with them. Internal to the column engine.
#pragma once

#include "classad/ad.hpp"
#include "classad/expr.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tow::match {

// An expression that is to be evaluated in each ad of a list.
struct Question {
    std::string text;                  // equal only for expressions that mean the same
    std::vector<classad::Name> names;  // it looks up
};

// Nothing if it could see more than those ads and the one around them.
std::optional<Question> self_contained(const classad::Expr& expr);

// Whether what should be the list holds ads of constants (or is a constant itself), and what the
// question may find around them is constant.
bool answers_alone(const classad::Expr& list, const classad::Ad& around, const Question& question);

}  // namespace tow::match
