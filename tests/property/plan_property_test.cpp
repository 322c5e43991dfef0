// The invariants of decisions on random instances; see tow-plan(1), "INVARIANTS".
#include "base/ulid.hpp"
#include "plan/decide.hpp"
#include "random.hpp"
#include "record/json.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace tow::plan {

namespace {

using property::Random;

constexpr int kInstances = 10'000;
constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

Situation random_situation(Random& random) {
    Situation situation;
    std::vector<std::string> names;
    for (int i = 0; i < random.between(1, 6); ++i) {
        model::Entry entry;
        entry.name = "E" + std::to_string(i);
        entry.backend = "local";
        entry.pilot.cpus = random.between(1, 16);
        entry.pilot.memory_bytes = random.between(1, 64) << 30U;
        entry.nodes = random.between(1, 2);
        entry.tier = random.between(0, 2);
        if (random.chance(50)) {
            entry.limits.max_pilots = random.between(0, 20);
        }
        if (random.chance(50)) {
            entry.limits.max_pending = random.between(0, 10);
        }
        names.push_back(entry.name);
        if (random.chance(85)) {
            model::PilotCount count;
            count.entry = entry.name;
            count.pending = random.between(0, 5);
            count.running = random.between(0, 5);
            count.observed_at = kNow - std::chrono::seconds{random.between(0, 1000)};
            situation.counts.push_back(count);
        }
        situation.entries.push_back(std::move(entry));
    }
    for (int i = 0; i < random.between(0, 6); ++i) {
        model::JobClass job_class;
        job_class.id = "c" + std::to_string(i);
        job_class.idle_jobs = random.between(0, 60);
        job_class.request.cpus = random.between(1, 4);
        job_class.request.memory_bytes = random.between(1, 4) << 30U;
        for (const auto& name : names) {
            if (random.chance(50)) {
                job_class.entries.push_back(name);
            }
        }
        situation.classes.push_back(std::move(job_class));
    }
    if (random.chance(20)) {
        model::Gap gap;
        gap.scope = random.one_of<std::string>({"jobs", "entries", "pilots", "slots"});
        gap.source = "test";
        if (random.chance(50)) {
            gap.entries = {random.one_of(names)};
        }
        situation.gaps.push_back(gap);
    }
    return situation;
}

Policy random_policy(Random& random) {
    Policy policy;
    policy.remove = random.chance(70) ? model::RemoveWhat::Pending : model::RemoveWhat::None;
    policy.max_remove = random.between(0, 4);
    if (random.chance(40)) {
        policy.max_pilots = random.between(0, 40);
    }
    if (random.chance(40)) {
        policy.max_submit = random.between(0, 20);
    }
    return policy;
}

bool gap_forbids(const Situation& situation, const std::string& entry, bool removal) {
    return std::ranges::any_of(situation.gaps, [&](const model::Gap& gap) {
        const bool named =
            gap.entries.empty() || std::ranges::find(gap.entries, entry) != gap.entries.end();
        const bool pilots = gap.scope == "pilots" || gap.scope == "slots";
        return removal ? gap.scope == "jobs" || named : pilots && named;
    });
}

void check_decision(const Situation& situation, const Policy& policy, const Decision& decision) {
    std::int64_t submitted = 0;
    for (const auto& request : decision.requests) {
        CAPTURE(request.entry);
        const auto entry = std::ranges::find(situation.entries, request.entry, &model::Entry::name);
        const auto count =
            std::ranges::find(situation.counts, request.entry, &model::PilotCount::entry);
        const bool seen =
            count != situation.counts.end() && kNow - *count->observed_at <= policy.max_age;
        submitted += request.submit;
        const bool blind = !seen || gap_forbids(situation, request.entry, false);
        REQUIRE((request.submit == 0 || !blind));  // I6
        REQUIRE(
            (request.remove == 0 || (seen && !gap_forbids(situation, request.entry, true))));  // I6
        REQUIRE((request.submit == 0 || request.remove == 0));
        REQUIRE(request.remove <= policy.max_remove);
        if (seen) {
            const auto& limits = entry->limits;
            REQUIRE(request.submit <=
                    std::max<std::int64_t>(0, limits.max_pilots.value_or(1'000'000) -
                                                  count->pending - count->running));
            REQUIRE(
                request.submit <=
                std::max<std::int64_t>(0, limits.max_pending.value_or(1'000'000) - count->pending));
            REQUIRE(request.remove <= count->pending);
        }
        REQUIRE_FALSE(request.because.empty());  // I5
        REQUIRE(request.because.back().value == std::max(request.submit, request.remove));
    }
    REQUIRE(submitted <= policy.max_submit.value_or(submitted));  // I2
}

std::string text_of(const Decision& decision) {
    std::string text;
    for (const auto& request : decision.requests) {
        record::write_json(model::to_record(request), text);
    }
    return text;
}

}  // namespace

TEST_CASE("I2, I4, I5, I6: decisions respect caps and gaps, add up, and repeat to the byte") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    const auto plan = base::make_ulid(1'795'262'400'000, "test");
    for (int i = 0; i < kInstances; ++i) {
        const auto situation = random_situation(random);
        const auto policy = random_policy(random);
        const auto decision = decide(situation, policy, kNow, plan);
        CAPTURE(i);
        check_decision(situation, policy, decision);
        REQUIRE(text_of(decision) == text_of(decide(situation, policy, kNow, plan)));
    }
}

}  // namespace tow::plan
