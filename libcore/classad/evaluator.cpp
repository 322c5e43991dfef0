#include "classad/evaluator.hpp"

#include "base/error.hpp"
#include "classad/builtins.hpp"
#include "classad/numbers.hpp"
#include "classad/parse.hpp"

#include <algorithm>
#include <utility>

namespace tow::classad {

namespace {

// What a call costs besides the nodes and bytes that are counted anyway.
constexpr std::size_t kCallEffort = 100;
constexpr std::size_t kParseEffort = 2000;

// Counts for as long as it lives. (A variable that is returned after counting down would have to be
// moved, and moving values is what evaluation would then mostly do.)
class Counted {
  public:
    Counted(int& counter, int by) noexcept : counter_(counter), by_(by) { counter_ += by_; }

    ~Counted() { counter_ -= by_; }

    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

  private:
    int& counter_;
    int by_;
};

bool is_logical(Op op) noexcept {
    return op == Op::Parentheses || op == Op::And || op == Op::Or;
}

// HTCondor: a relTime("...") that was read as a constant evaluates to a real number.
Value value_of(const Literal& literal) noexcept {
    const auto* time = literal.value.if_relative_time();
    return time != nullptr ? Value::real(*time) : literal.value.borrowed();
}

}  // namespace

void Evaluator::spend(std::size_t effort) noexcept {
    effort_ += static_cast<std::int64_t>(effort);
    failed_ = failed_ || effort_ > options_.max_effort;
}

bool Evaluator::recover() noexcept {
    if (evaluations_ <= options_.max_evaluations && effort_ <= options_.max_effort) {
        failed_ = false;
    }
    return !failed_;
}

// SplitMix64: good enough for an expression, and one word of state.
std::uint64_t Evaluator::random_bits() noexcept {
    random_state_ += 0x9E3779B97F4A7C15U;
    auto z = random_state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
}

bool Evaluator::enter() noexcept {
    ++evaluations_;
    failed_ = failed_ || evaluations_ > options_.max_evaluations || nesting_ >= kMaxNesting;
    return !failed_;
}

Value Evaluator::eval(const Expr& expr, const ScopePtr& scope) {
    if (!enter()) {
        return Value::error();
    }
    if (const auto* literal = expr.as<Literal>()) {
        return value_of(*literal);
    }
    const Counted nested(nesting_, 1);
    return eval_node(expr, scope);
}

Truth Evaluator::eval_truth(const Expr& expr, const ScopePtr& scope) {
    const auto* operation = expr.as<Operation>();
    const bool logical = operation != nullptr && is_logical(operation->op);
    if (!logical) {
        return truth_of(eval(expr, scope));
    }
    const int cost = operation_cost();
    if (!enter() || depth_ + cost > kMaxRecursion) {
        fail();
        return Truth::Error;
    }
    const Counted nested(nesting_, 1);
    const Counted deeper(depth_, cost);
    return operation->op == Op::Parentheses ? eval_truth(*operation->operands[0], scope)
                                            : eval_logical(*operation, scope);
}

Value Evaluator::eval_node(const Expr& expr, const ScopePtr& scope) {
    switch (expr.type()) {
        case Expr::Type::Attribute:
            return eval_attribute(*expr.as<Attribute>(), scope);
        case Expr::Type::Operation:
            return eval_operation(*expr.as<Operation>(), scope);
        case Expr::Type::Call:
            return eval_call(*expr.as<Call>(), scope);
        case Expr::Type::List: {
            ListValue list;
            list.literal = unowned(expr.as<ListNode>()->elements.get());
            list.scope = scope;
            return Value::list(std::move(list));
        }
        case Expr::Type::Ad:
            return Value::ad(std::make_shared<const Scope>(
                Scope{unowned(expr.as<AdNode>()->ad.get()), scope, Scope::Role::Plain}));
        default:
            return Value::undefined();
    }
}

Value Evaluator::eval_attribute(const Attribute& reference, const ScopePtr& scope) {
    switch (reference.scope) {
        case Attribute::Scope::Unscoped:
            return eval_found(find(reference.name, scope, true), scope);
        case Attribute::Scope::Root:
            return eval_found(find(reference.name, root(), false), root());
        case Attribute::Scope::My:
        case Attribute::Scope::Target:
            if (const auto* direct = direct_scope(reference.scope, scope)) {
                return *direct ? eval_found(find(reference.name, *direct, false), *direct)
                               : Value::undefined();
            }
            break;
        default:
            break;
    }
    return select(eval(*reference.base, scope), reference.name);
}

Value Evaluator::eval_found(const Found& found, const ScopePtr& start) {
    if (found.expr != nullptr) {
        return dereference(*found.expr, *found.scope);
    }
    return special_value(found.special, start);
}

Value Evaluator::dereference(const Expr& expr, const ScopePtr& scope) {
    if (depth_ >= kMaxRecursion) {
        fail();
        return Value::error();
    }
    if (const auto* literal = expr.as<Literal>()) {
        return enter() ? value_of(*literal) : Value::error();
    }
    if (options_.compat != Compat::V23 && is_active(expr, *scope)) {
        return Value::undefined();
    }
    active_[static_cast<std::size_t>(active_count_)] = {&expr, scope.get()};
    const Counted active(active_count_, 1);
    return eval_deeper(expr, scope);
}

Value Evaluator::eval_deeper(const Expr& expr, const ScopePtr& scope) {
    if (depth_ >= kMaxRecursion) {
        fail();
        return Value::error();
    }
    const Counted deeper(depth_, 1);
    return eval(expr, scope);
}

Truth Evaluator::requirements(const ScopePtr& side) {
    static const Name name("Requirements");
    const auto* expr = side->ad->find(name);
    if (expr == nullptr) {
        return Truth::Undefined;
    }
    // symmetricMatch, its &&, and the reference to the Requirements, which dereference() counts.
    depth_ = options_.compat == Compat::V23 ? 1 : 2;
    const auto value = dereference(*expr, side);
    return failed_ ? Truth::Error : truth_of(value);
}

// base.name
Value Evaluator::select(const Value& base, const Name& name) {
    if (base.is_undefined()) {
        return base;
    }
    if (const auto scope = base.ad_scope()) {
        return eval_found(find(name, scope, false), scope);
    }
    const auto* list = base.if_list();
    if (list == nullptr) {
        return Value::error();
    }
    if (depth_ >= kMaxRecursion) {  // a list that contains itself
        fail();
        return Value::error();
    }
    const Counted deeper(depth_, 1);
    std::vector<Value> items;
    for (std::size_t i = 0; i < list->size() && !failed_; ++i) {
        items.push_back(select(element(*list, i), name));
    }
    return Value::list(std::move(items));
}

Value Evaluator::element(const ListValue& list, std::size_t index) {
    if (!list.literal) {
        return list.computed[index];
    }
    return eval(*(*list.literal)[index], list.scope ? list.scope : left_);
}

Value Evaluator::eval_operation(const Operation& operation, const ScopePtr& scope) {
    const int cost = operation_cost();
    if (depth_ + cost > kMaxRecursion) {
        fail();
        return Value::error();
    }
    const Counted deeper(depth_, cost);
    return eval_operands(operation, scope);
}

Value Evaluator::eval_operands(const Operation& operation, const ScopePtr& scope) {
    const auto& operands = operation.operands;
    switch (operation.op) {
        case Op::Parentheses:
            return eval(*operands[0], scope);
        case Op::Plus:
        case Op::Minus:
        case Op::Not:
        case Op::Complement:
            return apply_unary(operation.op, eval(*operands[0], scope));
        case Op::And:
        case Op::Or:
            return to_value(eval_logical(operation, scope));
        case Op::Ternary:
            return eval_ternary(operation, scope);
        case Op::Elvis: {
            auto value = eval(*operands[0], scope);
            if (!value.is_undefined() && (!eager() || truth_of(value) == Truth::False)) {
                return value;
            }
            auto otherwise = eval(*operands[1], scope);
            return value.is_undefined() ? otherwise : value;
        }
        default:
            break;
    }
    const auto left = eval(*operands[0], scope);
    const auto right = eval(*operands[1], scope);
    if (operation.op == Op::Subscript) {
        return eval_subscript(left, right);
    }
    if (const auto* text = left.if_string()) {
        spend(text->size());
    }
    return apply_binary(operation.op, left, right);
}

Truth Evaluator::eval_logical(const Operation& operation, const ScopePtr& scope) {
    const bool is_and = operation.op == Op::And;
    const auto left = eval_truth(*operation.operands[0], scope);
    if ((left == Truth::Error && !eager()) || left == (is_and ? Truth::False : Truth::True)) {
        return left;
    }
    const auto right = eval_truth(*operation.operands[1], scope);
    return is_and ? logical_and(left, right) : logical_or(left, right);
}

Value Evaluator::eval_ternary(const Operation& operation, const ScopePtr& scope) {
    const auto condition = eval_truth(*operation.operands[0], scope);
    if (condition == Truth::Error || condition == Truth::Undefined) {
        if (eager()) {
            eval(*operation.operands[1], scope);
            eval(*operation.operands[2], scope);
        }
        return to_value(condition);
    }
    return eval(*operation.operands[condition == Truth::True ? 1 : 2], scope);
}

Value Evaluator::eval_subscript(const Value& container, const Value& index) {
    if (container.is_error() || index.is_error()) {
        return Value::error();
    }
    if (container.is_undefined() || index.is_undefined()) {
        return Value::undefined();
    }
    const auto* list = container.if_list();
    const auto* number = index.if_integer();
    if (list != nullptr && number != nullptr) {
        const auto at = wrap_int32(*number);
        if (at < 0 || static_cast<std::size_t>(at) >= list->size()) {
            return Value::error();
        }
        auto value = element(*list, static_cast<std::size_t>(at));
        return failed_ && recover() ? Value::error() : value;
    }
    const auto scope = container.ad_scope();
    const auto* name = index.if_string();
    if (!scope || name == nullptr) {
        return Value::error();
    }
    spend(name->size());
    const auto* expr = scope->ad->find(*name);
    return expr != nullptr ? dereference(*expr, scope) : Value::undefined();
}

Value Evaluator::eval_call(const Call& call, const ScopePtr& scope) {
    const auto* builtin = find_builtin(call.function);
    if (builtin == nullptr) {
        return Value::error();
    }
    const auto count = static_cast<int>(call.arguments.size());
    if (count < builtin->min_arguments || count > builtin->max_arguments) {
        if (call.function == FunctionId::UserHome) {
            fail();  // the one function that does not answer with an error
        }
        return Value::error();
    }
    spend(kCallEffort);
    return failed_ ? Value::error() : builtin->run({*this, scope, call});
}

Value Evaluator::computed_ad(Ad ad, Scope::Role role) {
    auto scope = std::make_shared<const Scope>(
        Scope{std::make_shared<const Ad>(std::move(ad)), nullptr, role});
    kept_.push_back(scope);
    return Value::ad(std::move(scope));
}

Value Evaluator::eval_text(std::string_view text, const ScopePtr& scope) {
    spend(kParseEffort + text.size() * 8);
    if (failed_) {
        return Value::error();
    }
    try {
        ParseOptions parse_options;
        parse_options.compat = options_.compat;
        auto expr = parse_expr(text, parse_options);
        kept_.push_back(expr);
        return eval_deeper(*expr, scope);
    } catch (const base::Error&) {
        return Value::error();
    }
}

}  // namespace tow::classad
