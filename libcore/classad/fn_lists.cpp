// Functions of lists.
#include "classad/builtins.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace tow::classad {

namespace {

bool is_container(const Value& value) noexcept {
    return value.kind() == Kind::List || value.kind() == Kind::Ad;
}

bool is_number(const Value& value) noexcept {
    return value.kind() >= Kind::Boolean && value.kind() <= Kind::Real;
}

struct ComparisonName {
    std::string_view text;
    Op op;
};

constexpr std::array kComparisons{
    ComparisonName{"<", Op::Less},          ComparisonName{"<=", Op::LessEqual},
    ComparisonName{"!=", Op::NotEqual},     ComparisonName{"==", Op::Equal},
    ComparisonName{">=", Op::GreaterEqual}, ComparisonName{">", Op::Greater},
    ComparisonName{"is", Op::Is},           ComparisonName{"isnt", Op::Isnt},
};

// Comparing strings costs as much as they are long.
Value compare(Evaluator& evaluator, Op op, const Value& left, const Value& right) {
    if (const auto* text = left.if_string()) {
        evaluator.spend(text->size());
    }
    return apply_binary(op, left, right);
}

// The common type of two numbers that are compared: real if one is, else an integer.
void unify(Value& a, Value& b) {
    if (a.kind() == b.kind() && a.kind() != Kind::Boolean) {
        return;
    }
    const bool real = a.kind() == Kind::Real || b.kind() == Kind::Real;
    for (auto* value : {&a, &b}) {
        const double number = *number_from(*value);
        if (real) {
            *value = Value::real(number);
        } else if (const auto* boolean = value->if_boolean()) {
            *value = Value::integer(*boolean ? 1 : 0);
        }
    }
}

// Adds up, or keeps the smaller or larger.
Value combined(FunctionId function, Value sum, Value next) {
    if (function == FunctionId::Sum || function == FunctionId::Avg) {
        return apply_binary(Op::Add, sum, next);
    }
    unify(sum, next);
    const auto op = function == FunctionId::Min ? Op::Less : Op::Greater;
    return apply_binary(op, next, sum).is_true() ? next : sum;
}

}  // namespace

Value call_member(const Invocation& call) {
    const bool identical = call.function() == FunctionId::IdenticalMember;
    const auto wanted = call.argument(0);
    const auto where = call.argument(1);
    if (where.is_undefined() || (!identical && wanted.is_undefined())) {
        return Value::undefined();
    }
    const auto* list = where.if_list();
    if (list == nullptr || is_container(wanted) || (!identical && wanted.is_error())) {
        return Value::error();
    }
    const auto op = identical ? Op::Is : Op::Equal;
    for (std::size_t i = 0; i < list->size() && !call.evaluator.failed(); ++i) {
        const auto element = call.evaluator.element(*list, i);
        if (compare(call.evaluator, op, element, wanted).is_true()) {
            return Value::boolean(true);
        }
    }
    return Value::boolean(false);
}

// anyCompare and allCompare stop at the first element that decides, or that cannot be compared.
Value call_compare_list(const Invocation& call) {
    const auto name = call.argument(0);
    const auto where = call.argument(1);
    const auto wanted = call.argument(2);
    if (name.is_undefined() || (name.is_string() && where.is_undefined())) {
        return Value::undefined();
    }
    const auto* text = name.if_string();
    const auto* list = where.if_list();
    if (text == nullptr || list == nullptr) {
        return Value::error();
    }
    const auto* comparison = std::ranges::find(kComparisons, *text, &ComparisonName::text);
    if (comparison == kComparisons.end()) {
        return Value::error();
    }
    const bool any = call.function() == FunctionId::AnyCompare;
    for (std::size_t i = 0; i < list->size() && !call.evaluator.failed(); ++i) {
        const auto element = call.evaluator.element(*list, i);
        auto result = compare(call.evaluator, comparison->op, element, wanted);
        if (result.is_error()) {
            return result;
        }
        if (result.is_undefined()) {
            return Value::boolean(false);
        }
        if (result.is_true() == any) {
            return Value::boolean(any);
        }
    }
    return Value::boolean(!any);
}

Value call_size(const Invocation& call) {
    const auto value = call.argument(0);
    if (const auto* text = value.if_string()) {
        return Value::integer(static_cast<std::int64_t>(text->size()));
    }
    if (const auto* list = value.if_list()) {
        return Value::integer(static_cast<std::int64_t>(list->size()));
    }
    if (const auto* ad = value.if_ad()) {
        return Value::integer(static_cast<std::int64_t>(ad->size()));
    }
    return value.is_undefined() ? value : Value::error();
}

Value call_aggregate(const Invocation& call) {
    const auto value = call.argument(0);
    const auto* list = value.if_list();
    if (list == nullptr) {
        return value.is_undefined() ? value : Value::error();
    }
    const auto function = call.function();
    const bool additive = function == FunctionId::Sum || function == FunctionId::Avg;
    std::size_t count = 0;
    auto result = additive ? Value::integer(0) : Value::undefined();
    for (std::size_t i = 0; i < list->size() && !call.evaluator.failed(); ++i) {
        auto element = call.evaluator.element(*list, i);
        if (element.is_undefined()) {
            continue;
        }
        if (!is_number(element)) {
            return Value::error();
        }
        // The first is taken as it is, so that the sum of one boolean is that boolean.
        result = count == 0 ? element : combined(function, result, element);
        ++count;
    }
    if (function != FunctionId::Avg || count == 0 || !is_number(result)) {
        return result;
    }
    return Value::real(*number_from(result) / static_cast<double>(count));
}

}  // namespace tow::classad
