#include "policy/expression.hpp"

#include "base/error.hpp"
#include "classad/check.hpp"
#include "classad/expr.hpp"
#include "classad/parse.hpp"
#include "classad/references.hpp"

#include <fmt/core.h>

namespace tow::policy {

namespace {

classad::ExprPtr parse(const config::Node& node, const std::string& text,
                       classad::ParseNotes& notes) {
    try {
        return classad::parse_expr(text, {}, &notes);
    } catch (const base::Error& error) {
        node.reject(error.what());
    }
}

}  // namespace

Expression read_expression(const config::Node& node) {
    Expression result{.expr = nullptr, .text = node.string(), .origin = node.origin()};
    classad::ParseNotes notes;
    result.expr = parse(node, result.text, notes);
    for (const auto& problem : classad::check(*result.expr, nullptr, notes)) {
        node.reject(problem.message);
    }
    if (const auto named = classad::mentions(*result.expr); !named.target.empty()) {
        node.reject(
            fmt::format("TARGET.{} means nothing here: no job is looked at", named.target.front()));
    }
    return result;
}

}  // namespace tow::policy
