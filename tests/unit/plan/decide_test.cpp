#include "plan/decide.hpp"

#include "base/ulid.hpp"

#include <limits>

#include <catch2/catch.hpp>

namespace tow::plan {

namespace {

using namespace std::chrono_literals;

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};
const std::string& plan_id() {
    static const std::string id = base::make_ulid(1'795'262'400'000, "test");
    return id;
}

model::Entry entry(const std::string& name, std::int64_t cpus = 1) {
    model::Entry result;
    result.name = name;
    result.backend = "local";
    result.pilot.cpus = cpus;
    result.pilot.memory_bytes = cpus << 31U;
    return result;
}

model::JobClass jobs(std::int64_t idle, std::vector<std::string> entries) {
    model::JobClass result;
    result.id = "c";
    result.idle_jobs = idle;
    result.request.memory_bytes = std::int64_t{1} << 30U;
    result.entries = std::move(entries);
    result.observed_at = kNow;
    return result;
}

model::PilotCount pilots(const std::string& name, std::int64_t pending, std::int64_t running) {
    model::PilotCount result;
    result.entry = name;
    result.pending = pending;
    result.running = running;
    result.observed_at = kNow;
    return result;
}

struct Policy {  // as options alone make it
    std::optional<std::int64_t> max_pilots;
    std::optional<std::int64_t> max_submit;
    model::RemoveWhat remove = model::RemoveWhat::None;
    std::int64_t max_remove = 10;
};

Terms terms_of(const Situation& situation, const Policy& policy) {
    Terms terms;
    std::vector<std::size_t> all;
    for (const auto& entry : situation.entries) {
        all.push_back(terms.entries.size());
        auto& of_entry = terms.entries.emplace_back();
        of_entry.entry = entry;
        of_entry.removal.what = policy.remove;
        of_entry.removal.most = policy.max_remove;
    }
    if (policy.max_pilots) {
        terms.caps.push_back(
            {"max_pilots", all, Measure::Pilots, Scope::Existing, *policy.max_pilots});
    }
    if (policy.max_submit) {
        terms.caps.push_back(
            {"max_submit", all, Measure::Pilots, Scope::Decision, *policy.max_submit});
    }
    return terms;
}

Decision decide(const Situation& situation, const Policy& policy) {
    return decide(situation, terms_of(situation, policy), kNow, plan_id());
}

// "entry=submit/remove" for each request, and the last reason.
std::string summary(const Situation& situation, const Policy& policy = {}) {
    std::string text;
    for (const auto& request : decide(situation, policy).requests) {
        text += (text.empty() ? "" : " ") + request.entry + "=" + std::to_string(request.submit) +
                "/" + std::to_string(request.remove);
    }
    return text;
}

std::string last_reason(const Situation& situation, const Policy& policy = {}) {
    return decide(situation, policy).requests.at(0).because.back().why;
}

}  // namespace

TEST_CASE("pending pilots and idle room serve jobs before new pilots do") {
    auto count = pilots("A", 2, 3);
    count.idle_slots.push_back({{.cpus = 4, .memory_bytes = std::int64_t{8} << 30U}, 1});
    Situation situation{{jobs(30, {"A"})}, {entry("A", 8)}, {count}, {}};
    CHECK(summary(situation) == "A=2/0");  // 30 - 4 idle - 2 * 8 pending = 10 jobs = 2 pilots
    situation.classes[0].idle_jobs = 20;
    CHECK(summary(situation) == "A=0/0");
}

TEST_CASE("idle room that ends before the job does is no room") {
    auto count = pilots("A", 0, 1);
    count.idle_slots.push_back(
        {{.cpus = 8, .memory_bytes = std::int64_t{16} << 30U, .walltime = 600s}, 1});
    Situation situation{{jobs(8, {"A"})}, {entry("A", 8)}, {count}, {}};
    CHECK(summary(situation) == "A=0/0");
    situation.classes[0].request.walltime = 3600s;
    CHECK(summary(situation) == "A=1/0");
}

TEST_CASE("limits of the entry and of all entries hold") {
    Situation situation{{jobs(100, {"A", "B"})},
                        {entry("A"), entry("B")},
                        {pilots("A", 0, 0), pilots("B", 0, 0)},
                        {}};
    CHECK(summary(situation) == "A=50/0 B=50/0");
    situation.entries[0].limits.max_pilots = 10;
    CHECK(summary(situation) == "A=9/0 B=91/0");  // shares by room: 10 to 100
    situation.entries[1].limits.max_submit = 20;
    CHECK(summary(situation) == "A=10/0 B=20/0");
    CHECK(summary(situation, {.max_submit = 6}) == "A=2/0 B=4/0");
    CHECK(summary(situation, {.max_pilots = 0}) == "A=0/0 B=0/0");
    situation.counts[0].held = 4;
    CHECK(summary(situation) == "A=6/0 B=20/0");
    situation.entries[0].limits.max_held = 3;
    CHECK(summary(situation) == "A=0/0 B=20/0");
}

TEST_CASE("tiers are filled in order") {
    Situation situation{{jobs(30, {"A", "B"})},
                        {entry("A"), entry("B")},
                        {pilots("A", 0, 0), pilots("B", 0, 0)},
                        {}};
    situation.entries[0].tier = 2;
    situation.entries[1].tier = 1;
    situation.entries[1].limits.max_pilots = 20;
    CHECK(summary(situation) == "A=10/0 B=20/0");
}

TEST_CASE("unknown is not zero: without a count, with an old one, or with a gap nothing is sent") {
    Situation situation{{jobs(5, {"A"})}, {entry("A")}, {}, {}};
    CHECK(summary(situation) == "A=0/0");
    CHECK(last_reason(situation) ==
          "its pilots are not seen: no pilot_count, and unknown is not zero");
    situation.counts = {pilots("A", 0, 0)};
    CHECK(summary(situation) == "A=5/0");
    situation.counts[0].observed_at = kNow - 20min;
    CHECK(summary(situation) == "A=0/0");
    CHECK(last_reason(situation) == "its pilots were seen 20m ago, more than 15m");
    situation.counts = {pilots("A", 0, 0)};
    situation.gaps = {{"pilots", "condor:s1", {}, "timeout", "no answer in 20 s", kNow}};
    CHECK(summary(situation) == "A=0/0");
    CHECK(last_reason(situation) == "gap in pilots from condor:s1: no answer in 20 s");
    situation.gaps[0].entries = {"B"};
    CHECK(summary(situation) == "A=5/0");
}

TEST_CASE("entries out of service get nothing") {
    Situation situation{{jobs(5, {"A"})}, {entry("A")}, {pilots("A", 0, 0)}, {}};
    situation.entries[0].state = model::EntryState::Draining;
    CHECK(last_reason(situation) == "the entry is draining");
    situation.entries[0].state = model::EntryState::InService;
    situation.entries[0].downtimes = {{kNow - 1h, kNow + 1h, "outage", "power", "test"}};
    CHECK(last_reason(situation) == "the entry is downtime");
    situation.entries[0].downtimes[0].severity = "warning";
    CHECK(summary(situation) == "A=5/0");
}

TEST_CASE("surplus pending pilots are taken back only if policy says so and nothing is unseen") {
    Situation situation{{jobs(2, {"A"})}, {entry("A")}, {pilots("A", 9, 1)}, {}};
    CHECK(summary(situation) == "A=0/0");
    const Policy policy{.remove = model::RemoveWhat::Pending, .max_remove = 5};
    CHECK(summary(situation, policy) == "A=0/5");
    situation.entries[0].limits.max_remove = 20;
    CHECK(summary(situation, policy) == "A=0/7");
    SECTION("a gap in the jobs") {
        situation.gaps = {{"jobs", "condor:s2", {}, "unavailable", "refused", kNow}};
        CHECK(summary(situation, policy) == "A=0/0");
        CHECK(last_reason(situation, policy) == "gap in jobs from condor:s2: refused");
    }
    SECTION("no jobs at all") {
        situation.classes.clear();
        CHECK(last_reason(situation, policy) == "no jobs are seen at all: that may be blindness");
    }
    SECTION("jobs seen long ago") {
        situation.classes[0].observed_at = kNow - 1h;
        CHECK(last_reason(situation, policy) == "some jobs were not seen lately");
    }
}

TEST_CASE("stale jobs are no demand, and are warned about") {
    Situation situation{{jobs(5, {"A"})}, {entry("A")}, {pilots("A", 0, 0)}, {}};
    situation.classes[0].observed_at = kNow - 1h;
    const auto decision = decide(situation, Policy{});
    CHECK(decision.requests[0].submit == 0);
    CHECK(decision.warnings == std::vector<std::string>{"job class c: seen 1h ago, not counted"});
}

TEST_CASE("multi-node pilots hold jobs on every node, but a job must fit on one") {
    auto two_nodes = entry("A", 4);
    two_nodes.nodes = 2;
    Situation situation{{jobs(16, {"A"})}, {two_nodes}, {pilots("A", 0, 0)}, {}};
    CHECK(summary(situation) == "A=2/0");
    situation.classes[0].request.cpus = 8;
    CHECK(summary(situation) == "A=0/0");
}

TEST_CASE("records may claim any number: sums stay numbers, and limits hold") {
    constexpr auto kHuge = std::numeric_limits<std::int64_t>::max();
    auto huge = entry("A", kHuge);
    huge.nodes = kHuge;
    huge.pilot.memory_bytes = kHuge;
    huge.pilot.walltime = std::chrono::seconds{1'000'000'000'000};
    huge.allocation = model::Allocation{"m1", 1e6};
    auto count = pilots("A", kHuge, kHuge);
    count.held = count.removing = kHuge;
    count.idle_slots = {{{.cpus = kHuge, .memory_bytes = kHuge}, kHuge}};
    Situation situation{{jobs(kHuge, {"A", "B"}), jobs(kHuge, {"A"}), jobs(kHuge, {})},
                        {huge, entry("B")},
                        {count, count, pilots("B", 0, 0)},
                        {}};
    model::Usage usage;
    usage.entry = "A";
    usage.days = {{kNow, {kHuge, kHuge, 1e300}}, {kNow, {kHuge, kHuge, 1e300}}};
    usage.committed = {kHuge, kHuge, 1e300};
    situation.usages = {usage};
    auto terms = terms_of(situation, {.max_pilots = 7, .max_submit = 5});
    for (const auto measure : {Measure::Pilots, Measure::CoreSeconds, Measure::Charge}) {
        terms.caps.push_back({"budget", {0}, measure, Scope::Window, kHuge});
    }
    const auto decision = decide(situation, terms, kNow, plan_id());
    CHECK(decision.requests[0].submit == 0);
    CHECK(decision.requests[1].submit == 0);
}

TEST_CASE("jobs that match nothing and jobs without room are counted") {
    auto small = entry("A");
    small.limits.max_pilots = 3;
    const Situation situation{{jobs(7, {}), jobs(10, {"A"})}, {small}, {pilots("A", 0, 0)}, {}};
    const auto decision = decide(situation, Policy{});
    CHECK(decision.unmatched_jobs == 7);
    CHECK(decision.unserved_jobs == 7);
}

}  // namespace tow::plan
