// Where names lead: the ads, what is around them, and the names that mean something by themselves.
#include "classad/evaluator.hpp"

#include <algorithm>
#include <utility>

namespace tow::classad {

namespace {

// Places in Evaluator::scopes_.
constexpr std::size_t kLeft = 0;
constexpr std::size_t kRight = 1;
constexpr std::size_t kLeftContext = 2;
constexpr std::size_t kRightContext = 3;
constexpr std::size_t kMatch = 4;

const Ad& empty_ad() {
    static const Ad ad;
    return ad;
}

// What HTCondor's match ad defines besides the two ads and their contexts.
struct MatchAd {
    Ad left_context;
    Ad right_context;
    Ad rest;

    MatchAd() {
        for (const auto* name : {"ad", "my"}) {
            left_context.insert(name, make_absolute_attribute("LEFT"));
            right_context.insert(name, make_absolute_attribute("RIGHT"));
        }
        for (const auto* name : {"other", "target"}) {
            left_context.insert(name, make_absolute_attribute("RIGHT"));
            right_context.insert(name, make_absolute_attribute("LEFT"));
        }
        const auto of = [](const char* side, const char* name) {
            return make_selection(make_attribute(side), name);
        };
        rest.insert("leftRankValue", of("LEFT", "rank"));
        rest.insert("rightRankValue", of("RIGHT", "rank"));
        rest.insert("leftMatchesRight", of("RIGHT", "requirements"));
        rest.insert("rightMatchesLeft", of("LEFT", "requirements"));
        rest.insert("symmetricMatch",
                    make_binary(Op::And, of("RIGHT", "requirements"), of("LEFT", "requirements")));
    }
};

const MatchAd& match_ad() {
    static const MatchAd ad;
    return ad;
}

const ScopePtr& nowhere() {
    static const ScopePtr none;
    return none;
}

// Nested ads get a new scope each time somebody looks at them; they are the same place if all the
// ads around them are the same.
bool same_place(const Scope* a, const Scope* b) noexcept {
    while (a != b) {
        if (a == nullptr || b == nullptr || a->ad != b->ad || a->role != Scope::Role::Plain ||
            b->role != Scope::Role::Plain) {
            return false;
        }
        a = a->parent.get();
        b = b->parent.get();
    }
    return true;
}

bool is_match_name(Special special) noexcept {
    return special >= Special::Left;
}

bool is_ad_name(Special special) noexcept {
    return special >= Special::My && special <= Special::CurrentTime;
}

}  // namespace

Evaluator::Evaluator(const Ad* my, const Ad* target, const EvalOptions& options)
    : options_(options), random_state_(options.seed) {
    auto& left = scopes_[kLeft];
    left.ad = unowned(my != nullptr ? my : &empty_ad());
    left.role = Scope::Role::Left;
    left_ = unowned(&left);
    if (target == nullptr) {
        return;
    }
    right_ = unowned(&scopes_[kRight]);
    left_context_ = unowned(&scopes_[kLeftContext]);
    right_context_ = unowned(&scopes_[kRightContext]);
    match_ = unowned(&scopes_[kMatch]);
    left.parent = left_context_;
    scopes_[kRight] = {unowned(target), right_context_, Scope::Role::Right};
    scopes_[kLeftContext] = {unowned(&match_ad().left_context), match_, Scope::Role::LeftContext};
    scopes_[kRightContext] = {unowned(&match_ad().right_context), match_,
                              Scope::Role::RightContext};
    scopes_[kMatch] = {unowned(&match_ad().rest), nullptr, Scope::Role::Match};
}

const ScopePtr* Evaluator::partner_of(const Scope& scope) const noexcept {
    const bool is_left = scope.role == Scope::Role::Left;
    if ((!is_left && scope.role != Scope::Role::Right) || !right_) {
        return nullptr;
    }
    return is_left ? &right_ : &left_;
}

Evaluator::Found Evaluator::find(const Name& name, const ScopePtr& start, bool unscoped) const {
    for (const auto* at = &start; *at; at = &(*at)->parent) {
        if (is_match_name(name.special) && (*at)->role == Scope::Role::Match) {
            return {nullptr, nullptr, name.special};
        }
        if (const auto* expr = (*at)->ad->find(name)) {
            return {expr, at, Special::None};
        }
        if (is_ad_name(name.special) && at == &start) {
            return {nullptr, nullptr, name.special};
        }
    }
    if (const auto* partner = unscoped && start ? partner_of(*start) : nullptr) {
        return {(*partner)->ad->find(name), partner, Special::None};
    }
    return {};
}

// Where MY. or TARGET. leads, if no ad has an attribute of that name; else null.
const ScopePtr* Evaluator::direct_scope(Attribute::Scope kind,
                                        const ScopePtr& scope) const noexcept {
    for (const auto* at = &scope; *at; at = &(*at)->parent) {
        const auto role = (*at)->role;
        const bool is_context = role > Scope::Role::Right;
        if (is_context || (*at)->ad->hides_special_names()) {
            return nullptr;
        }
        if (kind == Attribute::Scope::My) {
            return at;
        }
        if (role != Scope::Role::Plain) {
            const auto* partner = partner_of(**at);
            return partner != nullptr ? partner : &nowhere();
        }
    }
    return &nowhere();
}

ScopePtr Evaluator::base_scope(const Attribute& reference, const ScopePtr& scope) {
    if (reference.scope != Attribute::Scope::Expression) {
        if (const auto* direct = direct_scope(reference.scope, scope)) {
            return *direct;
        }
    }
    return eval(*reference.base, scope).ad_scope();
}

Value Evaluator::match_ad_value() {
    spend(64 * (left_->ad->size() + right_->ad->size()));
    Ad ad = match_ad().rest;
    ad.insert("lCtx", make_ad(*left_context_->ad));
    ad.insert("rCtx", make_ad(*right_context_->ad));
    ad.insert("LEFT", make_ad(*left_->ad));
    ad.insert("RIGHT", make_ad(*right_->ad));
    return computed_ad(std::move(ad), Scope::Role::Match);
}

Value Evaluator::special_value(Special special, const ScopePtr& start) {
    switch (special) {
        case Special::My:
        case Special::Self:
            return start == match_ ? match_ad_value() : Value::ad(start);
        case Special::Parent:
            if (!start->parent) {
                return Value::undefined();
            }
            return start->parent == match_ ? match_ad_value() : Value::ad(start->parent);
        case Special::Root:
            return match_ ? match_ad_value() : Value::ad(left_);
        case Special::CurrentTime:
            return Value::integer(options_.now.time_since_epoch().count());
        case Special::Left:
            return Value::ad(left_);
        case Special::Right:
            return Value::ad(right_);
        case Special::LeftContext:
            return Value::ad(left_context_);
        case Special::RightContext:
            return Value::ad(right_context_);
        default:
            return Value::undefined();
    }
}

bool Evaluator::is_active(const Expr& expr, const Scope& scope) const noexcept {
    return std::any_of(active_.begin(), active_.begin() + active_count_, [&](const Active& place) {
        return place.expr == &expr && same_place(place.scope, &scope);
    });
}

}  // namespace tow::classad
