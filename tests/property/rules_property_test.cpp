// The order of facts and rules in the file changes nothing but the order of the answer.
#include "config/yaml.hpp"
#include "model/ads.hpp"
#include "policy/rules.hpp"
#include "policy/standing.hpp"
#include "random.hpp"

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>
#include <fmt/core.h>

namespace tow::policy {

namespace {

using property::Random;
using Texts = std::vector<std::string>;

const Texts figure_names{"f0", "f1", "f2", "f3"};

struct Policy {
    Texts facts;
    Texts rules;
};

std::string condition(Random& random, const Texts& known) {
    const auto operand = [&]() -> std::string {
        if (known.empty() || random.chance(40)) {
            return random.one_of(figure_names) + random.one_of(Texts{" > ", " == ", " <= "}) +
                   std::to_string(random.between(0, 3));
        }
        return (random.chance(30) ? "!" : "") + random.one_of(known);
    };
    return operand() + random.one_of(Texts{" && ", " || ", " =?= "}) + operand();
}

std::string effect(Random& random) {
    const auto number = random.between(0, 9);
    return random.one_of(
        Texts{"enable: true", "enable: false", "veto: true", fmt::format("max_pilots: {}", number),
              fmt::format("max_submit: {}", number), fmt::format("prefer: {}", number - 5)});
}

Policy random_policy(Random& random) {
    Policy policy;
    Texts known;
    const auto count = random.between(1, 12);
    for (std::int64_t i = 0; i < count; ++i) {
        const auto name = fmt::format("n{}", i);
        if (const auto when = condition(random, known); random.chance(50)) {
            policy.facts.push_back(fmt::format("  {}: '{}'\n", name, when));
        } else {
            policy.rules.push_back(
                fmt::format("  - {{name: {}, when: '{}', entries: {}, then: {{{}}}{}}}\n", name,
                            when, random.one_of(Texts{"A", "B", "'*'"}), effect(random),
                            random.chance(50) ? ", otherwise: {" + effect(random) + "}" : ""));
        }
        known.push_back(name);
    }
    return policy;
}

void shuffle(Random& random, Texts& texts) {
    for (std::size_t i = texts.size(); i > 1; --i) {
        std::swap(texts[i - 1],
                  texts[static_cast<std::size_t>(random.between(0, static_cast<int>(i) - 1))]);
    }
}

classad::Ad random_figures(Random& random) {
    classad::Ad ad;
    for (const auto& name : figure_names) {
        if (random.chance(80)) {
            ad.insert_int(name, random.between(0, 3));
        }
    }
    return ad;
}

// All that policy makes of it, in an order of its own.
struct Answer {
    std::map<std::string, std::optional<bool>, std::less<>> facts;
    std::vector<std::string> standings;
    std::vector<std::string> undecided;

    bool operator==(const Answer&) const = default;
};

std::string words(std::optional<std::int64_t> number) {
    return number ? std::to_string(*number) : "-";
}

Answer answer(const Policy& policy, const classad::Ad& figures) {
    std::string yaml = "facts:\n";
    for (const auto& fact : policy.facts) {
        yaml += fact;
    }
    yaml += "rules:\n";
    for (const auto& rule : policy.rules) {
        yaml += rule;
    }
    const auto node = config::parse_yaml(yaml, "policy.yaml");
    const auto rules = read_rules(*node.find("facts"), *node.find("rules"), figure_names);
    const auto fired = rules.evaluate(figures, {});
    Answer result;
    for (const auto& fact : fired.facts) {
        result.facts.emplace(fact.name, fact.value);
    }
    for (const auto& warning : fired.undecided) {
        result.undecided.push_back(warning.rule->name);
    }
    std::ranges::sort(result.undecided);
    for (const auto* name : {"A", "B", "C"}) {
        model::Entry entry;
        entry.name = name;
        std::vector<std::string> problems;
        const auto standing = standing_of(fired, entry, model::entry_ad(entry, problems), {});
        result.standings.push_back(fmt::format(
            "{} {} {} {} {} {} {} {}", name, standing.is_allowed(), standing.is_vetoed,
            standing.is_undecided, standing.enabled ? int{*standing.enabled} : -1,
            words(standing.max_pilots), words(standing.max_submit), standing.tier_change));
    }
    return result;
}

}  // namespace

TEST_CASE("the order in the file does not change what facts are true and what entries may do") {
    INFO("TOW_SEED=" << property::seed());
    Random random(property::seed());
    int settled = 0;
    for (int round = 0; round < 2000; ++round) {
        auto policy = random_policy(random);
        const auto figures = random_figures(random);
        const auto first = answer(policy, figures);
        shuffle(random, policy.facts);
        shuffle(random, policy.rules);
        REQUIRE(answer(policy, figures) == first);
        settled += first.undecided.empty() ? 1 : 0;
    }
    CHECK(settled > 500);
    CHECK(settled < 2000);
}

}  // namespace tow::policy
