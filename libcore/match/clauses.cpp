#include "match/clauses.hpp"

#include "base/text.hpp"
#include "classad/unparse.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace tow::match {

namespace {

using classad::Ad;
using classad::Attribute;
using classad::Call;
using classad::Expr;
using classad::ExprPtr;
using classad::FunctionId;
using classad::Op;
using classad::Operation;

// What leads to the Requirements themselves; the last three are of HTCondor's match ad.
constexpr std::array<std::string_view, 4> kNamesOfRequirements{
    "requirements", "symmetricmatch", "leftmatchesright", "rightmatchesleft"};
constexpr std::size_t kMostClauses = 1000;
constexpr std::size_t kMostSteps = 10'000;
constexpr std::uint32_t kMostHeight = 150;  // of trees that are walked by recursion

bool looks_further(FunctionId function) {
    switch (function) {
        case FunctionId::Eval:
        case FunctionId::Unparse:
        case FunctionId::Unresolved:
        case FunctionId::EvalInEachContext:
        case FunctionId::CountMatches:
            return true;
        default:
            return false;
    }
}

class ReachWalk {
  public:
    explicit ReachWalk(const Ad& ad) : ad_(ad) { result_.unbounded = ad.hides_special_names(); }

    Reach run(const Expr& start) {
        pending_.push_back(&start);
        result_.depth = start.height();
        while (!pending_.empty()) {
            const auto& expr = *pending_.back();
            pending_.pop_back();
            look_at(expr);
        }
        return std::move(result_);
    }

  private:
    void look_at(const Expr& expr) {
        if (const auto* reference = expr.as<Attribute>()) {
            look_at(*reference);
            return;
        }
        if (const auto* call = expr.as<Call>()) {
            result_.unbounded = result_.unbounded || looks_further(call->function);
        }
        classad::for_each_child(expr, [this](const Expr& child) { pending_.push_back(&child); });
    }

    void look_at(const Attribute& reference) {
        using Scope = Attribute::Scope;
        const bool is_special = reference.name.special != classad::Special::None;
        result_.unbounded = result_.unbounded || reference.scope == Scope::Root ||
                            (is_special && reference.name.special != classad::Special::CurrentTime);
        if (reference.scope == Scope::Expression) {
            pending_.push_back(reference.base.get());
        }
        if (!result_.names.insert(base::lower(reference.name.text)).second) {
            return;
        }
        if (const auto* own = ad_.find(reference.name); own != nullptr && !is_constant(*own)) {
            result_.depth += own->height() + 1;
            pending_.push_back(own);
        }
    }

    const Ad& ad_;
    Reach result_;
    std::vector<const Expr*> pending_;
};

// The own expression that a plain name stands for; null if there is none, or if it leads back to
// itself: then the name and its value are two things.
ExprPtr stands_for(const Expr& expr, const Ad& ad) {
    const auto* reference = expr.as<Attribute>();
    if (reference == nullptr || (reference->scope != Attribute::Scope::Unscoped &&
                                 reference->scope != Attribute::Scope::My)) {
        return nullptr;
    }
    const auto* own = ad.find(reference->name);
    if (own == nullptr || is_constant(*own)) {
        return nullptr;
    }
    const auto reached = reach(*own, ad);
    const bool circular =
        reached.unbounded || reached.names.contains(base::lower(reference->name.text));
    return circular ? nullptr : ad.get(reference->name.text);
}

bool is_true(const Expr& expr) {
    const auto* literal = expr.as<classad::Literal>();
    return literal != nullptr && literal->value.is_true();
}

class Splitter {
  public:
    explicit Splitter(const Ad& ad) : ad_(ad) {}

    // False if there would be too many.
    bool run(const ExprPtr& start) {
        std::vector<ExprPtr> pending{start};
        for (std::size_t steps = 0; !pending.empty(); ++steps) {
            if (steps > kMostSteps || clauses_.size() > kMostClauses) {
                return false;
            }
            auto expr = std::move(pending.back());
            pending.pop_back();
            const auto* operation = expr->as<Operation>();
            if (operation != nullptr && operation->op == Op::And) {
                pending.push_back(operation->operands[1]);
                pending.push_back(operation->operands[0]);
            } else if (operation != nullptr && operation->op == Op::Parentheses) {
                pending.push_back(operation->operands[0]);
            } else if (auto own = stands_for(*expr, ad_)) {
                pending.push_back(std::move(own));
            } else {
                add(std::move(expr));
            }
        }
        return true;
    }

    std::vector<Clause> take() { return std::move(clauses_); }

  private:
    void add(ExprPtr expr) {
        if (is_true(*expr)) {
            return;
        }
        auto text = classad::unparse(*expr);
        text.erase(0, text.find_first_not_of(' '));  // " !x"
        if (seen_.insert(text).second) {
            clauses_.push_back({std::move(expr), std::move(text)});
        }
    }

    const Ad& ad_;
    std::vector<Clause> clauses_;
    std::set<std::string> seen_;
};

}  // namespace

bool is_constant(const Expr& expr) {
    const auto is_literal = [](const ExprPtr& element) {
        return element->type() == Expr::Type::Literal;
    };
    const auto* list = expr.as<classad::ListNode>();
    return expr.type() == Expr::Type::Literal ||
           (list != nullptr && std::ranges::all_of(*list->elements, is_literal));
}

Reach reach(const Expr& expr, const Ad& ad) {
    return ReachWalk(ad).run(expr);
}

std::vector<Clause> split_requirements(const Ad& ad) {
    const auto whole = ad.get("Requirements");
    if (!whole) {
        return {};
    }
    const auto names = reach(*whole, ad).names;
    const auto is_reached = [&](std::string_view name) {
        return names.contains(std::string(name));
    };
    if (!ad.hides_special_names() && std::ranges::none_of(kNamesOfRequirements, is_reached)) {
        Splitter splitter(ad);
        if (splitter.run(whole)) {
            return splitter.take();
        }
    }
    return {{classad::make_selection(classad::make_attribute("MY"), "Requirements"),
             classad::unparse(*whole)}};
}

ExprPtr joined(const std::vector<Clause>& clauses) {
    ExprPtr result;
    for (const auto& clause : clauses) {
        const auto& node = bare(*clause.expr);
        const auto* operation = node.as<Operation>();
        const bool loose = operation != nullptr &&
                           (operation->op == Op::Or || operation->op == Op::Ternary) &&
                           &node == clause.expr.get();
        auto next = loose ? classad::make_unary(Op::Parentheses, clause.expr) : clause.expr;
        result = result ? classad::make_binary(Op::And, result, next) : next;
    }
    return result ? result : classad::make_literal(classad::Value::boolean(true));
}

const Expr& bare(const Expr& expr) {
    const auto* node = &expr;
    for (const auto* operation = node->as<Operation>();
         operation != nullptr && operation->op == Op::Parentheses;
         operation = node->as<Operation>()) {
        node = operation->operands[0].get();
    }
    return *node;
}

namespace {

ExprPtr replaced_below(const ExprPtr& expr, const Replace& replace);

// True if one of them changed.
template <class List>
bool replace_each(List& list, const Replace& replace) {
    bool changed = false;
    for (auto& element : list) {
        if (auto other = element ? replaced_below(element, replace) : nullptr) {
            element = std::move(other);
            changed = true;
        }
    }
    return changed;
}

ExprPtr replaced_below(const ExprPtr& expr, const Replace& replace) {
    if (const auto* reference = expr->as<Attribute>()) {
        return replace(*reference);
    }
    if (const auto* operation = expr->as<Operation>()) {
        auto copy = *operation;
        return replace_each(copy.operands, replace) ? std::make_shared<Expr>(std::move(copy))
                                                    : nullptr;
    }
    if (const auto* call = expr->as<Call>()) {
        auto copy = *call;
        return replace_each(copy.arguments, replace) ? std::make_shared<Expr>(std::move(copy))
                                                     : nullptr;
    }
    return nullptr;
}

}  // namespace

ExprPtr replaced(const ExprPtr& expr, const Replace& replace) {
    return expr->height() > kMostHeight ? nullptr : replaced_below(expr, replace);
}

}  // namespace tow::match
