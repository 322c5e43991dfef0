// The incidents that every factory has had, replayed.
#include "config/yaml.hpp"
#include "policy/world.hpp"

#include <catch2/catch.hpp>

namespace tow::policy {

namespace {

using namespace std::chrono_literals;

constexpr base::Time kNow{std::chrono::sys_days{std::chrono::November / 21 / 2026}};

World world_with(std::string_view policy, std::int64_t slots) {
    World world(read_policy(config::parse_yaml(policy, "policy.yaml")), kNow);
    world.add("A", slots);
    return world;
}

std::int64_t sent(const plan::Decision& decision) {
    std::int64_t sum = 0;
    for (const auto& request : decision.requests) {
        sum += request.submit;
    }
    return sum;
}

std::int64_t taken_back(const plan::Decision& decision) {
    std::int64_t sum = 0;
    for (const auto& request : decision.requests) {
        sum += request.remove;
    }
    return sum;
}

std::string reason(const plan::Decision& decision) {
    return decision.requests.at(0).because.back().why;
}

}  // namespace

TEST_CASE("pilots become invisible for three cycles: nothing is sent, nothing is removed") {
    auto world = world_with("remove: [{what: pending}]", 50);
    world.wanted = 50;
    world.step(10min);
    world.step(10min);
    REQUIRE(world.running("A") == 50);
    world.wanted = 100;
    world.places["A"].is_visible = false;
    for (int cycle = 0; cycle < 3; ++cycle) {
        const auto decision = world.step(10min);
        CHECK(sent(decision) == 0);
        CHECK(taken_back(decision) == 0);
    }
    world.places["A"].is_visible = true;
    CHECK(sent(world.step(10min)) == 50);
}

TEST_CASE("a count drops to 0 without an end: blocked until two looks agree") {
    auto world = world_with("{}", 50);
    world.wanted = 20;
    world.step(10min);
    world.step(10min);
    REQUIRE(world.running("A") == 20);
    world.places["A"].pilots.clear();
    const auto first = world.step(1min);
    CHECK(sent(first) == 0);
    CHECK(reason(first) ==
          "20 pilots were there at the last decision and are gone without an end: that may be "
          "blindness, so a second look decides");
    CHECK(sent(world.step(1min)) == 20);
}

TEST_CASE("a count drops to 0 because all have ended: no reason to wait") {
    auto world = world_with("breaker: [{on: false}]", 50);
    world.wanted = 20;
    world.places["A"].life = 5min;
    world.step(10min);
    world.step(10min);
    REQUIRE(world.running("A") == 0);
    CHECK(sent(world.step(1min)) == 20);
}

TEST_CASE("every pilot dies in seconds: open within one cycle, probes, recovery") {
    auto world = world_with("{}", 1000);
    world.wanted = 500;
    world.places["A"].life = 10s;
    CHECK(sent(world.step(10s)) == 500);
    world.step(10s);                      // they start
    world.now += 1min;                    // and die
    const auto opened = world.step(10s);  // still running as far as seen
    const auto open = world.step(10min);
    CHECK(sent(opened) == 0);
    CHECK(sent(open) == 0);
    CHECK(reason(open).starts_with("circuit breaker: "));
    std::int64_t probes = 0;
    for (int i = 0; i < 24; ++i) {  // four hours: a probe each time the breaker lets one through
        probes += sent(world.step(10min));
    }
    CHECK(probes > 0);
    CHECK(probes <= 8);
    world.places["A"].life = 8h;  // repaired
    std::vector<std::int64_t> sizes;
    for (int i = 0; i < 24 && world.running("A") < 500; ++i) {
        if (const auto count = sent(world.step(10min)); count > 0) {
            sizes.push_back(count);
        }
    }
    CHECK(world.running("A") == 500);
    CHECK(sizes.at(0) == 1);  // then 5 %, 25 %, all
    CHECK(sizes.at(1) == 24);
    CHECK(sizes.size() >= 4);
}

TEST_CASE("a resource goes dead with 50 pilots waiting: they are not counted as coming") {
    auto world =
        world_with("remove: [{what: pending, stuck: {after: 3h, keep: 5}, max_remove: 100}]", 0);
    world.add("B", 1000);
    world.places["A"].starts = false;
    world.places["A"].entry.limits.max_pilots = 50;
    world.places["B"].entry.tier = 1;
    world.places["B"].entry.state = model::EntryState::Draining;
    world.wanted = 50;
    world.step(10min);
    REQUIRE(world.pending("A") == 50);
    world.places["B"].entry.state = model::EntryState::InService;
    CHECK(sent(world.step(10min)) == 0);  // they may still come
    for (int i = 0; i < 13; ++i) {
        world.step(10min);
    }
    const auto later = world.step(10min);
    CHECK(world.running("B") + world.pending("B") >= 45);  // the jobs went elsewhere
    for (int i = 0; i < 12; ++i) {
        world.step(10min);
    }
    CHECK(world.pending("A") <= 5);  // cancelled, but for a few
}

TEST_CASE("an outage ahead: pilots are shortened to fit, and not sent when that is too short") {
    auto world = world_with("{}", 10);
    world.wanted = 10;
    world.places["A"].entry.downtimes = {{kNow + 3h, kNow + 9h, "outage", "power", "test"}};
    const auto decision = plan::decide(
        world.look(),
        resolve(read_policy(config::Node(config::Node::Kind::Map, {})), world.look(), kNow), kNow,
        base::make_ulid(0, "x"));
    CHECK(sent(decision) == 10);
    CHECK(decision.requests.at(0).walltime == 3h);
    world.now = kNow + 150min;
    const auto late = world.step(1min);
    CHECK(sent(late) == 0);
    CHECK(reason(late) == "an outage begins in 30m, before a pilot would end");
}

}  // namespace tow::policy
