#include "fleet/overrides.hpp"

#include "base/error.hpp"
#include "base/ulid.hpp"
#include "fleet/state_file.hpp"
#include "record/json.hpp"
#include "scratch.hpp"

#include <catch2/catch.hpp>

namespace tow::fleet {

namespace {

using namespace std::chrono_literals;

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

model::Override make(const std::string& pattern, const std::vector<std::string>& assignments,
                     base::Time set_at = kNow) {
    const std::chrono::milliseconds ms = set_at.time_since_epoch();
    model::Override result;
    result.entries = pattern;
    result.values = override_values(assignments);
    result.until = set_at + 2h;
    result.why = "ticket 1";
    result.author = "ada";
    result.id = base::make_ulid(ms.count(), record::to_json(to_record(result)));
    return result;
}

std::string values(const std::vector<KeptOverride>& kept) {
    std::string result;
    for (const auto& [override, lifted_at, lifted_by, replaced_by] : kept) {
        result += override.entries + record::to_json(override.values);
    }
    return result;
}

}  // namespace

TEST_CASE("a later override replaces the values it names itself, and history tells") {
    const test::Scratch folder;
    const auto database = open_state(folder.path(), store::Access::ReadWrite);
    const Overrides overrides(database);
    const auto first = make("T2_*", {"max_pilots=4", "state=draining"}, kNow - 1h);
    overrides.set(first, kNow - 1h);
    overrides.set(make("T2_X*", {"max_pilots=9"}, kNow - 30min), kNow - 30min);
    const auto second = make("T2_*", {"max_pilots=6"});
    overrides.set(second, kNow);
    CHECK(values(overrides.in_force(kNow)) ==
          R"(T2_*{"state":"draining"}T2_X*{"max_pilots":9}T2_*{"max_pilots":6})");
    const auto all = overrides.all();
    REQUIRE(all.size() == 4);
    CHECK(all[1].override.id == first.id);
    CHECK(all[1].replaced_by == second.id);
    CHECK(all[1].lifted_at == kNow);
    overrides.set(second, kNow);  // the very same once more
    CHECK(overrides.all().size() == 4);
}

TEST_CASE("an override lifts itself") {
    const test::Scratch folder;
    const auto database = open_state(folder.path(), store::Access::ReadWrite);
    const Overrides overrides(database);
    overrides.set(make("E", {"tier=0"}), kNow);
    CHECK(overrides.in_force(kNow + 2h - 1s).size() == 1);
    CHECK(overrides.in_force(kNow + 2h).empty());
    overrides.set(make("E", {"tier=1"}, kNow + 3h), kNow + 3h);
    CHECK_FALSE(overrides.all()[0].lifted_at.has_value());  // it had ended before
    overrides.forget(kNow + 24h * 90);
    CHECK(overrides.all().size() == 2);
    overrides.forget(kNow + 24h * 90 + 2h + 1s);
    CHECK(values(overrides.all()) == R"(E{"tier":1})");
}

TEST_CASE("lifting is by id or pattern, all of them or none") {
    const test::Scratch folder;
    const auto database = open_state(folder.path(), store::Access::ReadWrite);
    const Overrides overrides(database);
    const auto by_id = make("A", {"tier=0"});
    overrides.set(by_id, kNow);
    overrides.set(make("B*", {"tier=0", "max_held=0"}), kNow);
    overrides.set(make("C", {"tier=0"}), kNow);
    CHECK_THROWS_AS(overrides.lift({"C", "B"}, "bob", kNow), base::Error);
    CHECK(overrides.in_force(kNow).size() == 3);
    const auto lifted = overrides.lift({by_id.id, "B*"}, "bob", kNow + 1s);
    REQUIRE(lifted.size() == 2);
    CHECK(lifted[0].lifted_by == "bob");
    CHECK(values(overrides.in_force(kNow + 1s)) == R"(C{"tier":0})");
    CHECK_THROWS_AS(overrides.lift({by_id.id}, "bob", kNow + 2s), base::Error);
}

TEST_CASE("values and patterns that mean nothing are refused") {
    for (const std::vector<std::string>& bad : {std::vector<std::string>{},
                                                {"max_pilots"},
                                                {"max_pilots=-1"},
                                                {"max_pilots=many"},
                                                {"max_pilots=1", "max_pilots=2"},
                                                {"state=gone"},
                                                {"state=1"},
                                                {"cpus=1"},
                                                {"=1"}}) {
        CHECK_THROWS_AS(override_values(bad), base::Error);
    }
    CHECK(pattern_problem("*").empty());
    CHECK(pattern_problem("T?_*-x.small").empty());
    CHECK_FALSE(pattern_problem("").empty());
    CHECK_FALSE(pattern_problem("a b").empty());
    CHECK_FALSE(pattern_problem("a\n").empty());
}

}  // namespace tow::fleet
