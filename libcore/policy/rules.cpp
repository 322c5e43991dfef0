#include "policy/rules.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "classad/evaluate.hpp"
#include "classad/expr.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace tow::policy {

namespace {

using Term = Rules::Term;

std::string place(const Term& term) {
    return fmt::format("{} ({})", term.name, term.condition.origin.text());
}

// Every term that misses something needs another that does: following them leads into a circle.
[[noreturn]] void reject_circle(const std::vector<Term>& terms,
                                const std::vector<std::size_t>& missing) {
    const auto is_left = [&missing](std::size_t term) { return missing[term] > 0; };
    std::vector<std::size_t> path;
    std::vector<bool> is_on_path(terms.size());
    std::size_t next = 0;
    while (!is_left(next)) {
        ++next;
    }
    while (!is_on_path[next]) {
        is_on_path[next] = true;
        path.push_back(next);
        next = *std::ranges::find_if(terms[next].needs, is_left);
    }
    std::vector<std::string> names;
    for (auto each = std::ranges::find(path, next); each != path.end(); ++each) {
        names.push_back(place(terms[*each]));
    }
    names.push_back(terms[next].name);
    base::fail(base::Kind::Config, "{}: this goes round in a circle: {}",
               terms[next].condition.origin.text(), base::join(names, " needs "));
}

std::vector<std::size_t> dependency_order(const std::vector<Term>& terms) {
    std::vector<std::vector<std::size_t>> needed_by(terms.size());
    std::vector<std::size_t> missing(terms.size());
    std::vector<std::size_t> order;
    order.reserve(terms.size());
    for (std::size_t i = 0; i < terms.size(); ++i) {
        missing[i] = terms[i].needs.size();
        for (const auto need : terms[i].needs) {
            needed_by[need].push_back(i);
        }
        if (missing[i] == 0) {
            order.push_back(i);
        }
    }
    for (std::size_t done = 0; done < order.size(); ++done) {
        for (const auto user : needed_by[order[done]]) {
            if (--missing[user] == 0) {
                order.push_back(user);
            }
        }
    }
    if (order.size() < terms.size()) {
        reject_circle(terms, missing);
    }
    return order;
}

std::optional<bool> known(classad::Truth truth) {
    using enum classad::Truth;
    return truth == True || truth == False ? std::optional(truth == True) : std::nullopt;
}

// What other expressions see of a fact.
const classad::ExprPtr& literal(std::optional<bool> value) {
    static const std::array literals{
        classad::make_literal(classad::Value::undefined()),
        classad::make_literal(classad::Value::boolean(false)),
        classad::make_literal(classad::Value::boolean(true)),
    };
    return literals.at(!value ? 0 : *value ? 2 : 1);
}

bool is_unknown(const classad::Ad& figures, const std::string& name) {
    const auto* expr = figures.find(name);
    const auto* value = expr == nullptr ? nullptr : expr->as<classad::Literal>();
    return expr == nullptr || (value != nullptr && value->value.is_undefined());
}

}  // namespace

std::string Effect::text() const {
    switch (kind) {
        case Kind::Enable:
            return "enable: true";
        case Kind::Disable:
            return "enable: false";
        case Kind::Veto:
            return "veto: true";
        case Kind::MaxPilots:
            return fmt::format("max_pilots: {}", value);
        case Kind::MaxPending:
            return fmt::format("max_pending: {}", value);
        case Kind::MaxSubmit:
            return fmt::format("max_submit: {}", value);
        case Kind::Prefer:
            break;
    }
    return fmt::format("prefer: {}", value);
}

std::string Rule::text() const {
    return fmt::format("rule {} ({})", name, origin);
}

Rules::Rules(std::vector<Term> terms, std::vector<Rule> rules)
    : terms_(std::move(terms)),
      rules_(std::move(rules)),
      order_(dependency_order(terms_)),
      is_needed_(terms_.size()) {
    for (const auto& term : terms_) {
        for (const auto need : term.needs) {
            is_needed_[need] = true;
        }
    }
}

Rules::Values Rules::evaluate_terms(const classad::Ad& figures, base::Time now) const {
    Values values(terms_.size());
    auto ad = figures;
    ad.reserve(figures.size() + terms_.size());
    for (const auto i : order_) {
        values[i] =
            known(classad::evaluate_truth(*terms_[i].condition.expr, &ad, nullptr, {.now = now}));
        if (is_needed_[i]) {
            ad.insert(terms_[i].name, literal(values[i]));
        }
    }
    return values;
}

Fired Rules::evaluate(const classad::Ad& figures, base::Time now) const {
    const auto values = evaluate_terms(figures, now);
    Fired fired;
    fired.facts.reserve(terms_.size());
    for (std::size_t i = 0; i < terms_.size(); ++i) {
        fired.facts.push_back({terms_[i].name, values[i]});
    }
    const auto first_rule = terms_.size() - rules_.size();
    bool all_known = true;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (const auto value = values[first_rule + i]) {
            fired.firings.push_back({&rules_[i], *value});
        } else {
            all_known = false;
        }
    }
    if (!all_known) {
        explain(values, figures, fired);
    }
    return fired;
}

void Rules::explain(const Values& values, const classad::Ad& figures, Fired& fired) const {
    std::vector<std::size_t> cause(terms_.size());  // of unknown terms: where it begins
    for (const auto i : order_) {
        const auto& needs = terms_[i].needs;
        const auto unknown = std::ranges::find_if(needs, [&](auto need) { return !values[need]; });
        cause[i] = unknown == needs.end() ? i : cause[*unknown];
    }
    const auto first_rule = terms_.size() - rules_.size();
    for (std::size_t i = 0; i < rules_.size(); ++i) {
        if (values[first_rule + i]) {
            continue;
        }
        const auto& term = terms_[cause[first_rule + i]];
        const auto why = why_unknown(term, figures);
        const auto message = cause[first_rule + i] == first_rule + i
                                 ? fmt::format("{} is not decided: {}", rules_[i].text(), why)
                                 : fmt::format("{} is not decided, because {} is unknown: {}",
                                               rules_[i].text(), place(term), why);
        fired.undecided.push_back({&rules_[i], term.name, message});
    }
}

std::string Rules::why_unknown(const Term& term, const classad::Ad& figures) const {
    std::vector<std::string> unknown;
    std::ranges::copy_if(term.figures, std::back_inserter(unknown),
                         [&](const auto& name) { return is_unknown(figures, name); });
    return unknown.empty()
               ? fmt::format("{} is neither true nor false", term.condition.text)
               : fmt::format("the situation does not tell {}", base::join(unknown, ", "));
}

}  // namespace tow::policy
