#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "classad/name.hpp"
#include "classad/references.hpp"
#include "model/entry.hpp"
#include "policy/rules.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include <fmt/core.h>

namespace tow::policy {

namespace {

using config::MapReader;
using config::Node;
using Term = Rules::Term;

// More would be no preference but a mistake; and sums of it stay far from overflow.
constexpr std::int64_t kMostPreference = 1'000'000;

struct Cap {
    std::string_view key;
    Effect::Kind kind;
};

constexpr std::array kCaps{
    Cap{"max_pilots", Effect::Kind::MaxPilots},
    Cap{"max_pending", Effect::Kind::MaxPending},
    Cap{"max_submit", Effect::Kind::MaxSubmit},
};

// All names that an expression may mention.
class Names {
  public:
    explicit Names(std::span<const std::string> figures) {
        for (const auto& figure : figures) {
            places_.emplace(base::lower(figure), Place{.name = figure});
        }
    }

    void add(const Term& term, std::size_t position) {
        const auto [known, is_new] =
            places_.emplace(base::lower(term.name), Place{.name = term.name, .position = position});
        if (is_new) {
            origins_.push_back(term.condition.origin.text());
            return;
        }
        const auto& other = known->second.position;
        base::fail(base::Kind::Config, "{}: the name \"{}\" is {}", term.condition.origin.text(),
                   term.name,
                   other ? fmt::format("taken by {}", origins_[*other])
                         : "that of a figure of the situation");
    }

    void resolve(Term& term) const {
        const auto named = classad::mentions(*term.condition.expr);
        const auto& origin = term.condition.origin;
        if (named.hidden) {
            base::fail(base::Kind::Config,
                       "{}: {}: no functions here that look at names which the text does not show",
                       origin.text(), term.name);
        }
        for (const auto* names : {&named.unscoped, &named.my, &named.root}) {
            for (const auto& name : *names) {
                resolve(name, term);
            }
        }
        std::ranges::sort(term.needs);
        term.needs.erase(std::unique(term.needs.begin(), term.needs.end()), term.needs.end());
    }

  private:
    struct Place {
        std::string name;
        std::optional<std::size_t> position;  // nothing: a figure
    };

    void resolve(const std::string& name, Term& term) const {
        if (const auto found = places_.find(base::lower(name)); found != places_.end()) {
            if (found->second.position) {
                term.needs.push_back(*found->second.position);
            } else {
                term.figures.push_back(found->second.name);
            }
        } else if (classad::special_name(name) != classad::Special::CurrentTime) {
            reject(name, term);
        }
    }

    [[noreturn]] void reject(const std::string& name, const Term& term) const {
        throw base::Error(
            base::Kind::Config,
            fmt::format("{}: {}: \"{}\" is neither a fact nor a rule nor a figure",
                        term.condition.origin.text(), term.name, base::printable(name)),
            hint(name, term));
    }

    std::string hint(const std::string& name, const Term& term) const {
        std::vector<std::string> all;
        std::ranges::transform(places_, std::back_inserter(all),
                               [](const auto& each) { return each.second.name; });
        std::ranges::sort(all);
        for (const auto& each : all) {
            if (!classad::is_plain_name(each) && each.find(name) != std::string::npos &&
                term.condition.text.find(each) != std::string::npos) {
                return fmt::format("write '{}' in single quotes", each);
            }
        }
        if (const auto near = base::nearest(name, all)) {
            return fmt::format("did you mean \"{}\"?", *near);
        }
        return all.empty() ? "" : fmt::format("known here: {}", base::join(all, ", "));
    }

    std::unordered_map<std::string, Place> places_;  // by name in lower case
    std::vector<std::string> origins_;               // by position
};

void check_name(const Node& node, const std::string& name) {
    if (const auto problem = model::name_problem(name); !problem.empty()) {
        node.reject(fmt::format("the name \"{}\" {}", base::printable(name), problem));
    }
    if (classad::is_keyword(name) || classad::special_name(name) != classad::Special::None) {
        node.reject(fmt::format("the name \"{}\" means something else in expressions", name));
    }
}

Term read_fact(const Node::Field& field) {
    check_name(field.value, field.key);
    return {
        .name = field.key, .condition = read_expression(field.value), .needs = {}, .figures = {}};
}

std::vector<Effect> read_effects(const Node& node) {
    MapReader reader(node);
    std::vector<Effect> effects;
    if (const auto* enable = reader.find("enable")) {
        effects.push_back(
            {.kind = enable->boolean() ? Effect::Kind::Enable : Effect::Kind::Disable});
    }
    if (const auto* veto = reader.find("veto")) {
        if (!veto->boolean()) {
            veto->reject("a veto is true or is not there; no rule can lift that of another");
        }
        effects.push_back({.kind = Effect::Kind::Veto});
    }
    for (const auto& cap : kCaps) {
        if (const auto* value = reader.find(cap.key)) {
            if (value->integer() < 0) {
                value->expected("an integer of at least 0");
            }
            effects.push_back({.kind = cap.kind, .value = value->integer()});
        }
    }
    if (const auto* prefer = reader.find("prefer")) {
        if (prefer->integer() < -kMostPreference || prefer->integer() > kMostPreference) {
            prefer->expected(
                fmt::format("an integer from {} to {}", -kMostPreference, kMostPreference));
        }
        effects.push_back({.kind = Effect::Kind::Prefer, .value = prefer->integer()});
    }
    reader.finish();
    if (effects.empty()) {
        node.reject(
            "nothing is said here: enable, veto, max_pilots, max_pending, max_submit, prefer");
    }
    return effects;
}

Rule read_rule(const Node& node, Term& term) {
    MapReader reader(node);
    Rule rule;
    rule.name = reader.require("name").string();
    rule.origin = node.origin().text();
    check_name(reader.require("name"), rule.name);
    term.name = rule.name;
    term.condition = read_expression(reader.require("when"));
    rule.selector = Selector::read(reader);
    rule.then = read_effects(reader.require("then"));
    if (const auto* otherwise = reader.find("otherwise")) {
        rule.otherwise = read_effects(*otherwise);
    }
    reader.finish();
    return rule;
}

}  // namespace

Rules read_rules(const Node& facts, const Node& rules, std::span<const std::string> figures) {
    if (facts.kind() != Node::Kind::Map && !facts.is_null()) {
        facts.expected("a map");
    }
    if (rules.kind() != Node::Kind::List && !rules.is_null()) {
        rules.expected("a list");
    }
    std::vector<Term> terms;
    std::vector<Rule> read;
    std::ranges::transform(facts.fields(), std::back_inserter(terms), read_fact);
    for (const auto& node : rules.items()) {
        read.push_back(read_rule(node, terms.emplace_back()));
    }
    Names names(figures);
    for (std::size_t i = 0; i < terms.size(); ++i) {
        names.add(terms[i], i);
    }
    std::ranges::for_each(terms, [&names](auto& term) { names.resolve(term); });
    return {std::move(terms), std::move(read)};
}

}  // namespace tow::policy
