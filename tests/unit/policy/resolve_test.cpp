#include "policy/resolve.hpp"

#include "base/error.hpp"
#include "base/ulid.hpp"
#include "config/yaml.hpp"
#include "plan/decide.hpp"
#include "policy/recipe.hpp"
#include "record/json.hpp"

#include <catch2/catch.hpp>

namespace tow::policy {

namespace {

using namespace std::chrono_literals;

constexpr base::Time kNow{std::chrono::sys_days{std::chrono::November / 21 / 2026} + 12h};

Policy policy_of(std::string_view yaml) {
    return read_policy(config::parse_yaml(yaml, "policy.yaml"));
}

model::Entry entry(const std::string& name) {
    model::Entry result;
    result.name = name;
    result.backend = "local";
    result.pilot.walltime = 10h;
    return result;
}

plan::Situation situation_of(const std::vector<std::string>& names) {
    plan::Situation situation;
    model::JobClass jobs;
    jobs.id = "c";
    jobs.idle_jobs = 100;
    for (const auto& name : names) {
        situation.entries.push_back(entry(name));
        model::PilotCount count;
        count.entry = name;
        situation.counts.push_back(count);
        jobs.entries.push_back(name);
    }
    situation.classes.push_back(jobs);
    return situation;
}

model::Override override_of(std::string_view pattern, std::string_view key, record::Value value,
                            base::Time until = kNow + 1h) {
    model::Override result;
    result.id = base::make_ulid(kNow.time_since_epoch().count() * 1000, pattern);
    result.entries = pattern;
    result.values.set(key, std::move(value));
    result.until = until;
    result.why = "ticket 1";
    result.author = "ada";
    return result;
}

std::string sent(const plan::Situation& situation, std::string_view yaml) {
    const auto terms = resolve(policy_of(yaml), situation, kNow);
    std::string text;
    for (const auto& request :
         plan::decide(situation, terms, kNow, base::make_ulid(1, "p")).requests) {
        text += (text.empty() ? "" : " ") + request.entry + "=" + std::to_string(request.submit);
    }
    return text;
}

}  // namespace

TEST_CASE("overrides win over policy and rules, are explained, and end by themselves") {
    auto situation = situation_of({"A", "B"});
    situation.overrides = {override_of("A*", "max_pilots", std::int64_t{7})};
    CHECK(sent(situation, "rules: [{name: r, when: idle_jobs > 5, then: {max_pilots: 20}}]") ==
          "A=7 B=20");
    const auto terms = resolve(policy_of("{}"), situation, kNow);
    CHECK(terms.entries[0].remarks[0].why ==
          "max_pilots 7 until 2026-11-21T13:00:00Z by ada: ticket 1");
    situation.overrides[0].until = kNow;
    CHECK(sent(situation, "{}") == "A=50 B=50");
    situation.overrides = {override_of("*", "state", "disabled")};
    CHECK(sent(situation, "{}") == "A=0 B=0");
}

TEST_CASE("of two overrides the newer holds") {
    auto situation = situation_of({"A"});
    auto older = override_of("A", "max_pilots", std::int64_t{7});
    older.id = base::make_ulid((kNow - 1h).time_since_epoch().count() * 1000, "x");
    situation.overrides = {override_of("*", "max_pilots", std::int64_t{9}), older};
    CHECK(sent(situation, "{}") == "A=9");
}

TEST_CASE("a resource behind several entries is filled once") {
    auto situation = situation_of({"A", "B", "C"});
    for (auto& entry : situation.entries) {
        entry.set = entry.name == "C" ? std::nullopt : std::optional<std::string>("S");
        entry.limits.max_pilots = entry.name == "A" ? 30 : 20;
    }
    situation.counts[0].running = 4;
    CHECK(sent(situation, "{}") == "A=15 B=11 C=20");  // A and B together 30, of which 4 run
}

TEST_CASE("rules: a veto, an undecided rule, a preference") {
    const auto situation = situation_of({"A", "B"});
    CHECK(sent(situation, "rules: [{name: r, when: hour == 12, entries: A, then: {veto: true}}]") ==
          "A=0 B=100");
    CHECK(sent(situation, "rules: [{name: r, when: hour == 12, entries: A, then: {prefer: 1}}]") ==
          "A=0 B=100");
    auto blind = situation;
    model::Gap gap;
    gap.scope = "jobs";
    gap.source = "test";
    blind.gaps.push_back(gap);
    CHECK(sent(blind, "rules: [{name: r, when: idle_jobs < 5, entries: A, then: {veto: true}}]") ==
          "A=0 B=100");
}

TEST_CASE("what is left of an allocation caps all its entries, in hours as the centre charges") {
    auto situation = situation_of({"A", "B", "C"});  // 10 h each, jobs for 100 pilots
    const auto left = [](double factor, std::int64_t hours, base::Time at = kNow) {
        return model::Allocation{"m1", factor, std::chrono::hours{hours}, at};
    };
    auto& entries = situation.entries;
    entries[0].allocation = entries[1].allocation = left(2, 100);
    CHECK(sent(situation, "{}") == "A=3 B=2 C=95");
    entries[0].nodes = 2;
    entries[0].pilot.cpus = 32;
    situation.classes[0].request.cpus = 32;
    entries[1].pilot.cpus = entries[2].pilot.cpus = 32;
    entries[1].allocation = left(2, 500, kNow - 1h);  // seen before: the newest counts
    CHECK(sent(situation, "caps: [{entries: [B, C], max_submit: 0}]") == "A=2 B=0 C=0");
    entries[1].allocation = left(2, 70);  // of the same time: the least
    CHECK(sent(situation, "caps: [{entries: [B, C], max_submit: 0}]") == "A=1 B=0 C=0");

    model::Usage usage;
    usage.entry = "B";
    const auto day = std::chrono::floor<std::chrono::days>(kNow);
    const std::int64_t ten_hours = std::int64_t{36'000} * 32;  // 20 as charged
    usage.days = {{day - std::chrono::days{1}, {1, 9 * ten_hours, 0}}, {day, {1, ten_hours, 0}}};
    usage.committed = {1, ten_hours / 2, 0};
    situation.usages.push_back(usage);
    CHECK(sent(situation, "caps: [{entries: [A, C], max_submit: 0}]") == "A=0 B=2 C=0");
    entries[0].allocation = entries[1].allocation = left(2, 250, kNow - 24h);
    CHECK(sent(situation, "caps: [{entries: [A, C], max_submit: 0}]") == "A=0 B=2 C=0");
}

TEST_CASE("where nobody says what is left of an allocation, nothing is sent") {
    auto situation = situation_of({"A", "B"});
    situation.entries[0].allocation = model::Allocation{"m1", 2};
    CHECK(sent(situation, "{}") == "A=0 B=100");
    situation.entries[0].allocation = model::Allocation{"m1", 2, 1000h, kNow - 62 * 24h};
    CHECK(sent(situation, "{}") == "A=0 B=100");
    situation.entries[0].allocation = model::Allocation{"m1", 0};  // not charged at all
    CHECK(sent(situation, "caps: [{entries: B, max_submit: 0}]") == "A=100 B=0");
    situation.entries[0].allocation = model::Allocation{"m1", 2};
    situation.entries[1].allocation = model::Allocation{"m1", 2, 100h, kNow};  // for both
    CHECK(sent(situation, "caps: [{entries: B, max_submit: 0}]") == "A=5 B=0");
}

TEST_CASE("budgets count what was used, what is on its way, and what would be sent") {
    auto situation = situation_of({"A"});
    model::Usage usage;
    usage.entry = "A";
    const auto day = std::chrono::floor<std::chrono::days>(kNow);
    usage.days = {{day - std::chrono::days{3}, {5, 180'000, 1.0}}, {day, {2, 72'000, 1.0}}};
    usage.committed = {1, 36000, 0};
    situation.usages.push_back(usage);
    CHECK(sent(situation, "caps: [{budget: [{per: day, core_hours: 100}]}]") == "A=7");
    CHECK(sent(situation, "caps: [{budget: [{per: month, core_hours: 100}]}]") == "A=2");
    CHECK(sent(situation, "caps: [{budget: [{per: 2d, core_hours: 100}]}]") == "A=7");
    CHECK(sent(situation, "caps: [{budget: [{per: month, pilots: 10}]}]") == "A=2");
    CHECK(sent(situation, "caps: [{budget: [{per: day, cost: 10, currency: EUR}]}]") == "A=0");
    situation.entries[0].cost = model::Cost{0.1, "EUR", 1.0};
    CHECK(sent(situation, "caps: [{budget: [{per: day, cost: 10, currency: EUR}]}]") == "A=9");
    situation.entries[0].pilot.walltime.reset();
    CHECK(sent(situation, "caps: [{budget: [{per: day, core_hours: 100}]}]") == "A=0");
}

TEST_CASE("the order of entries: price, HEPCloud's figure of merit, the unknown last") {
    auto situation = situation_of({"Dear", "Cheap", "Unknown"});
    situation.entries[0].cost = model::Cost{0.2, "EUR", 1.0};
    situation.entries[1].cost = model::Cost{0.3, "EUR", 2.0};  // 0.15 for what it does
    situation.entries[2].cost = model::Cost{0.01, "EUR", std::nullopt};
    for (auto& entry : situation.entries) {
        entry.limits.max_pilots = 60;
    }
    CHECK(sent(situation, "prefer: {merit: price}") == "Cheap=60 Dear=40 Unknown=0");
    situation.counts[1].running = 40;
    situation.counts[0].running = 2;
    CHECK(sent(situation, "prefer: {merit: hepcloud}") == "Cheap=20 Dear=58 Unknown=22");
    situation.entries[2].cost = model::Cost{0, "EUR", 1.0};  // free, not infinitely good
    CHECK(sent(situation, "prefer: {merit: hepcloud}") == "Cheap=0 Dear=40 Unknown=60");
}

TEST_CASE("healthy entries get more than dead ones") {
    auto situation = situation_of({"Dead", "Well"});
    situation.counts[0].pending = 20;
    situation.counts[1].running = 20;
    CHECK(sent(situation, "prefer: {health: true}") == "Dead=7 Well=73");
}

TEST_CASE("a recipe survives as a record, and makes the same policy") {
    Recipe recipe;
    recipe.file = "policy.yaml";
    recipe.yaml = "caps: [{max_pilots: 5}]";
    recipe.max_submit = 3;
    recipe.remove = model::RemoveWhat::Pending;
    const auto text = record::to_json(to_record(recipe, "01M7YZMHG0RZ4S2RJZ2W4V1B0B"));
    const auto again = read_recipe(record::Document(text).root());
    CHECK(to_record(again, "x") == to_record(recipe, "x"));
    CHECK(make_policy(again).caps.size() == 2);
}

}  // namespace tow::policy
