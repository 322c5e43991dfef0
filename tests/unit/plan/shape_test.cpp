#include "plan/shape.hpp"

#include <catch2/catch.hpp>

namespace tow::plan {

namespace {

using namespace std::chrono_literals;
using Kind = Step::Kind;

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

struct Scene {
    model::PilotCount count;
    std::vector<model::Pilot> pilots;
    std::int64_t for_old_jobs = 0;

    std::int64_t after(const std::vector<Step>& chain, std::int64_t needed) const {
        std::vector<const model::Pilot*> pointers;
        for (const auto& pilot : pilots) {
            pointers.push_back(&pilot);
        }
        return shape(chain, needed, {count, pointers, for_old_jobs, kNow}).pilots;
    }
};

Step step(Kind kind, std::int64_t count) {
    return {.kind = kind, .count = count};
}

Scene with_pilots(std::int64_t pending, std::int64_t running) {
    Scene scene;
    scene.count.pending = pending;
    scene.count.running = running;
    return scene;
}

void add_pilots(Scene& scene, int count, std::chrono::seconds life) {
    for (int i = 0; i < count; ++i) {
        model::Pilot pilot;
        pilot.state = model::PilotState::Done;
        pilot.started_at = kNow - 30min;
        pilot.ended_at = *pilot.started_at + life;
        scene.pilots.push_back(pilot);
    }
}

}  // namespace

TEST_CASE("steps of AutoPyFactory's chain, without its surprises") {
    const auto scene = with_pilots(3, 10);
    CHECK(scene.after({{.kind = Kind::Scale, .factor = 1.5}}, 5) == 8);
    CHECK(scene.after({{.kind = Kind::Scale, .factor = 0.1}}, 5) == 1);  // rounded up
    CHECK(scene.after({step(Kind::MaxPerCycle, 4)}, 9) == 4);
    CHECK(scene.after({step(Kind::MinPerCycle, 4)}, 0) == 4);
    CHECK(scene.after({step(Kind::MaxPending, 5)}, 9) == 2);
    CHECK(scene.after({step(Kind::MaxPending, 2)}, 9) == 0);              // never negative
    CHECK(with_pilots(0, 0).after({step(Kind::MaxPending, 5)}, 9) == 5);  // none waits: no hole
    CHECK(scene.after({step(Kind::MinPending, 5)}, 0) == 2);
    CHECK(scene.after({step(Kind::MaxPilots, 15)}, 9) == 2);
    CHECK(scene.after({step(Kind::MinPilots, 15)}, 0) == 2);
    CHECK(scene.after({step(Kind::KeepRunning, 20)}, 99) == 7);
    CHECK(scene.after({step(Kind::TestMode, 4)}, 99) == 1);
    CHECK(scene.after({step(Kind::Curb, 3)}, 9) == 5);
    CHECK(scene.after({step(Kind::Curb, 4)}, 9) == 9);
    CHECK(scene.after({step(Kind::MinPerCycle, 4), step(Kind::MaxPending, 5)}, 0) == 2);
}

TEST_CASE("a ramp sends a part, more for old jobs, and never more than is needed") {
    auto scene = with_pilots(0, 0);
    const std::vector<Step> chain{
        {.kind = Kind::Ramp, .factor = 1.0 / 3, .floor = 1, .reserve = 2}};
    CHECK(scene.after(chain, 30) == 10);
    CHECK(scene.after(chain, 2) == 1);
    CHECK(scene.after(chain, 0) == 0);
    scene.for_old_jobs = 30;
    CHECK(scene.after(chain, 30) == 12);  // the reserve bounds what old jobs add
    scene.for_old_jobs = 3;
    CHECK(scene.after(chain, 3) == 2);
}

TEST_CASE("a throttle wants a sample, sends probes, and releases with what lives well") {
    const std::vector<Step> chain{{.kind = Kind::Throttle, .count = 1, .factor = 0.5, .age = 60s}};
    auto scene = with_pilots(0, 0);
    add_pilots(scene, 1, 5s);
    CHECK(scene.after(chain, 50) == 50);  // one short pilot does not trip it
    add_pilots(scene, 9, 5s);
    CHECK(scene.after(chain, 50) == 1);
    add_pilots(scene, 10, 20min);  // half of them now: the lower bound is below a half
    CHECK(scene.after(chain, 50) == 10);
    add_pilots(scene, 40, 20min);
    CHECK(scene.after(chain, 50) == 50);
}

TEST_CASE("what the chain lets through at most is known before jobs are assigned") {
    const auto scene = with_pilots(3, 10);
    const std::vector<const model::Pilot*> none;
    std::string limit;
    CHECK(most_of({step(Kind::MaxPending, 5), step(Kind::MaxPerCycle, 9)},
                  {scene.count, none, 0, kNow}, limit) == 2);
    CHECK(limit == "max_pending 5, 3 wait");
    CHECK(too_many({step(Kind::KeepRunning, 9)}, {scene.count, none, 0, kNow}) == 4);
}

}  // namespace tow::plan
