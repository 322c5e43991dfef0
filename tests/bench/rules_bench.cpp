// How fast facts and rules are read and evaluated; run by hand, built with everything else:
// bench_rules. The shapes are those in which HEPCloud's logic engine was measured: every rule looks
// at three facts, every fact at one of a hundred figures; or each rule only at the one before it.
#include "classad/ad.hpp"
#include "config/yaml.hpp"
#include "policy/rules.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/core.h>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kFigures = 100;

double milliseconds_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

std::string facts_text(int facts) {
    std::string text = "facts:\n";
    for (int i = 0; i < facts; ++i) {
        text += fmt::format("  fact_{}: figure_{} > {}\n", i, i % kFigures, i);
    }
    return text;
}

std::string rule_text(int number, const std::string& when) {
    return fmt::format(
        "  - name: rule_{}\n    when: '{}'\n    entries: HPC_{}*\n    then: {{enable: true}}\n"
        "    otherwise: {{enable: false}}\n",
        number, when, number);
}

std::string independent(int facts, int rules) {
    auto text = facts_text(facts) + "rules:\n";
    for (int i = 0; i < rules; ++i) {
        text += rule_text(i, fmt::format("fact_{} && !fact_{} || fact_{}", i % facts,
                                         (i * 7 + 1) % facts, (i * 13 + 2) % facts));
    }
    return text;
}

std::string chained(int rules) {
    auto text = facts_text(1) + "rules:\n";
    for (int i = 0; i < rules; ++i) {
        text += rule_text(i, i == 0 ? "fact_0" : fmt::format("rule_{} || figure_1 > 0", i - 1));
    }
    return text;
}

// Every rule's own fact decides another rule.
std::string with_new_facts(int facts, int rules) {
    auto text = independent(facts, rules);
    for (int i = 0; i < rules; ++i) {
        text += rule_text(rules + i, fmt::format("rule_{} && fact_{}", i, i % facts));
    }
    return text;
}

void measure(const std::string& name, const std::string& text, int rounds) {
    std::vector<std::string> figures;
    tow::classad::Ad ad;
    for (int i = 0; i < kFigures; ++i) {
        figures.push_back(fmt::format("figure_{}", i));
        ad.insert_int(figures.back(), i * 11 % 1000);
    }
    const auto node = tow::config::parse_yaml(text, "bench.yaml");
    const auto begin = Clock::now();
    const auto rules = tow::policy::read_rules(*node.find("facts"), *node.find("rules"), figures);
    const auto reading = milliseconds_since(begin);
    std::vector<double> times;
    std::size_t fired = 0;
    for (int i = 0; i < rounds; ++i) {
        const auto start = Clock::now();
        const auto result = rules.evaluate(ad, {});
        times.push_back(milliseconds_since(start));
        fired = static_cast<std::size_t>(
            std::ranges::count(result.firings, true, [](auto& each) { return each.is_true; }));
    }
    std::ranges::sort(times);
    fmt::print("{:44} {:8.3f} ms (least {:.3f}), read in {:.1f} ms, {} rules fired\n", name,
               times[times.size() / 2], times.front(), reading, fired);
}

}  // namespace

int main() {
    measure("10 facts x 10 rules", independent(10, 10), 20000);
    measure("100 facts x 1000 rules", independent(100, 1000), 1000);
    measure("1000 facts x 1000 rules", independent(1000, 1000), 1000);
    measure("1000 x 1000, each making a fact that is used", with_new_facts(1000, 1000), 1000);
    measure("1000 rules in a chain", chained(1000), 1000);
    measure("1000 facts x 10000 rules", independent(1000, 10000), 100);
    return 0;
}
