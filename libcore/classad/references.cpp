#include "classad/references.hpp"

#include "base/text.hpp"
#include "classad/reference_walk.hpp"
#include "classad/unparse.hpp"

#include <algorithm>

namespace tow::classad {

namespace {

std::vector<std::string> listed(const NameSet& names) {
    return {names.begin(), names.end()};
}

bool hides_names(FunctionId function) noexcept {
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

}  // namespace

bool NameOrder::operator()(const std::string& a, const std::string& b) const noexcept {
    return std::ranges::lexicographical_compare(a, b, {}, base::to_lower, base::to_lower);
}

bool ReferenceWalk::follow(const Expr& expr, const ScopePtr& scope) {
    std::vector<const Expr*> pending{&expr};
    while (!pending.empty()) {
        const auto& next = *pending.back();
        pending.pop_back();
        if (const auto* reference = next.as<Attribute>()) {
            if (!follow_attribute(*reference, scope)) {
                return false;
            }
            if (reference->scope == Attribute::Scope::Expression) {
                pending.push_back(reference->base.get());
            }
        } else if (const auto* nested = next.as<AdNode>()) {
            if (!follow_ad(*nested, scope)) {
                return false;
            }
        } else {
            for_each_child(next, [&pending](const Expr& child) { pending.push_back(&child); });
        }
    }
    return !evaluator_.failed();
}

bool ReferenceWalk::follow_ad(const AdNode& nested, const ScopePtr& scope) {
    const auto inside = std::make_shared<const Scope>(Scope{nested.ad, scope, Scope::Role::Plain});
    return std::ranges::all_of(*nested.ad,
                               [&](const Ad::Entry& entry) { return enter(*entry.value, inside); });
}

bool ReferenceWalk::follow_attribute(const Attribute& reference, const ScopePtr& scope) {
    const bool unscoped = reference.scope == Attribute::Scope::Unscoped;
    ScopePtr base;
    if (reference.base) {
        base = evaluator_.base_scope(reference, scope);
    }
    const auto& start = unscoped                                    ? scope
                        : reference.scope == Attribute::Scope::Root ? evaluator_.root()
                                                                    : base;
    const auto found = evaluator_.find(reference.name, start, unscoped);
    if (found.expr != nullptr) {
        if (*found.scope == evaluator_.left()) {
            internal_.insert(reference.name.text);
        }
        return enter(*found.expr, *found.scope);
    }
    const bool known =
        found.special != Special::None || reference.scope == Attribute::Scope::Expression;
    if (!known) {
        const auto& name = reference.name.text;
        external_.emplace(reference.base ? unparse(*reference.base) + '.' + name : name, name);
    }
    return true;
}

bool ReferenceWalk::enter(const Expr& expr, const ScopePtr& scope) {
    const Place place(&expr, scope->ad.get());
    if (done_.contains(place)) {
        return true;
    }
    if (open_.size() >= kMaxRecursion || !open_.insert(place).second) {
        return false;
    }
    const bool followed = follow(expr, scope);
    open_.erase(place);
    done_.insert(place);
    return followed;
}

std::optional<References> references(const Expr& expr, const Ad& ad, const EvalOptions& options) {
    Evaluator evaluator(&ad, nullptr, options);
    ReferenceWalk walk(evaluator);
    if (!walk.follow(expr, evaluator.left())) {
        return std::nullopt;
    }
    NameSet external;
    for (const auto& [reference, name] : walk.external()) {
        external.insert(name);
    }
    return References{listed(walk.internal()), listed(external)};
}

Mentions mentions(const Expr& expr) {
    NameSet unscoped;
    NameSet my;
    NameSet target;
    NameSet root;
    NameSet unknown;
    Mentions result;
    std::vector<const Expr*> pending{&expr};
    while (!pending.empty()) {
        const auto& next = *pending.back();
        pending.pop_back();
        if (const auto* call = next.as<Call>()) {
            result.hidden = result.hidden || hides_names(call->function);
            if (call->function == FunctionId::Unknown) {
                unknown.insert(call->name);
            }
        }
        const auto* reference = next.as<Attribute>();
        const auto scope = reference != nullptr ? reference->scope : Attribute::Scope::Expression;
        switch (scope) {
            case Attribute::Scope::Unscoped:
                unscoped.insert(reference->name.text);
                break;
            case Attribute::Scope::My:
                my.insert(reference->name.text);
                break;
            case Attribute::Scope::Target:
                target.insert(reference->name.text);
                break;
            case Attribute::Scope::Root:
                root.insert(reference->name.text);
                break;
            case Attribute::Scope::Expression:
                for_each_child(next, [&pending](const Expr& child) { pending.push_back(&child); });
        }
    }
    result.unscoped = listed(unscoped);
    result.my = listed(my);
    result.target = listed(target);
    result.root = listed(root);
    result.unknown_functions = listed(unknown);
    return result;
}

}  // namespace tow::classad
