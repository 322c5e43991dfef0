// Requirements taken apart: the conditions that all have to be true, one by one.
#pragma once

#include "classad/ad.hpp"
#include "classad/expr.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace tow::match {

// What an expression of an ad depends on, followed through the ad's own expressions.
struct Reach {
    std::set<std::string> names;  // lower case, of both ads; more than it needs at worst
    std::uint64_t depth = 0;      // no evaluation nests deeper, as far as this ad goes
    // Something may look at more than the names say: eval(), MY as a value, ...
    bool unbounded = false;
};

Reach reach(const classad::Expr& expr, const classad::Ad& ad);

// Whether the value is a constant, alone or in a list.
bool is_constant(const classad::Expr& expr);

struct Clause {
    classad::ExprPtr expr;  // stands in the ad it comes from
    std::string text;
};

// The Requirements of the ad are true if and only if all the clauses are, HTCondor's limits of
// evaluation aside. Goes through && and parentheses, and through names of the ad's own expressions
// (Requirements = SiteOk && SizeOk). No clause twice. Where taking it apart could change what it
// means (it refers to itself) or would not end, the whole is one clause.
std::vector<Clause> split_requirements(const classad::Ad& ad);

// The clauses as one expression; `true` if there are none.
classad::ExprPtr joined(const std::vector<Clause>& clauses);

// The expression without parentheses around it.
const classad::Expr& bare(const classad::Expr& expr);

// The expression with some attribute references replaced: replace() answers null for one that
// stays. Null if nothing was replaced, or if the tree is very high.
using Replace = std::function<classad::ExprPtr(const classad::Attribute&)>;
classad::ExprPtr replaced(const classad::ExprPtr& expr, const Replace& replace);

}  // namespace tow::match
