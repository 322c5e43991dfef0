// The invariants of whole decisions on random situations and policies; see tow-plan(1),
// "INVARIANTS". Those of the assignment alone are in assign_property_test.cpp.
#include "base/ulid.hpp"
#include "plan/decide.hpp"
#include "random.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

namespace tow::plan {

namespace {

using namespace std::chrono_literals;
using property::Random;

constexpr int kInstances = 10'000;
constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};
constexpr base::Time kToday{std::chrono::seconds{1'795'219'200}};

model::Entry random_entry(Random& random, const std::string& name) {
    model::Entry entry;
    entry.name = name;
    entry.backend = "local";
    entry.pilot.cpus = random.between(1, 16);
    entry.pilot.memory_bytes = random.between(1, 64) << 30U;
    entry.nodes = random.between(1, 2);
    entry.tier = random.between(0, 2);
    if (random.chance(90)) {
        entry.pilot.walltime = std::chrono::hours{random.between(1, 48)};
    }
    if (random.chance(60)) {
        entry.cost = model::Cost{static_cast<double>(random.between(0, 5)) / 100, "EUR",
                                 static_cast<double>(random.between(0, 3))};
    }
    if (random.chance(60)) {
        entry.allocation = model::Allocation{"a", static_cast<double>(random.between(0, 90)) / 10};
    }
    if (random.chance(40)) {
        entry.limits.max_pilots = random.between(0, 20);
    }
    if (random.chance(40)) {
        entry.limits.max_pending = random.between(0, 10);
    }
    if (random.chance(10)) {
        const auto from = kNow + std::chrono::hours{random.between(-3, 30)};
        entry.downtimes.push_back({from, from + 4h, "outage", "r", "s"});
    }
    return entry;
}

void add_pilots(Random& random, Situation& situation, const model::Entry& entry) {
    model::PilotCount count;
    count.entry = entry.name;
    count.pending = random.between(0, 5);
    count.running = random.between(0, 5);
    count.held = random.chance(20) ? random.between(0, 5) : 0;
    count.observed_at = kNow - std::chrono::seconds{random.between(0, 1000)};
    if (random.chance(50)) {
        count.oldest_pending = std::chrono::minutes{random.between(0, 300)};
        count.newest_start_at = kNow - std::chrono::minutes{random.between(0, 300)};
    }
    situation.counts.push_back(count);
    model::Usage usage;
    usage.entry = entry.name;
    usage.days.push_back({kToday, {random.between(0, 9), random.between(0, 90'000), 0.5}});
    usage.committed = {random.between(0, 9), random.between(0, 90'000), 0.25};
    situation.usages.push_back(usage);
    for (int i = 0; i < random.between(0, 8) && random.chance(30); ++i) {
        model::Pilot pilot;
        pilot.entry = entry.name;
        pilot.state = random.chance(50) ? model::PilotState::Done : model::PilotState::Failed;
        pilot.started_at = kNow - std::chrono::minutes{random.between(1, 90)};
        pilot.ended_at = *pilot.started_at + std::chrono::seconds{random.between(1, 200)};
        situation.pilots.push_back(pilot);
    }
}

void add_memory(Random& random, Situation& situation, const std::string& entry) {
    model::Memory memory;
    memory.plan = base::make_ulid((kNow - 10min).time_since_epoch().count() * 1000, entry);
    memory.entry = entry;
    memory.pending = random.between(0, 5);
    memory.running = random.between(0, 5);
    memory.surplus = random.between(0, 4);
    memory.surplus_looks = random.between(0, 3);
    memory.is_full = random.chance(50);
    memory.other_looks = random.between(0, 2);
    memory.breaker = random.one_of<model::BreakerState>(
        {model::BreakerState::Closed, model::BreakerState::Open, model::BreakerState::HalfOpen});
    memory.breaker_since = kNow - std::chrono::minutes{random.between(1, 120)};
    situation.memories.push_back(memory);
}

Situation random_situation(Random& random) {
    Situation situation;
    std::vector<std::string> names;
    for (int i = 0; i < random.between(1, 6); ++i) {
        names.push_back("E" + std::to_string(i));
        situation.entries.push_back(random_entry(random, names.back()));
        if (random.chance(85)) {
            add_pilots(random, situation, situation.entries.back());
        }
        if (random.chance(20)) {
            add_memory(random, situation, names.back());
        }
    }
    for (int i = 0; i < random.between(0, 6); ++i) {
        model::JobClass job_class;
        job_class.id = "c" + std::to_string(i);
        job_class.idle_jobs = random.between(0, 60);
        job_class.idle_by_age = {{600s, job_class.idle_jobs / 2}};
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

std::vector<Step> random_chain(Random& random) {
    using Kind = Step::Kind;
    std::vector<Step> chain;
    for (int i = 0; i < random.between(0, 3); ++i) {
        Step step;
        step.kind = random.one_of<Kind>({Kind::Scale, Kind::Ramp, Kind::MinPerCycle,
                                         Kind::MaxPerCycle, Kind::MinPending, Kind::MaxPending,
                                         Kind::MinPilots, Kind::MaxPilots, Kind::KeepRunning,
                                         Kind::TestMode, Kind::Throttle, Kind::Curb});
        step.count = random.between(0, 9);
        step.factor = static_cast<double>(random.between(1, 30)) / 10;
        step.reserve = random.between(0, 3);
        chain.push_back(step);
    }
    return chain;
}

std::vector<std::size_t> some(Random& random, std::size_t entries) {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < entries; ++i) {
        if (random.chance(60)) {
            result.push_back(i);
        }
    }
    return result;
}

void add_caps(Random& random, Terms& terms) {
    for (int i = 0; i < random.between(0, 5); ++i) {
        CapTerms cap;
        cap.name = "cap";
        cap.entries = some(random, terms.entries.size());
        cap.scope =
            random.one_of<Scope>({Scope::Existing, Scope::Pending, Scope::Decision, Scope::Window});
        cap.measure = cap.scope == Scope::Window
                          ? random.one_of<Measure>({Measure::Pilots, Measure::CoreSeconds,
                                                    Measure::MicroCost, Measure::Charge})
                          : random.one_of<Measure>({Measure::Pilots, Measure::Cores});
        cap.currency = "EUR";
        cap.window_from = kToday;
        const bool by_time = cap.measure != Measure::Pilots && cap.measure != Measure::Cores;
        cap.limit = by_time ? random.between(0, 9'000'000) : random.between(0, 60);
        cap.is_curb = cap.measure == Measure::Pilots && random.chance(10);
        terms.caps.push_back(cap);
    }
}

Terms random_terms(Random& random, const Situation& situation) {
    Terms terms;
    terms.merit = random.one_of<Merit>({Merit::None, Merit::Price, Merit::HepCloud});
    terms.by_health = random.chance(50);
    for (const auto& entry : situation.entries) {
        auto& of_entry = terms.entries.emplace_back();
        of_entry.entry = entry;
        of_entry.chain = random_chain(random);
        of_entry.vetoed = random.chance(5) ? "vetoed" : "";
        of_entry.removal.what =
            random.chance(70) ? model::RemoveWhat::Pending : model::RemoveWhat::None;
        of_entry.removal.most = random.between(0, 4);
        of_entry.removal.after_looks = random.between(1, 3);
        if (random.chance(30)) {
            of_entry.removal.stuck_after = 1h;
        }
    }
    add_caps(random, terms);
    if (random.chance(30) && terms.entries.size() > 2) {
        SpillTerms spill;
        spill.name = "spill";
        spill.stages = {{{0}, {}}, {{1, 2}, random.between(0, 5)}};
        terms.spills.push_back(spill);
    }
    return terms;
}

const model::PilotCount* count_of(const Situation& situation, const std::string& entry) {
    const auto count = std::ranges::find(situation.counts, entry, &model::PilotCount::entry);
    return count == situation.counts.end() ? nullptr : &*count;
}

const model::Usage* usage_of(const Situation& situation, const std::string& entry) {
    const auto usage = std::ranges::find(situation.usages, entry, &model::Usage::entry);
    return usage == situation.usages.end() ? nullptr : &*usage;
}

bool gap_forbids(const Situation& situation, const std::string& entry, bool removal) {
    return std::ranges::any_of(situation.gaps, [&](const model::Gap& gap) {
        const bool named =
            gap.entries.empty() || std::ranges::find(gap.entries, entry) != gap.entries.end();
        const bool pilots = gap.scope == "pilots" || gap.scope == "slots";
        return removal ? gap.scope == "jobs" || named : pilots && named;
    });
}

double factor_of(const model::Entry& entry) {
    return entry.allocation.value_or(model::Allocation{}).charge_factor;
}

double unit_of(const CapTerms& cap, const model::Entry& entry) {
    const auto cores = static_cast<double>(entry.pilot.cpus * entry.nodes);
    const auto seconds = static_cast<double>(entry.pilot.walltime.value_or(0s).count());
    const auto price = entry.cost.value_or(model::Cost{}).per_core_hour;
    switch (cap.measure) {
        case Measure::Pilots:
            return 1;
        case Measure::Cores:
            return cores;
        case Measure::CoreSeconds:
            return cores * seconds;
        case Measure::Charge:
            return std::ceil(static_cast<double>(entry.nodes) * seconds * factor_of(entry) - 1e-6);
        case Measure::MicroCost:
            break;
    }
    return std::ceil(cores * seconds / 3600 * price * 1e6 - 1e-6);
}

double amount_of(const CapTerms& cap, const model::Use& use, const model::Entry& entry) {
    const auto core_seconds = static_cast<double>(use.core_seconds);
    switch (cap.measure) {
        case Measure::Pilots:
        case Measure::Cores:
            return static_cast<double>(use.pilots);
        case Measure::CoreSeconds:
            return core_seconds;
        case Measure::Charge:
            return core_seconds / static_cast<double>(entry.pilot.cpus) * factor_of(entry);
        case Measure::MicroCost:
            break;
    }
    return use.cost * 1e6;
}

// What the entry already takes from the cap, in plain arithmetic.
double used_by(const CapTerms& cap, const model::Entry& entry, const Situation& situation) {
    const auto* count = count_of(situation, entry.name);
    const auto* usage = usage_of(situation, entry.name);
    if (cap.scope == Scope::Window) {
        return usage == nullptr ? 0
                                : amount_of(cap, usage->days[0].use, entry) +
                                      amount_of(cap, usage->committed, entry);
    }
    if (count == nullptr || cap.scope == Scope::Decision) {
        return 0;
    }
    const auto pilots = cap.scope == Scope::Pending
                            ? count->pending
                            : count->pending + count->running + count->held + count->removing;
    return static_cast<double>(pilots) * unit_of(cap, entry);
}

void check_caps(const Situation& situation, const Terms& terms, const Decision& decision) {
    for (const auto& cap : terms.caps) {
        if (cap.is_curb) {
            continue;
        }
        double used = 0;
        double new_use = 0;
        for (const auto i : cap.entries) {
            const auto& entry = terms.entries[i].entry;
            used += used_by(cap, entry, situation);
            new_use += static_cast<double>(decision.requests[i].submit) * unit_of(cap, entry);
        }
        CAPTURE(cap.limit, used, new_use);
        const auto room = std::max(0.0, static_cast<double>(cap.limit) - used);
        REQUIRE((new_use == 0 || new_use <= room + 1e-6));  // I2
    }
}

void check_request(const Situation& situation, const EntryTerms& terms,
                   const model::Request& request) {
    CAPTURE(request.entry);
    const auto* count = count_of(situation, request.entry);
    const bool seen = count != nullptr && kNow - *count->observed_at <= 900s;
    const bool blind = !seen || gap_forbids(situation, request.entry, false);
    REQUIRE((request.submit == 0 || !blind));                                                  // I6
    REQUIRE((request.remove == 0 || (seen && !gap_forbids(situation, request.entry, true))));  // I6
    REQUIRE((request.submit == 0 || request.remove == 0));
    REQUIRE((request.submit == 0 || terms.vetoed.empty()));
    REQUIRE(request.submit >= 0);
    REQUIRE(request.remove >= 0);
    REQUIRE(request.remove <= terms.removal.most);
    if (seen) {
        const auto& limits = terms.entry.limits;
        const auto exist = count->pending + count->running + count->held;
        REQUIRE(request.submit <=
                std::max<std::int64_t>(0, limits.max_pilots.value_or(1'000'000) - exist));
        REQUIRE(request.submit <=
                std::max<std::int64_t>(0, limits.max_pending.value_or(1'000'000) - count->pending));
        REQUIRE(request.remove <= count->pending);
    }
    REQUIRE_FALSE(request.because.empty());  // I5
    REQUIRE(request.because.back().value == std::max(request.submit, request.remove));
}

std::string text_of(const Decision& decision) {
    std::string text;
    for (const auto& request : decision.requests) {
        record::write_json(model::to_record(request), text);
    }
    for (const auto& memory : decision.memories) {
        record::write_json(model::to_record(memory), text);
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
        const auto terms = random_terms(random, situation);
        const auto decision = decide(situation, terms, kNow, plan);
        CAPTURE(i);
        REQUIRE(decision.requests.size() == terms.entries.size());
        for (std::size_t e = 0; e < terms.entries.size(); ++e) {
            check_request(situation, terms.entries[e], decision.requests[e]);
        }
        check_caps(situation, terms, decision);
        REQUIRE(text_of(decision) == text_of(decide(situation, terms, kNow, plan)));
    }
}

TEST_CASE("what a decision leaves to the next one survives as a record") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    const auto plan = base::make_ulid(1'795'262'400'000, "test");
    for (int i = 0; i < kInstances / 10; ++i) {
        auto situation = random_situation(random);
        const auto terms = random_terms(random, situation);
        const auto first = decide(situation, terms, kNow, plan);
        for (const auto& memory : first.memories) {
            REQUIRE(memory.plan == plan);
            const auto text = record::to_json(model::to_record(memory));
            const auto again = model::read_memory(record::Document(text).root());
            REQUIRE(record::to_json(model::to_record(again)) == text);
        }
    }
}

}  // namespace tow::plan
