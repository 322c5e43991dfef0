// Goes through an expression as the tree evaluator does, but for all rows at once: constants are
// folded, what stands in the own ad is followed, what the partner has is a column. Internal to the
// column engine.
#pragma once

#include "classad/ad.hpp"
#include "classad/expr.hpp"
#include "match/column_store.hpp"
#include "match/outcomes.hpp"
#include "match/positions.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace tow::match {

// What the tree evaluator would spend at most: it gives up at some point, and what might bring it
// there must be left to it.
struct Cost {
    int depth = 0;            // nodes inside each other, attributes followed
    std::int64_t nodes = 0;   // evaluated
    std::int64_t effort = 0;  // as classad::EvalOptions::max_effort counts it

    // More than any single use of this and the other costs.
    void widen(const Cost& other) noexcept;
};

// The ads on the other side, whichever they are.
class Partner {
  public:
    Partner() = default;
    Partner(const Partner&) = delete;
    Partner& operator=(const Partner&) = delete;
    virtual ~Partner() = default;

    // The value of the attribute there, undefined where there is none, and what it costs to
    // evaluate it.
    virtual Operand attribute(const classad::Name& name, Cost& cost) = 0;

    // countMatches() or evalInEachContext() of an expression and the attribute of this name, if it
    // can be told.
    virtual Operand in_contexts(classad::FunctionId /*function*/, const classad::Expr& /*each*/,
                                const classad::Name& /*list*/) {
        return Operand::unsure();
    }
};

// Names that mean nothing by themselves, whatever surrounds them.
bool is_ordinary(const classad::Name& name);

// Functions of nothing but the values of their arguments.
bool is_pure(classad::FunctionId function) noexcept;

class Walk {
  public:
    // The limit is for everything that is walked together.
    Walk(ColumnStore& store, const OutcomeAlgebra& algebra, const classad::EvalOptions& options,
         const Cost& limit)
        : store_(store), algebra_(algebra), options_(options), limit_(limit) {}

    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;

    // Where the expression stands, and what it meets; and positions in other such ads. All must
    // outlive the walk.
    void enter(const classad::Ad& own, Partner& partner, Positions& positions) noexcept {
        own_ = &own;
        partner_ = &partner;
        positions_ = &positions;
    }

    // The value of an expression that is an attribute of the own ad.
    Operand follow(const classad::Expr& definition);

    Operand value(const classad::Expr& expr);
    Verdict truth(const classad::Expr& expr);

    const Cost& cost() const noexcept { return cost_; }

  private:
    class Deeper;

    bool spend(std::int64_t effort = 0) noexcept;
    Operand attribute(const classad::Attribute& reference);
    Operand from_partner(const classad::Name& name);
    Operand operation(const classad::Operation& operation);
    std::optional<Operand> decided(const classad::Operation& operation, const Operand& first);
    Operand call(const classad::Call& call);
    Operand if_then_else(const classad::Call& call);
    Operand in_contexts(const classad::Call& call);
    Operand in_contexts_there(const classad::Call& call);
    Operand argument(const classad::Expr& expr, bool elements_only);
    Operand elements(const classad::ListNode& list);
    Verdict logical(const classad::Operation& operation);
    Verdict choice(const classad::Expr& condition, const classad::Expr& yes,
                   const classad::Expr& no, bool eager);
    Verdict truth_of_attribute(const classad::Attribute& reference);
    const classad::Expr* own_definition(const classad::Attribute& reference) const noexcept;

    ColumnStore& store_;
    const OutcomeAlgebra& algebra_;
    const classad::EvalOptions& options_;
    Cost limit_;
    Cost cost_;
    int depth_ = 0;
    const classad::Ad* own_ = nullptr;
    Partner* partner_ = nullptr;
    Positions* positions_ = nullptr;
    std::vector<const classad::Expr*> active_;  // attributes that are being followed
};

}  // namespace tow::match
