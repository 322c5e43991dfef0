#include "policy/rules.hpp"

#include "base/error.hpp"
#include "config/yaml.hpp"
#include "model/ads.hpp"
#include "policy/standing.hpp"

#include <algorithm>

#include <catch2/catch.hpp>
#include <fmt/core.h>

namespace tow::policy {

namespace {

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};
const std::vector<std::string> figure_names{"idle_jobs", "pending", "budget", "site_state"};

Rules read(const std::string& yaml) {
    const auto node = config::parse_yaml(yaml, "policy.yaml");
    const config::Node none;
    const auto* facts = node.find("facts");
    const auto* rules = node.find("rules");
    return read_rules(facts == nullptr ? none : *facts, rules == nullptr ? none : *rules,
                      figure_names);
}

struct Refusal {
    std::string message;
    std::string hint;
};

Refusal refusal(const std::string& yaml) {
    try {
        read(yaml);
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::Kind::Config);
        return {error.what(), error.hint()};
    }
    return {"accepted", ""};
}

classad::Ad figures(std::int64_t idle_jobs, std::int64_t pending) {
    classad::Ad ad;
    ad.insert_int("idle_jobs", idle_jobs);
    ad.insert_int("pending", pending);
    return ad;
}

std::optional<bool> fact(const Fired& fired, std::string_view name) {
    const auto found = std::ranges::find(fired.facts, name, &Fired::Fact::name);
    REQUIRE(found != fired.facts.end());
    return found->value;
}

Standing standing(const Rules& rules, const classad::Ad& ad, const std::string& name = "A") {
    model::Entry entry;
    entry.name = name;
    entry.pilot.cpus = 8;
    std::vector<std::string> problems;
    return standing_of(rules.evaluate(ad, kNow), entry, model::entry_ad(entry, problems), kNow);
}

// Rules that all fire, or all do not, on every entry.
std::string always(const std::vector<std::string>& effects) {
    std::string yaml = "rules:\n";
    for (std::size_t i = 0; i < effects.size(); ++i) {
        yaml += fmt::format("  - {{name: r{}, when: true, then: {}}}\n", i, effects[i]);
    }
    return yaml;
}

}  // namespace

TEST_CASE("facts are conditions over figures and other facts, in any order and case") {
    const auto rules = read(R"(
facts:
  overflow: Jobs_Waiting && pending > 100
  jobs_waiting: IDLE_JOBS > 0
)");
    const auto fired = rules.evaluate(figures(5, 200), kNow);
    CHECK(fact(fired, "jobs_waiting") == true);
    CHECK(fact(fired, "overflow") == true);
    CHECK(fact(rules.evaluate(figures(0, 200), kNow), "overflow") == false);
    CHECK(fact(rules.evaluate(figures(5, 100), kNow), "overflow") == false);
    CHECK(fired.firings.empty());
}

TEST_CASE("no facts and no rules are an answer too") {
    CHECK(read("").empty());
    CHECK(read("{facts: , rules: }").evaluate({}, kNow).facts.empty());
}

TEST_CASE("a rule is a fact of its own name, for rules and facts anywhere in the file") {
    const auto rules = read(R"(
facts:
  local_only: "!'use-hpc' && !use_cloud"
rules:
  - {name: use_cloud, when: "overflow && !'use-hpc'", then: {enable: true}}
  - {name: use-hpc, when: overflow && pending < 50, then: {enable: true}}
  - {name: overflow, when: idle_jobs > 10, then: {max_pilots: 3}}
)");
    CHECK(fact(rules.evaluate(figures(20, 10), kNow), "use-hpc") == true);
    CHECK(fact(rules.evaluate(figures(20, 10), kNow), "use_cloud") == false);
    CHECK(fact(rules.evaluate(figures(20, 99), kNow), "use_cloud") == true);
    CHECK(fact(rules.evaluate(figures(5, 99), kNow), "local_only") == true);
    CHECK(fact(rules.evaluate(figures(20, 99), kNow), "local_only") == false);
}

TEST_CASE("a long chain is followed") {
    std::string yaml = "facts:\n  f0: idle_jobs > 0\n";
    for (int i = 1; i < 2000; ++i) {
        yaml += fmt::format("  f{}: f{}\n", i, i - 1);
    }
    CHECK(fact(read(yaml).evaluate(figures(1, 0), kNow), "f1999") == true);
}

TEST_CASE("a rule that fires does what stands under then, else what stands under otherwise") {
    const auto rules = read(R"(
rules:
  - name: spill
    when: pending > 100
    entries: HPC_*
    then: {enable: true, max_submit: 10}
    otherwise: {enable: false}
  - {name: quiet, when: pending > 100, then: {veto: true}}
)");
    const auto busy = rules.evaluate(figures(1, 200), kNow);
    REQUIRE(busy.firings.size() == 2);
    CHECK(busy.firings[0].is_true);
    CHECK(busy.firings[0].effects().size() == 2);
    CHECK(busy.firings[0].effects()[1].text() == "max_submit: 10");
    CHECK(busy.firings[0].rule->text() == "rule spill (policy.yaml:3)");
    CHECK(busy.firings[0].rule->selector.text() == "entries HPC_*");
    const auto calm = rules.evaluate(figures(1, 20), kNow);
    CHECK(calm.firings[0].effects()[0] == Effect{.kind = Effect::Kind::Disable});
    CHECK(calm.firings[1].effects().empty());
}

TEST_CASE("numbers count as in Requirements, and time is that of the evaluation") {
    CHECK(fact(read("facts: {a: idle_jobs}").evaluate(figures(2, 0), kNow), "a") == true);
    CHECK(fact(read("facts: {a: idle_jobs}").evaluate(figures(0, 0), kNow), "a") == false);
    CHECK(fact(read("facts: {a: time() == 1795262400}").evaluate({}, kNow), "a") == true);
    CHECK(fact(read("facts: {a: CurrentTime == 1795262400}").evaluate({}, kNow), "a") == true);
    CHECK(fact(read("facts: {a: MY.pending == 4}").evaluate(figures(0, 4), kNow), "a") == true);
}

TEST_CASE("what is neither true nor false is unknown, and a rule on it does nothing but say so") {
    const auto rules = read(R"(
facts:
  rich: budget > 1000
  spendable: rich && idle_jobs > 0
rules:
  - {name: buy, when: spendable, then: {enable: true}, otherwise: {enable: false}}
  - {name: text, when: site_state, then: {veto: true}}
  - {name: known, when: rich || true, then: {prefer: 1}}
)");
    auto ad = figures(3, 0);
    ad.insert_string("site_state", "good");
    const auto fired = rules.evaluate(ad, kNow);
    CHECK(fact(fired, "rich") == std::nullopt);
    CHECK(fact(fired, "spendable") == std::nullopt);
    CHECK(fact(fired, "buy") == std::nullopt);
    REQUIRE(fired.firings.size() == 1);
    CHECK(fired.firings[0].rule->name == "known");
    REQUIRE(fired.undecided.size() == 2);
    CHECK(fired.undecided[0].fact == "rich");
    CHECK(fired.undecided[0].message ==
          "rule buy (policy.yaml:6) is not decided, because rich (policy.yaml:3) is unknown: "
          "the situation does not tell budget");
    CHECK(fired.undecided[1].message ==
          "rule text (policy.yaml:7) is not decided: site_state is neither true nor false");
    // An unknown that cannot matter does not.
    CHECK(fact(rules.evaluate(figures(0, 0), kNow), "spendable") == false);
}

TEST_CASE("an attribute of the situation does not stand in for a fact of its name") {
    const auto rules = read("facts: {a: budget > 1, b: a}");
    classad::Ad ad;
    ad.insert_bool("a", true);  // not one of the figures
    CHECK(fact(rules.evaluate(ad, kNow), "b") == std::nullopt);
}

TEST_CASE("an entry that an undecided rule could switch is told apart") {
    const auto rules = read(R"(
rules:
  - {name: buy, when: budget > 0, entries: CLOUD_*, then: {enable: true}, otherwise: {enable: false}}
  - {name: cap, when: budget < 10, then: {max_pilots: 1}}
)");
    CHECK(standing(rules, figures(1, 1), "CLOUD_A").is_undecided);
    CHECK_FALSE(standing(rules, figures(1, 1), "A").is_undecided);
    CHECK(standing(rules, figures(1, 1), "CLOUD_A").because.empty());
}

TEST_CASE("conflicts: veto over enable over disable") {
    const auto enabled = [](const std::vector<std::string>& effects) {
        const auto rules = read(always(effects));
        return standing(rules, {});
    };
    CHECK(enabled({}).is_allowed());
    CHECK(enabled({}).enabled == std::nullopt);
    CHECK_FALSE(enabled({"{enable: false}"}).is_allowed());
    CHECK(enabled({"{enable: true}", "{enable: false}"}).is_allowed());
    CHECK(enabled({"{enable: false}", "{enable: true}"}).is_allowed());
    CHECK_FALSE(enabled({"{enable: true}", "{veto: true}", "{enable: true}"}).is_allowed());
    CHECK_FALSE(enabled({"{veto: true}", "{enable: true}"}).is_allowed());
}

TEST_CASE("conflicts: the smallest cap holds, preferences add up") {
    const auto rules = read(
        always({"{max_pilots: 9, max_pending: 4, prefer: -2}",
                "{max_pilots: 7, max_submit: 0, prefer: 5}", "{max_pilots: 8, max_pending: 5}"}));
    const auto result = standing(rules, {});
    CHECK(result.max_pilots == 7);
    CHECK(result.max_pending == 4);
    CHECK(result.max_submit == 0);
    CHECK(result.tier_change == 3);
}

TEST_CASE("every effect is told with its rule and place, and whether it was overruled") {
    const auto rules =
        read(always({"{enable: false, max_pilots: 9}", "{enable: true}", "{max_pilots: 3}"}));
    std::vector<std::string> texts;
    for (const auto& reason : standing(rules, {}).because) {
        texts.push_back(reason.text() + (reason.is_overruled ? " (overruled)" : ""));
    }
    CHECK(texts == std::vector<std::string>{
                       "rule r0 (policy.yaml:2): enable: false (overruled)",
                       "rule r0 (policy.yaml:2): max_pilots: 9 (overruled)",
                       "rule r1 (policy.yaml:3): enable: true",
                       "rule r2 (policy.yaml:4): max_pilots: 3",
                   });
}

TEST_CASE("a rule is about the entries it selects") {
    const auto rules = read(R"(
rules:
  - {name: a, when: true, entries: HPC_*, where: Cpus >= 8, then: {veto: true}}
  - {name: b, when: true, where: Cpus > 8, then: {max_pilots: 0}}
)");
    CHECK(standing(rules, {}, "HPC_A").is_vetoed);
    CHECK_FALSE(standing(rules, {}, "A").is_vetoed);
    CHECK(standing(rules, {}, "A").max_pilots == std::nullopt);
}

TEST_CASE("unknown names are refused with their place and the nearest known one") {
    const auto wrong = refusal("facts:\n  a: idle_jobs > 0\n  b: a && idle_job > 3\n");
    CHECK(wrong.message ==
          "policy.yaml:3: b: \"idle_job\" is neither a fact nor a rule nor a figure");
    CHECK(wrong.hint == "did you mean \"idle_jobs\"?");
    const auto rule = refusal("rules:\n- name: r\n  when: nothing_like_it\n  then: {veto: true}\n");
    CHECK(rule.message ==
          "policy.yaml:3: r: \"nothing_like_it\" is neither a fact nor a rule nor a figure");
    CHECK(rule.hint == "known here: budget, idle_jobs, pending, r, site_state");
    CHECK(refusal("{facts: {a: spill-out}, rules: [{name: spill-out, when: true, then: {veto: "
                  "true}}]}")
              .hint == "write 'spill-out' in single quotes");
    CHECK_THAT(refusal("facts: {a: self.b, b: true}").message, Catch::Contains("\"self\""));
    CHECK_THAT(refusal("facts: {a: eval(\"b\"), b: true}").message,
               Catch::StartsWith("policy.yaml:1: a: no functions here"));
}

TEST_CASE("circles are refused with the names on them") {
    CHECK(refusal("facts:\n  x: a\n  a: b && idle_jobs > 1\n  b: '!c'\nrules:\n"
                  "- {name: c, when: a, then: {veto: true}}\n")
              .message ==
          "policy.yaml:3: this goes round in a circle: a (policy.yaml:3) needs b (policy.yaml:4) "
          "needs c (policy.yaml:6) needs a");
    CHECK(refusal("facts: {a: a}").message ==
          "policy.yaml:1: this goes round in a circle: a (policy.yaml:1) needs a");
}

TEST_CASE("names that are taken or mean something else are refused") {
    CHECK(refusal("facts:\n  a: true\n  A: false\n").message ==
          "policy.yaml:3: the name \"A\" is taken by policy.yaml:2");
    CHECK(refusal("facts: {Pending: true}").message ==
          "policy.yaml:1: the name \"Pending\" is that of a figure of the situation");
    for (const auto* name : {"true", "my", "target", "undefined", "''", "'a b'"}) {
        INFO(name);
        CHECK_THAT(refusal(fmt::format("facts: {{{}: true}}", name)).message,
                   Catch::Contains("the name"));
    }
}

TEST_CASE("mistakes in rules are told with their place") {
    const auto in_rule = [](const std::string& rest) {
        return refusal("rules:\n- name: r\n  when: true\n" + rest).message;
    };
    CHECK_THAT(in_rule(""), Catch::EndsWith("the key \"then\" is missing"));
    CHECK_THAT(in_rule("  then: {}"), Catch::StartsWith("policy.yaml:4: rules[0].then: nothing"));
    CHECK_THAT(in_rule("  then:\n"), Catch::Contains("missing"));
    CHECK_THAT(in_rule("  then: {veto: true}\n  otherwise: {}"),
               Catch::StartsWith("policy.yaml:5: rules[0].otherwise: nothing"));
    CHECK_THAT(in_rule("  then: {veto: false}"), Catch::Contains("no rule can lift"));
    CHECK_THAT(in_rule("  then: {max_pilots: -1}"), Catch::Contains("at least 0"));
    CHECK_THAT(in_rule("  then: {enable: maybe}"), Catch::Contains("true or false"));
    CHECK_THAT(in_rule("  then: {max_pilots: }"), Catch::Contains("an integer"));
    CHECK_THAT(in_rule("  then: {prefer: 1000001}"), Catch::Contains("-1000000 to 1000000"));
    CHECK_THAT(in_rule("  then: {enabled: true}"), Catch::Contains("unknown key \"enabled\""));
    CHECK_THAT(in_rule("  then: {veto: true}\n  entry: A"), Catch::Contains("\"entry\""));
    CHECK_THAT(in_rule("  entries:\n  then: {veto: true}"), Catch::Contains("rules[0].entries"));
    CHECK_THAT(refusal("rules: {}").message, Catch::Contains("expected a list"));
    CHECK_THAT(refusal("facts: []").message, Catch::Contains("expected a map"));
    CHECK_THAT(refusal("facts: {a: 'pending >'}").message, Catch::StartsWith("policy.yaml:1: "));
}

}  // namespace tow::policy
