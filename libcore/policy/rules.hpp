// Facts and rules: what follows for entries from how things stand.
//
//   facts:
//     overflow: idle_jobs > 0 && pending > 100      a condition over figures and other facts
//   rules:
//     - name: spill                                 also a fact: whether the rule has fired
//       when: overflow && !budget_low
//       entries: "HPC_*"                            or any key of a selector; none: every entry
//       then: {enable: true}
//       otherwise: {enable: false}
//
// Conditions are ClassAd. Facts and rules are looked at in the order in which they need each other,
// whatever their order in the file. What is neither true nor false (a figure is missing) is
// unknown: a rule whose condition is unknown does nothing at all, and says so.
#pragma once

#include "base/clock.hpp"
#include "classad/ad.hpp"
#include "config/node.hpp"
#include "policy/expression.hpp"
#include "policy/selector.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tow::policy {

struct Effect {
    enum class Kind : std::uint8_t {
        Enable,
        Disable,
        Veto,
        MaxPilots,
        MaxPending,
        MaxSubmit,
        Prefer
    };

    Kind kind = Kind::Enable;
    std::int64_t value = 0;  // of a cap: pilots of each entry; of Prefer: added to the tier

    std::string text() const;  // as in the file: "enable: false", "max_pilots: 20"
    friend bool operator==(const Effect&, const Effect&) = default;
};

struct Rule {
    std::string name;
    std::string origin;  // "policy.yaml:12"
    Selector selector;
    std::vector<Effect> then;       // each kind at most once
    std::vector<Effect> otherwise;  // likewise; may be empty

    std::string text() const;  // "rule spill (policy.yaml:12)"
};

// What one evaluation found. Points into the Rules, which must outlive it and stay where they are.
struct Fired {
    struct Fact {
        std::string_view name;
        std::optional<bool> value;  // nothing: unknown
    };

    struct Firing {
        const Rule* rule = nullptr;
        bool is_true = false;  // of its condition

        std::span<const Effect> effects() const { return is_true ? rule->then : rule->otherwise; }
    };

    struct Warning {
        const Rule* rule = nullptr;
        std::string_view fact;  // at the bottom of it: what is unknown on its own account
        std::string message;
    };

    std::vector<Fact> facts;         // facts, then rules, in the order of the file
    std::vector<Firing> firings;     // of rules whose condition is known, in the order of the file
    std::vector<Warning> undecided;  // rules whose condition is unknown, in the order of the file
};

class Rules {
  public:
    // A fact, or the condition of a rule.
    struct Term {
        std::string name;
        Expression condition;
        std::vector<std::size_t> needs;    // other terms
        std::vector<std::string> figures;  // what else it mentions
    };

    Rules() = default;

    // Facts, then one term for each rule. Error{Config} with the names and places of a circle.
    Rules(std::vector<Term> terms, std::vector<Rule> rules);

    bool empty() const noexcept { return terms_.empty(); }

    const std::vector<Rule>& rules() const noexcept { return rules_; }

    // A figure that the ad does not have is unknown. The same figures give the same answer.
    Fired evaluate(const classad::Ad& figures, base::Time now) const;

  private:
    using Values = std::vector<std::optional<bool>>;

    Values evaluate_terms(const classad::Ad& figures, base::Time now) const;
    void explain(const Values& values, const classad::Ad& figures, Fired& fired) const;
    std::string why_unknown(const Term& term, const classad::Ad& figures) const;

    std::vector<Term> terms_;
    std::vector<Rule> rules_;
    std::vector<std::size_t> order_;  // terms, each behind what it needs
    std::vector<bool> is_needed_;     // by term
};

// The nodes of the keys facts: and rules: of a policy (null: none). Names are compared without
// case, as ClassAd does; a name with a '-' stands in single quotes in an expression. Error{Config}
// with file and line for whatever is wrong: a name that is neither a fact nor a rule nor one of the
// figures, a name that stands twice, facts in a circle.
Rules read_rules(const config::Node& facts, const config::Node& rules,
                 std::span<const std::string> figures);

}  // namespace tow::policy
