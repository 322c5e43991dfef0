// A month played against examples/policies/spill.yaml: own cluster, partner, cloud.
#include "config/yaml.hpp"
#include "policy/world.hpp"

#include <catch2/catch.hpp>

namespace tow::policy {

namespace {

using namespace std::chrono_literals;

constexpr base::Time kFirst{std::chrono::sys_days{std::chrono::November / 1 / 2026}};

World spilling_world() {
    World world(read_policy(config::read_yaml(TOW_TEST_DATA "/../../examples/policies/spill.yaml")),
                kFirst);
    world.add("Own", 120).entry.tags = {"own"};
    world.add("Partner", 100).entry.tags = {"partner"};
    auto& cloud = world.add("Cloud", 1000);
    cloud.entry.tags = {"cloud"};
    cloud.entry.cost = model::Cost{0.05, "USD", 1.0};
    return world;
}

void play(World& world, std::chrono::seconds time) {
    for (const auto end = world.now + time; world.now < end;) {
        world.step(10min);
    }
}

}  // namespace

TEST_CASE("a month of spilling: own cluster, partner up to its allowance, cloud within budget") {
    auto world = spilling_world();
    world.wanted = 60;  // the own cluster is enough
    play(world, 24h);
    CHECK(world.running("Own") == 60);
    CHECK(world.running("Partner") + world.running("Cloud") == 0);

    world.wanted = 300;  // more than all can run
    bool partner_opened = false;
    int flips = 0;
    bool was_full = false;
    for (const auto end = kFirst + std::chrono::days{29}; world.now < end;) {
        const auto decision = world.step(10min);
        const auto own = std::ranges::find(decision.memories, "Own", &model::Memory::entry);
        flips += own->is_full != was_full ? 1 : 0;
        was_full = own->is_full;
        partner_opened = partner_opened || world.running("Partner") > 0;
        REQUIRE(world.used("Partner").pilots + world.pending("Partner") <= 3000);
        REQUIRE(world.used("Cloud").cost + static_cast<double>(world.pending("Cloud")) *
                                               World::price(world.places["Cloud"]) <=
                2000.000001);
        REQUIRE(world.running("Partner") + world.pending("Partner") <= 100);
        REQUIRE(world.running("Own") + world.pending("Own") <= 200);
    }
    CHECK(partner_opened);
    CHECK(world.running("Own") == 120);  // never starved by what was spilled
    // The partner had its allowance by now, and the cloud came after it.
    CHECK(world.used("Partner").pilots >= 2900);
    CHECK(world.used("Cloud").cost > 1500);
    CHECK(flips < 29 * 8);  // no flapping: far below one per hour
}

TEST_CASE("what was spilled last is drained first") {
    auto world = spilling_world();
    world.wanted = 400;
    play(world, 48h);
    for (auto& [name, place] : world.places) {
        place.starts = false;
    }
    REQUIRE(world.running("Partner") > 0);
    const auto before = world.pending("Own");
    world.wanted = world.running("Own") + world.running("Partner") + world.running("Cloud") + 3;
    std::int64_t cloud = world.pending("Cloud");
    for (int look = 0; look < 4; ++look) {
        world.step(1min);
        CHECK(world.pending("Cloud") <= cloud);
        cloud = world.pending("Cloud");
    }
    CHECK(world.pending("Own") >= std::min<std::int64_t>(3, before));
    CHECK(cloud == 0);
}

TEST_CASE("a new month brings a new allowance") {
    auto world = spilling_world();
    world.places["Partner"].ledger[kFirst] = {2995, 0, 0};
    world.places["Own"].slots = 0;
    world.wanted = 1000;
    play(world, 24h);
    CHECK(world.used("Partner").pilots + world.pending("Partner") == 3000);
    world.now = kFirst + std::chrono::days{30};
    play(world, 12h);
    CHECK(world.used("Partner").pilots > 3000);
}

}  // namespace tow::policy
