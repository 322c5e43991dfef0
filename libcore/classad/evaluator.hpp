// One evaluation: where names are looked up, what is being evaluated, and what it has cost so far.
// Internal; evaluate.hpp is the way in.
#pragma once

#include "classad/evaluate.hpp"
#include "classad/expr.hpp"
#include "classad/scope.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tow::classad {

class Evaluator {
  public:
    Evaluator(const Ad* my, const Ad* target, const EvalOptions& options);
    Evaluator(const Evaluator&) = delete;
    Evaluator& operator=(const Evaluator&) = delete;

    // The ad in which the evaluation starts, and the one it meets (null if none).
    const ScopePtr& left() const noexcept { return left_; }

    const ScopePtr& right() const noexcept { return right_; }

    const EvalOptions& options() const noexcept { return options_; }

    // Strings and lists are borrowed from the expressions, which all live as long as the
    // evaluation: counting references would make threads that share an ad wait for each other.
    // After a failure every answer is an error.
    Value eval(const Expr& expr, const ScopePtr& scope);

    // What && || ! ?: make of it, without the detour over a value.
    Truth eval_truth(const Expr& expr, const ScopePtr& scope);

    // Element of a list; the index must be in range.
    Value element(const ListValue& list, std::size_t index);

    // Where a name leads.
    struct Found {
        const Expr* expr = nullptr;       // null if nothing was found, or a special name
        const ScopePtr* scope = nullptr;  // where expr stands; lives as long as the start
        Special special = Special::None;
    };

    // Unscoped: the ad, the ads around it, then the partner. Else only the ad and what is around
    // it.
    Found find(const Name& name, const ScopePtr& start, bool unscoped) const;

    // What base.name looks in: MY and TARGET without evaluating anything, else the value of the
    // base. Null if that is no ad.
    ScopePtr base_scope(const Attribute& reference, const ScopePtr& scope);

    // What ".name" looks in.
    const ScopePtr& root() const noexcept { return match_ ? match_ : left_; }

    // The value of an attribute: one level deeper, and undefined if it is being evaluated already.
    Value dereference(const Expr& expr, const ScopePtr& scope);

    // The same for an expression that is no attribute but must not recurse for nothing either.
    Value eval_deeper(const Expr& expr, const ScopePtr& scope);

    // The Requirements of one of the two ads, as deep as HTCondor's match ad evaluates them.
    Truth requirements(const ScopePtr& side);

    // Parses and evaluates a text.
    Value eval_text(std::string_view text, const ScopePtr& scope);

    // An ad that a function has made.
    Value computed_ad(Ad ad, Scope::Role role = Scope::Role::Plain);

    bool failed() const noexcept { return failed_; }

    void fail() noexcept { failed_ = true; }

    // An element that cannot be evaluated is an error to the subscript that wanted it.
    bool recover() noexcept;

    // Accounts for work that is not the evaluation of a node.
    void spend(std::size_t effort) noexcept;

    std::uint64_t random_bits() noexcept;

  private:
    struct Active {
        const Expr* expr;
        const Scope* scope;
    };

    // C++ calls inside each other; more than HTCondor's limits allow without functions.
    static constexpr int kMaxNesting = 1500;

    // 23.9 evaluates operands that cannot matter any more, and fails if they do.
    bool eager() const noexcept { return options_.compat == Compat::V23; }

    // What an operator costs of the recursion limit; 23.9 counted only references.
    int operation_cost() const noexcept { return options_.compat == Compat::V23 ? 0 : 1; }

    bool enter() noexcept;  // one more node; false after a failure
    Value eval_node(const Expr& expr, const ScopePtr& scope);
    Value eval_attribute(const Attribute& reference, const ScopePtr& scope);
    Value eval_found(const Found& found, const ScopePtr& start);
    Value eval_operation(const Operation& operation, const ScopePtr& scope);
    Value eval_operands(const Operation& operation, const ScopePtr& scope);
    Truth eval_logical(const Operation& operation, const ScopePtr& scope);
    Value eval_ternary(const Operation& operation, const ScopePtr& scope);
    Value eval_subscript(const Value& container, const Value& index);
    Value eval_call(const Call& call, const ScopePtr& scope);
    Value select(const Value& base, const Name& name);
    Value special_value(Special special, const ScopePtr& start);
    Value match_ad_value();
    const ScopePtr* direct_scope(Attribute::Scope kind, const ScopePtr& scope) const noexcept;
    const ScopePtr* partner_of(const Scope& scope) const noexcept;
    bool is_active(const Expr& expr, const Scope& scope) const noexcept;

    EvalOptions options_;
    std::array<Scope, 5> scopes_;  // left, right, their contexts, and the match ad
    ScopePtr left_;
    ScopePtr right_;
    ScopePtr left_context_;
    ScopePtr right_context_;
    ScopePtr match_;
    std::vector<std::shared_ptr<const void>> kept_;  // expressions and ads made on the way
    std::int64_t evaluations_ = 0;
    std::int64_t effort_ = 0;
    std::uint64_t random_state_;
    int depth_ = 0;
    int nesting_ = 0;
    bool failed_ = false;
    int active_count_ = 0;
    std::array<Active, kMaxRecursion> active_;  // the first active_count_ are set
};

}  // namespace tow::classad
