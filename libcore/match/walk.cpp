#include "match/walk.hpp"

#include "classad/operators.hpp"
#include "match/prefetch.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace tow::match {

namespace {

using classad::Attribute;
using classad::Call;
using classad::Compat;
using classad::Expr;
using classad::FunctionId;
using classad::Literal;
using classad::Op;
using classad::Special;
using classad::Value;

// What HTCondor's match ad defines; visible from both ads.
bool is_match_ad_name(const classad::Name& name) {
    static const std::array names{
        classad::name_hash("leftRankValue"), classad::name_hash("rightRankValue"),
        classad::name_hash("leftMatchesRight"), classad::name_hash("rightMatchesLeft"),
        classad::name_hash("symmetricMatch")};
    return std::ranges::find(names, name.hash) != names.end();
}

// Functions that evaluate the elements of a list and never look at how they are written.
bool evaluates_elements(FunctionId function) noexcept {
    switch (function) {
        case FunctionId::Member:
        case FunctionId::IdenticalMember:
        case FunctionId::AnyCompare:
        case FunctionId::AllCompare:
        case FunctionId::RegexpMember:
        case FunctionId::Sum:
        case FunctionId::Avg:
        case FunctionId::Min:
        case FunctionId::Max:
            return true;
        default:
            return false;
    }
}

bool is_list_of_literals(const classad::ListNode& list) noexcept {
    return std::ranges::all_of(*list.elements, [](const classad::ExprPtr& element) {
        return element->as<Literal>() != nullptr;
    });
}

Operand constant_of(const Literal& literal) {
    if (const auto* time = literal.value.if_relative_time()) {
        return Operand::constant(Value::real(*time));  // as HTCondor reads it
    }
    return is_kept(literal.value) ? Operand::constant(literal.value.borrowed()) : Operand::unsure();
}

}  // namespace

bool is_ordinary(const classad::Name& name) {
    return name.special == Special::None && !is_match_ad_name(name);
}

bool is_pure(FunctionId function) noexcept {
    switch (function) {
        case FunctionId::Random:  // answers differently each time
        case FunctionId::Eval:    // these look at expressions
        case FunctionId::Unparse:
        case FunctionId::Unresolved:
        case FunctionId::CountMatches:
        case FunctionId::EvalInEachContext:
            return false;
        default:
            return true;
    }
}

void Cost::widen(const Cost& other) noexcept {
    depth = std::max(depth, other.depth);
    nodes = std::max(nodes, other.nodes);
    effort = std::max(effort, other.effort);
}

class Walk::Deeper {
  public:
    explicit Deeper(Walk& walk) noexcept : walk_(walk) {
        ++walk_.depth_;
        walk_.cost_.depth = std::max(walk_.cost_.depth, walk_.depth_);
    }

    ~Deeper() { --walk_.depth_; }

    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

  private:
    Walk& walk_;
};

// Accounts for one node. False if that is too much, or too deep.
bool Walk::spend(std::int64_t effort) noexcept {
    cost_.nodes += 1;
    cost_.effort += effort;
    return depth_ < limit_.depth && cost_.nodes <= limit_.nodes && cost_.effort <= limit_.effort;
}

Operand Walk::value(const Expr& expr) {
    if (!spend()) {
        return Operand::unsure();
    }
    const Deeper deeper(*this);
    switch (expr.type()) {
        case Expr::Type::Literal:
            return constant_of(*expr.as<Literal>());
        case Expr::Type::Attribute:
            return attribute(*expr.as<Attribute>());
        case Expr::Type::Operation:
            return operation(*expr.as<classad::Operation>());
        case Expr::Type::Call:
            return call(*expr.as<Call>());
        case Expr::Type::List: {
            const auto& list = *expr.as<classad::ListNode>();
            return is_list_of_literals(list) ? elements(list) : Operand::unsure();
        }
        default:
            return Operand::unsure();
    }
}

Verdict Walk::truth(const Expr& expr) {
    const auto* operation = expr.as<classad::Operation>();
    if (operation != nullptr) {
        switch (operation->op) {
            case Op::Parentheses:
            case Op::And:
            case Op::Or:
            case Op::Not:
            case Op::Elvis:
            case Op::Ternary: {
                if (!spend()) {
                    return Verdict(Outcome::Unsure);
                }
                const Deeper deeper(*this);
                return logical(*operation);
            }
            default:
                break;
        }
    }
    if (const auto* reference = expr.as<Attribute>()) {
        return truth_of_attribute(*reference);
    }
    const auto* call = expr.as<Call>();
    if (call != nullptr && call->function == FunctionId::IfThenElse &&
        call->arguments.size() == 3) {
        if (!spend(kCallEffort)) {
            return Verdict(Outcome::Unsure);
        }
        const Deeper deeper(*this);
        return choice(*call->arguments[0], *call->arguments[1], *call->arguments[2], false);
    }
    return store_.verdict(value(expr));
}

Verdict Walk::logical(const classad::Operation& operation) {
    const auto& operands = operation.operands;
    prefetch(operands[1].get());
    switch (operation.op) {
        case Op::Parentheses:
            return truth(*operands[0]);
        case Op::Not:
            return algebra_.negation(truth(*operands[0]));
        case Op::Ternary:
            return choice(*operands[0], *operands[1], *operands[2], options_.compat == Compat::V23);
        case Op::Elvis: {
            auto left = truth(*operands[0]);
            return algebra_.elvis(std::move(left), truth(*operands[1]));
        }
        default:
            break;
    }
    const bool is_and = operation.op == Op::And;
    auto left = truth(*operands[0]);
    if (algebra_.decides(left, is_and)) {
        return left;
    }
    auto right = truth(*operands[1]);
    return is_and ? algebra_.conjunction(std::move(left), std::move(right))
                  : algebra_.disjunction(std::move(left), std::move(right));
}

Verdict Walk::choice(const Expr& condition, const Expr& yes, const Expr& no, bool eager) {
    auto asked = truth(condition);
    if (asked.is(Outcome::True)) {
        return truth(yes);
    }
    if (asked.is(Outcome::False)) {
        return truth(no);
    }
    if (asked.uniform() && (asked.is(Outcome::Unsure) || !eager)) {
        return asked;
    }
    const auto if_true = truth(yes);
    return algebra_.choice(asked, if_true, truth(no), eager);
}

// Own definition of an attribute that is looked up in the own ad; null if it is not.
const Expr* Walk::own_definition(const Attribute& reference) const noexcept {
    const bool own =
        reference.scope == Attribute::Scope::Unscoped || reference.scope == Attribute::Scope::My;
    return own ? positions_->find(*own_, reference.name) : nullptr;
}

// START && ...: what an attribute of the own ad says is followed as a condition, too.
Verdict Walk::truth_of_attribute(const Attribute& reference) {
    const auto* definition = own_definition(reference);
    const bool plain = definition != nullptr && definition->as<Literal>() == nullptr &&
                       reference.name.special == Special::None && !is_match_ad_name(reference.name);
    const bool active = std::ranges::find(active_, definition) != active_.end();
    if (!plain || active) {
        if (!spend()) {
            return Verdict(Outcome::Unsure);
        }
        const Deeper deeper(*this);
        return store_.verdict(attribute(reference));
    }
    if (!spend()) {
        return Verdict(Outcome::Unsure);
    }
    const Deeper deeper(*this);
    active_.push_back(definition);
    auto result = truth(*definition);
    active_.pop_back();
    return result;
}

Operand Walk::attribute(const Attribute& reference) {
    if (reference.scope == Attribute::Scope::Root ||
        reference.scope == Attribute::Scope::Expression) {
        return Operand::unsure();
    }
    if (reference.name.special == Special::CurrentTime) {
        return Operand::constant(Value::integer(options_.now.time_since_epoch().count()));
    }
    if (!is_ordinary(reference.name)) {
        return Operand::unsure();
    }
    if (const auto* definition = own_definition(reference)) {
        return follow(*definition);
    }
    return reference.scope == Attribute::Scope::My ? Operand::constant(Value::undefined())
                                                   : from_partner(reference.name);
}

Operand Walk::follow(const Expr& definition) {
    if (std::ranges::find(active_, &definition) != active_.end()) {
        return Operand::unsure();  // it leads back to itself
    }
    active_.push_back(&definition);
    auto result = value(definition);
    active_.pop_back();
    return result;
}

Operand Walk::from_partner(const classad::Name& name) {
    Cost cost;
    auto result = partner_->attribute(name, cost);
    cost_.depth = std::max(cost_.depth, depth_ + cost.depth);
    cost_.nodes += cost.nodes;
    cost_.effort += cost.effort;
    const bool affordable = depth_ + cost.depth < limit_.depth && cost_.nodes <= limit_.nodes &&
                            cost_.effort <= limit_.effort;
    return affordable ? result : Operand::unsure();
}

Operand Walk::operation(const classad::Operation& operation) {
    const auto& operands = operation.operands;
    if (operation.op == Op::Parentheses) {
        return value(*operands[0]);
    }
    prefetch(operands[1].get());
    // Comparing texts costs as much as they are long.
    cost_.effort += static_cast<std::int64_t>(kMaxText);
    std::array results{value(*operands[0]), Operand::unsure(), Operand::unsure()};
    if (auto answer = decided(operation, results[0])) {
        return *answer;
    }
    const auto count = static_cast<std::size_t>(operand_count(operation.op));
    for (std::size_t i = 1; i < count; ++i) {
        results[i] = value(*operands[i]);
    }
    return store_.combine(Operation::of(operation.op), std::span(results).first(count));
}

// What the first operand is enough to tell.
std::optional<Operand> Walk::decided(const classad::Operation& operation, const Operand& first) {
    if (first.is_unsure()) {
        return first;
    }
    const auto* constant = first.if_constant();
    const bool lazy =
        operation.op == Op::And || operation.op == Op::Or || operation.op == Op::Ternary;
    if (constant == nullptr || !lazy) {
        return std::nullopt;
    }
    const auto truth = classad::truth_of(*constant);
    if (operation.op != Op::Ternary) {
        return algebra_.decides(Verdict(to_outcome(truth)), operation.op == Op::And)
                   ? std::optional(Operand::constant(to_value(truth)))
                   : std::nullopt;
    }
    return truth == classad::Truth::True    ? std::optional(value(*operation.operands[1]))
           : truth == classad::Truth::False ? std::optional(value(*operation.operands[2]))
                                            : std::nullopt;
}

Operand Walk::call(const Call& call) {
    if (call.function == FunctionId::Unknown) {
        return Operand::constant(Value::error());
    }
    for (const auto& argument : call.arguments) {
        prefetch(argument.get());
    }
    cost_.effort += kCallEffort;
    if (call.function == FunctionId::CountMatches ||
        call.function == FunctionId::EvalInEachContext) {
        return in_contexts(call);
    }
    if (!is_pure(call.function)) {
        return Operand::unsure();
    }
    if (call.function == FunctionId::IfThenElse) {
        return if_then_else(call);
    }
    std::vector<Operand> arguments;
    arguments.reserve(call.arguments.size());
    for (const auto& expr : call.arguments) {
        arguments.push_back(argument(*expr, evaluates_elements(call.function)));
        if (arguments.back().is_unsure()) {
            return Operand::unsure();
        }
    }
    return store_.combine(Operation::of(call.function), arguments);
}

Operand Walk::if_then_else(const Call& call) {
    if (call.arguments.size() != 3) {
        return Operand::constant(Value::error());
    }
    std::array results{value(*call.arguments[0]), Operand::unsure(), Operand::unsure()};
    if (const auto* condition = results[0].if_constant()) {
        const auto asked = classad::truth_of(*condition);
        return asked == classad::Truth::True    ? value(*call.arguments[1])
               : asked == classad::Truth::False ? value(*call.arguments[2])
                                                : Operand::constant(to_value(asked));
    }
    if (results[0].is_unsure()) {
        return results[0];
    }
    results[1] = value(*call.arguments[1]);
    results[2] = value(*call.arguments[2]);
    return store_.combine(Operation::of(call.function), results);
}

// evalInEachContext() and countMatches(): without a list they need not look at their expression.
Operand Walk::in_contexts(const Call& call) {
    if (call.arguments.size() != 2) {
        return Operand::constant(Value::error());
    }
    const auto* reference = call.arguments[0]->as<Attribute>();
    if (reference != nullptr && (reference->scope == Attribute::Scope::Root ||
                                 reference->scope == Attribute::Scope::Expression)) {
        return Operand::unsure();
    }
    if (auto answer = in_contexts_there(call); !answer.is_unsure()) {
        return answer;
    }
    const std::array list{value(*call.arguments[1])};
    return list[0].is_unsure() ? Operand::unsure()
                               : store_.combine(Operation::of(call.function), list);
}

// The same where the list is an attribute of the partner.
Operand Walk::in_contexts_there(const Call& call) {
    const auto* each = call.arguments[0].get();
    if (const auto* reference = each->as<Attribute>()) {
        each = is_ordinary(reference->name) ? own_definition(*reference) : nullptr;
    }
    const auto* list = call.arguments[1]->as<Attribute>();
    const bool there =
        each != nullptr && list != nullptr && is_ordinary(list->name) &&
        (list->scope == Attribute::Scope::Target || list->scope == Attribute::Scope::Unscoped) &&
        own_definition(*list) == nullptr;
    // The list and the expression are nodes below this one, and so is what is in them.
    const auto height = there ? static_cast<int>(each->height()) + 4 : 0;
    if (!there || depth_ + height >= limit_.depth ||
        cost_.nodes + kCallEvaluations > limit_.nodes) {
        return Operand::unsure();
    }
    cost_.nodes += kCallEvaluations;
    cost_.depth = std::max(cost_.depth, depth_ + height);
    return partner_->in_contexts(call.function, *each, list->name);
}

Operand Walk::argument(const Expr& expr, bool elements_only) {
    const auto* list = expr.as<classad::ListNode>();
    if (list == nullptr || !elements_only || is_list_of_literals(*list)) {
        return value(expr);
    }
    if (!spend()) {
        return Operand::unsure();
    }
    const Deeper deeper(*this);
    return elements(*list);
}

Operand Walk::elements(const classad::ListNode& list) {
    cost_.nodes += static_cast<std::int64_t>(list.elements->size());
    if (is_list_of_literals(list)) {
        classad::ListValue value;
        value.literal = list.elements;
        auto result = Value::list(std::move(value));
        return is_kept(result) ? Operand::constant(std::move(result)) : Operand::unsure();
    }
    std::vector<Operand> operands;
    for (const auto& element : *list.elements) {
        operands.push_back(value(*element));
        if (operands.back().is_unsure()) {
            return Operand::unsure();
        }
    }
    return store_.combine(Operation::list(), operands);
}

}  // namespace tow::match
