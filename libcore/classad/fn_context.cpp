// Functions of expressions and of the ads around them.
#include "classad/builtins.hpp"
#include "classad/reference_walk.hpp"
#include "classad/regex.hpp"
#include "classad/unparse.hpp"

#include <algorithm>

namespace tow::classad {

namespace {

constexpr std::size_t kPatternEffort = 100'000;

struct Located {
    const Expr* expr = nullptr;
    ScopePtr scope;  // keeps the expression alive, too
};

// The attribute that the first argument names, in the ad of this scope and whatever is around it.
Located lookup(const Invocation& call, const Attribute& reference) {
    auto& evaluator = call.evaluator;
    const bool unscoped = reference.scope == Attribute::Scope::Unscoped;
    const auto start = unscoped         ? call.scope
                       : reference.base ? evaluator.base_scope(reference, call.scope)
                                        : evaluator.root();
    const auto found = evaluator.find(reference.name, start, unscoped);
    return found.expr != nullptr ? Located{found.expr, *found.scope} : Located{};
}

// The expression that is to be evaluated in each ad: a reference stands for what it refers to. One
// that leads nowhere stands for itself, but among two ads HTCondor makes it undefined.
Located expression_of(const Invocation& call) {
    static const auto undefined = make_literal(Value::undefined());
    const auto* reference = call.expr(0).as<Attribute>();
    if (reference == nullptr) {
        return {&call.expr(0), call.scope};
    }
    auto found = lookup(call, *reference);
    if (found.expr == nullptr) {
        found.expr = call.evaluator.right() ? undefined.get() : &call.expr(0);
    }
    return found;
}

}  // namespace

Value call_eval(const Invocation& call) {
    const auto value = call.argument(0);
    if (value.is_undefined() || value.is_error()) {
        return Value::error();
    }
    return call.evaluator.eval_text(text_from(call.evaluator, value), call.scope);
}

// The text of an attribute of the ad at hand; only plain names find one.
Value call_unparse(const Invocation& call) {
    const auto* reference = call.expr(0).as<Attribute>();
    if (reference == nullptr) {
        return Value::error();
    }
    const auto* expr = reference->scope == Attribute::Scope::Unscoped
                           ? call.scope->ad->find(reference->name)
                           : nullptr;
    auto text = expr != nullptr ? unparse(*expr, Style::Pretty) : std::string();
    call.evaluator.spend(text.size() * 8);
    return Value::string(std::move(text));
}

// The external references of an attribute, or whether one of them matches a pattern.
Value call_unresolved(const Invocation& call) {
    const auto* reference = call.expr(0).as<Attribute>();
    if (reference == nullptr) {
        return Value::error();
    }
    const auto pattern = call.count() > 1 ? call.argument(1) : Value::string("");
    if (!pattern.is_string()) {
        call.evaluator.fail();  // as HTCondor does, not an error
        return Value::error();
    }
    const auto found = lookup(call, *reference);
    if (found.expr == nullptr) {
        return Value::undefined();
    }
    ReferenceWalk walk(call.evaluator);
    if (!walk.follow(*found.expr, found.scope)) {
        return Value::error();
    }
    if (call.count() == 1) {
        std::string names;
        for (const auto& [reference_text, name] : walk.external()) {
            names += names.empty() ? "" : ",";
            names += name;
        }
        return Value::string(std::move(names));
    }
    const Regex regex(*pattern.if_string(), {.caseless = true});
    if (!regex.valid()) {
        return Value::error();
    }
    std::vector<Regex::Group> groups;
    return Value::boolean(std::ranges::any_of(walk.external(), [&](const auto& external) {
        auto budget = kPatternEffort;
        const auto outcome = regex.search(external.second, 0, budget, groups);
        call.evaluator.spend(kPatternEffort - budget);
        return !call.evaluator.failed() && outcome == Regex::Outcome::Match;
    }));
}

// evalInEachContext() and countMatches()
Value call_in_each_context(const Invocation& call) {
    const bool count_only = call.function() == FunctionId::CountMatches;
    const auto each = expression_of(call);
    const auto contexts = call.argument(1);
    const auto* list = contexts.if_list();
    if (list == nullptr) {
        if (!contexts.is_undefined()) {
            return Value::error();
        }
        return count_only ? Value::integer(0) : contexts;
    }
    std::vector<Value> results;
    std::int64_t matches = 0;
    for (std::size_t i = 0; i < list->size() && !call.evaluator.failed(); ++i) {
        const auto context = call.evaluator.element(*list, i);
        const auto scope = context.ad_scope();
        auto result = scope                    ? call.evaluator.eval_deeper(*each.expr, scope)
                      : context.is_undefined() ? context
                                               : Value::error();
        matches += result.is_true() ? 1 : 0;
        if (!count_only) {
            results.push_back(std::move(result));
        }
    }
    return count_only ? Value::integer(matches) : Value::list(std::move(results));
}

// There is no map without HTCondor's configuration, so only the default can be the answer.
Value call_user_map(const Invocation& call) {
    if (call.argument(0).is_error() || call.argument(1).is_error()) {
        return Value::error();
    }
    return call.count() > 3 ? call.argument(3) : Value::undefined();
}

// Nor are there homes that this host may tell about.
Value call_user_home(const Invocation& call) {
    auto otherwise = call.count() > 1 ? call.argument(1) : Value::undefined();
    return otherwise.is_string() ? otherwise : Value::undefined();
}

}  // namespace tow::classad
