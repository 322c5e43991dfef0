// GlideinWMS's own answers, from tests/data/gwms.
#include "plan/gwms.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "record/json.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace tow::plan {

namespace {

using record::Object;
using record::Value;

constexpr std::size_t kMostBytes = 4'000'000;

Value golden(const std::string& name) {
    return record::parse_json(
        base::read_file(std::string(TOW_TEST_DATA) + "/gwms/" + name, kMostBytes));
}

std::int64_t integer(const Object& object, std::string_view key) {
    const auto* value = object.find(key);
    REQUIRE(value != nullptr);
    REQUIRE(value->integer());
    return *value->integer();
}

double real(const Object& object, std::string_view key) {
    const auto* value = object.find(key);
    REQUIRE(value != nullptr);
    return value->number().value();
}

std::string text(const Value& value) {
    REQUIRE(value.string() != nullptr);
    return *value.string();
}

GwmsBounds bounds(const Object& config, const std::string& prefix) {
    return {.max_total = integer(config, prefix + "total_max_glideins"),
            .curb_total = integer(config, prefix + "total_curb_glideins"),
            .max_idle = integer(config, prefix + "total_max_vms_idle"),
            .curb_idle = integer(config, prefix + "total_curb_vms_idle")};
}

GwmsLimits limits(const Object& config) {
    GwmsLimits result;
    result.max_running = integer(config, "max_running");
    result.max_vms_idle = integer(config, "max_vms_idle");
    result.curb_vms_idle = integer(config, "curb_vms_idle");
    result.max_idle = integer(config, "max_idle");
    result.reserve_idle = integer(config, "reserve_idle");
    result.ramp_up_attenuation = real(config, "ramp_up_attenuation");
    result.group = bounds(config, "");
    result.frontend = bounds(config, "fe_");
    result.global = bounds(config, "global_");
    return result;
}

std::vector<std::string> names(const std::vector<GwmsTrigger>& triggers) {
    std::vector<std::string> result;
    std::ranges::transform(triggers, std::back_inserter(result), &GwmsTrigger::name);
    return result;
}

}  // namespace

TEST_CASE("the idle pilots that GlideinWMS asks for, and the limits that it names") {
    const auto cases = golden("min_idle.json");
    REQUIRE(cases.array()->size() >= 400);
    for (const auto& each : *cases.array()) {
        std::string shown;
        record::write_json(each, shown);
        INFO(shown);
        const auto& vector = *each.object();
        const auto& status = *vector.find("status")->object();
        const auto& numbers =
            *vector.find("group_total_idle_fe_total_idle_global_total_idle_effidle_effoldidle")
                 ->array();
        const auto at = [&numbers](std::size_t i) { return numbers.at(i).integer().value(); };
        const auto answer = gwms_min_idle(
            limits(*vector.find("cfg")->object()),
            {.total = integer(status, "Total"), .idle = integer(status, "Idle")},
            {.group = {at(0), at(1)}, .frontend = {at(2), at(3)}, .global = {at(4), at(5)}},
            {.effective_idle = at(6), .effective_old_idle = at(7)});
        CHECK(answer.pilots == integer(vector, "min_idle"));
        std::vector<std::string> triggered;
        std::ranges::transform(*vector.find("triggered")->array(), std::back_inserter(triggered),
                               text);
        std::ranges::sort(triggered);
        CHECK(names(answer.triggered) == triggered);
    }
}

TEST_CASE("the most pilots that GlideinWMS lets run") {
    const auto cases = golden("max_run.json");
    REQUIRE(cases.array()->size() >= 200);
    for (const auto& each : *cases.array()) {
        std::string shown;
        record::write_json(each, shown);
        INFO(shown);
        const auto& vector = *each.object();
        CHECK(gwms_max_run(real(vector, "frac"), integer(vector, "prop_idle_mc"),
                           integer(vector, "real"),
                           integer(vector, "glideins_idle")) == integer(vector, "max_run"));
    }
}

TEST_CASE("what GlideinWMS takes back, pass by pass") {
    const auto cases = golden("removal.json");
    REQUIRE(cases.array()->size() >= 6);
    for (const auto& each : *cases.array()) {
        const auto& vector = *each.object();
        const GwmsRemovalPolicy policy{.type = *gwms_removal(text(*vector.find("type"))),
                                       .wait = integer(vector, "wait"),
                                       .tracking = text(*vector.find("tracking_string")),
                                       .margin = integer(vector, "margin")};
        INFO("type " << gwms_removal_name(policy.type) << ", wait " << policy.wait);
        GwmsHistory history;
        int pass = 0;
        for (const auto& row : *vector.find("jobs_idle,idle,total,result,margin")->array()) {
            INFO("pass " << pass++);
            const auto& values = *row.array();
            const auto answer = gwms_removal_pass(
                policy, *values.at(0).integer(),
                {.total = *values.at(2).integer(), .idle = *values.at(1).integer()}, history);
            CHECK(gwms_removal_name(answer.level) == text(values.at(3)));
            CHECK(answer.margin == *values.at(4).integer());
        }
    }
}

TEST_CASE("all levels of removal come in turn while nothing is there and nothing is asked") {
    GwmsHistory history;
    std::vector<std::string_view> levels;
    levels.reserve(12);
    for (int pass = 0; pass < 12; ++pass) {
        levels.push_back(gwms_removal_name(gwms_removal_pass({}, 0, {}, history).level));
    }
    CHECK(levels[4] == "NO");
    CHECK(levels[5] == "WAIT");
    CHECK(levels[9] == "WAIT");
    CHECK(levels[10] == "ALL");
    CHECK(gwms_removal_pass({}, 1, {}, history).level == GwmsRemoval::No);
    CHECK(gwms_removal_pass({}, 0, {}, history).level == GwmsRemoval::No);
}

TEST_CASE("a margin is sent only with tracking, and not with what the counters ask for") {
    using enum GwmsRemoval;
    GwmsHistory history{.no_idle_jobs = 20, .no_used_slots = 20, .no_slots = 0};
    const GwmsCounts idle{.total = 3, .idle = 3};
    const auto margin = [&](const GwmsRemovalPolicy& policy) {
        return gwms_removal_pass(policy, 0, idle, history).margin;
    };
    CHECK(margin({.type = All, .tracking = "False", .margin = 5}) == 5);
    CHECK(margin({.type = All, .tracking = "", .margin = 5}) == 0);
    CHECK(margin({.type = All, .tracking = "True", .margin = -5}) == 0);
    CHECK(margin({.type = Wait, .tracking = "True", .margin = 5}) == 0);
}

TEST_CASE("demand is at least the minimum, less the idle slots") {
    GwmsLimits limits;
    limits.min_running = 10;
    CHECK(gwms_demand(limits, 4, 2, 3).effective_idle == 7);
    CHECK(gwms_demand(limits, 40, 2, 3).effective_idle == 37);
    CHECK(gwms_demand(limits, 4, 20, 30).effective_idle == 0);
    CHECK(gwms_demand(limits, 4, 20, 3).effective_old_idle == 17);
}

TEST_CASE("halves are halved further: two curbs make 1 of 7, and nothing below 1") {
    GwmsLimits limits;
    limits.ramp_up_attenuation = 1;
    const GwmsCounts entry{.total = 20, .idle = 6};
    const GwmsTotals totals{.group = {100, 250}, .frontend = {}, .global = {}};
    const auto answer = gwms_min_idle(limits, entry, totals, {.effective_idle = 7});
    CHECK(answer.pilots == 1);
    REQUIRE(answer.triggered.size() == 2);
    CHECK(answer.triggered[0].name == "CurbIdleGlideinsPerEntry");
    CHECK(answer.triggered[0].text() == "count=6, curb=5");
    limits.max_idle = 0;
    CHECK(gwms_min_idle(limits, entry, totals, {.effective_idle = 7}).pilots == 1);
    CHECK(gwms_min_idle(limits, entry, totals, {}).pilots == 0);
    limits.ramp_up_attenuation = 0;
    CHECK_THROWS_AS(gwms_min_idle(limits, entry, totals, {}), base::Error);
}

TEST_CASE("a limit that is hit hides the curbs, and says how far it is") {
    const auto answer = gwms_min_idle({}, {.total = 20, .idle = 100}, {}, {.effective_idle = 7});
    CHECK(answer.pilots == 0);
    REQUIRE(answer.triggered.size() == 1);
    CHECK(answer.triggered[0].name == "IdleGlideinsPerEntry");
    CHECK(answer.triggered[0].text() == "count=100, limit=100");
}

}  // namespace tow::plan
