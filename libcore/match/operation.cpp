#include "match/operation.hpp"

#include "classad/operators.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace tow::match {

namespace {

using classad::Compat;
using classad::FunctionId;
using classad::Kind;
using classad::Op;
using classad::Truth;
using classad::Value;

ValueId to_id(Truth truth) noexcept {
    switch (truth) {
        case Truth::False:
            return kFalse;
        case Truth::True:
            return kTrue;
        case Truth::Undefined:
            return kUndefined;
        default:
            return kError;
    }
}

// evalInEachContext() and countMatches() without a list to look through.
ValueId contexts(FunctionId function, const Value& list, ValuePool& pool) {
    if (list.is_undefined()) {
        return function == FunctionId::CountMatches ? pool.intern(Value::integer(0)) : kUndefined;
    }
    return list.kind() == Kind::List ? kUnsure : kError;
}

}  // namespace

Applier::Applier(ValuePool& pool, const classad::EvalOptions& options)
    : pool_(pool), options_(options), eager_(options.compat == Compat::V23) {
    options_.max_effort = std::min(options_.max_effort, kCallEffort);
    options_.max_evaluations = std::min(options_.max_evaluations, kCallEvaluations);
}

Truth Applier::truth(ValueId id) const noexcept {
    return truth_of(pool_.value(id));
}

ValueId Applier::apply(Operation operation, std::span<const ValueId> operands) {
    if (operation == Operation::of(FunctionId::IfThenElse)) {
        return choice(operands, false);
    }
    if (operation == Operation::of(Op::Ternary)) {
        return choice(operands, eager_);
    }
    if (operation == Operation::of(Op::Elvis)) {
        return elvis(operands[0], operands[1]);
    }
    if (operation == Operation::of(Op::And) || operation == Operation::of(Op::Or)) {
        return logical(operation.op(), operands[0], operands[1]);
    }
    if (std::ranges::find(operands, kUnsure) != operands.end()) {
        return kUnsure;
    }
    if (operation.is_list()) {
        return list(operands);
    }
    if (operation.is_function()) {
        return call(operation.function(), operands);
    }
    if (operation.op() == Op::Subscript) {
        const auto values = literals(operands);
        return values.empty() ? kUnsure
                              : by_tree(*classad::make_binary(Op::Subscript, values[0], values[1]));
    }
    const auto& first = pool_.value(operands[0]);
    return pool_.intern(operands.size() == 1
                            ? apply_unary(operation.op(), first)
                            : apply_binary(operation.op(), first, pool_.value(operands[1])));
}

ValueId Applier::logical(Op op, ValueId left, ValueId right) const {
    if (left == kUnsure) {
        return kUnsure;
    }
    const auto first = truth(left);
    const bool decided =
        first == (op == Op::And ? Truth::False : Truth::True) || (first == Truth::Error && !eager_);
    if (decided) {
        return to_id(first);
    }
    if (right == kUnsure) {
        return kUnsure;
    }
    return to_id(op == Op::And ? logical_and(first, truth(right))
                               : logical_or(first, truth(right)));
}

ValueId Applier::elvis(ValueId left, ValueId right) const {
    if (left == kUndefined) {
        return right;
    }
    const bool looks = left != kUnsure && eager_ && truth(left) != Truth::False;
    return looks && right == kUnsure ? kUnsure : left;
}

ValueId Applier::choice(std::span<const ValueId> operands, bool eager) const {
    if (operands[0] == kUnsure) {
        return kUnsure;
    }
    const auto condition = truth(operands[0]);
    if (condition == Truth::True || condition == Truth::False) {
        return operands[condition == Truth::True ? 1 : 2];
    }
    const bool spoilt = eager && (operands[1] == kUnsure || operands[2] == kUnsure);
    return spoilt ? kUnsure : to_id(condition);
}

ValueId Applier::call(FunctionId function, std::span<const ValueId> operands) {
    switch (function) {
        case FunctionId::CountMatches:
        case FunctionId::EvalInEachContext:
            return contexts(function, pool_.value(operands[0]), pool_);
        case FunctionId::IsUndefined:
            if (operands.size() == 1) {
                return operands[0] == kUndefined ? kTrue : kFalse;
            }
            break;
        case FunctionId::IsError:
            if (operands.size() == 1) {
                return operands[0] == kError ? kTrue : kFalse;
            }
            break;
        default:
            break;
    }
    auto arguments = literals(operands);
    if (arguments.size() != operands.size()) {
        return kUnsure;
    }
    return by_tree(
        *classad::make_call(std::string(classad::function_name(function)), std::move(arguments)));
}

ValueId Applier::list(std::span<const ValueId> items) {
    auto elements = literals(items);
    if (elements.size() != items.size()) {
        return kUnsure;
    }
    classad::ListValue value;
    value.literal = std::make_shared<const std::vector<classad::ExprPtr>>(std::move(elements));
    return pool_.intern(Value::list(std::move(value)));
}

// Nothing if one of them is no literal of the language: a relative time read as a literal becomes a
// real number.
std::vector<classad::ExprPtr> Applier::literals(std::span<const ValueId> operands) const {
    std::vector<classad::ExprPtr> result;
    result.reserve(operands.size());
    for (const auto id : operands) {
        if (pool_.value(id).kind() == Kind::RelativeTime) {
            return {};
        }
        result.push_back(classad::make_literal(pool_.value(id)));
    }
    return result;
}

ValueId Applier::by_tree(const classad::Expr& expr) {
    const auto value = classad::evaluate(expr, nullptr, nullptr, options_);
    return value ? pool_.intern(*value) : kUnsure;
}

}  // namespace tow::match
