// The value of an attribute as it stands in the output of HTCondor's tools, read.
#pragma once

#include "classad/expr.hpp"
#include "record/value.hpp"
#include "source/ad_stream.hpp"

#include <optional>
#include <string_view>

namespace tow::source {

struct Decoded {
    classad::ExprPtr expr;  // never null
    // What JSON can hold of it without loss: booleans, text, numbers. Many readers of JSON know no
    // integers beyond 2^53: those count as expressions.
    std::optional<record::Value> literal;
    bool is_broken = false;    // it is no ClassAd value; expr is `error` then
    bool is_repaired = false;  // the text had bytes that are not UTF-8
};

// The number that the expression is, if it is a literal one.
std::optional<double> number_of(const classad::Expr& expr);

Decoded decode(std::string_view raw, ValueSyntax syntax);

}  // namespace tow::source
