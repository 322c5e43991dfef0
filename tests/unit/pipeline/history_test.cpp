#include "pipeline/history.hpp"

#include "base/error.hpp"
#include "fleet/state_file.hpp"
#include "scratch.hpp"

#include <catch2/catch.hpp>

namespace tow::pipeline {

namespace {

using namespace std::chrono_literals;
using enum model::RunState;

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

struct World {
    test::Scratch scratch;
    store::Database database = fleet::open_state(scratch.path(), store::Access::ReadWrite);
    History history{database};
    bool is_locked = false;
    int asked = 0;

    model::Run run(const std::string& name, base::Time at) const {
        model::Run run;
        run.name = name;
        run.started_at = at;
        run.stages = {{1, "a", {}, {}, {}}, {2, "b c", {}, {}, {}}};
        return run;
    }

    History::Begun begin(const std::string& name, base::Time at) const {
        return history.begin(run(name, at));
    }

    // A whole run.
    void done(const std::string& name, base::Time at, model::RunState state) const {
        auto ended = run(name, at);
        const auto begun = history.begin(ended);
        ended.state = state;
        ended.exit_code = state == Done ? 0 : 75;
        ended.seconds = 1.5;
        ended.stages[0].exit_code = 0;
        ended.stages[1].signal = 9;
        history.end(begun.number, ended);
    }

    std::optional<model::Run> latest(const std::string& name) {
        return history.latest(name, [this](const auto&) {
            ++asked;
            return is_locked;
        });
    }

    std::int64_t rows() const {
        auto count = database.prepare("SELECT count(*) FROM run");
        count.step();
        return count.integer(0);
    }
};

}  // namespace

TEST_CASE("a run that ended is told as it was") {
    World world;
    CHECK_FALSE(world.latest("a"));
    world.done("a", kNow, Failed);
    const auto run = world.latest("a");
    REQUIRE(run);
    CHECK(run->state == Failed);
    CHECK(run->exit_code == 75);
    CHECK(run->seconds == 1.5);
    CHECK(run->started_at == kNow);
    REQUIRE(run->stages.size() == 2);
    CHECK(run->stages[1].command == "b c");
    CHECK(run->stages[1].stage == 2);
    CHECK(run->stages[1].signal == 9);
    CHECK(run->stages[0].exit_code == 0);
    CHECK(world.asked == 0);
}

TEST_CASE("failures in a row count from the last success, of each name by itself") {
    World world;
    world.done("a", kNow, Failed);
    CHECK(world.latest("a")->failures == 1);
    CHECK_FALSE(world.latest("a")->last_success_at);
    world.done("a", kNow + 1min, Done);
    CHECK(world.latest("a")->failures == 0);
    world.done("a", kNow + 2min, Timeout);
    world.done("b", kNow + 2min, Done);
    world.done("a", kNow + 3min, Interrupted);
    CHECK(world.latest("a")->failures == 2);
    CHECK(world.latest("a")->last_success_at == kNow + 1min);
    CHECK(world.latest("b")->failures == 0);
    CHECK(world.history.names() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a run at work is judged by those before") {
    World world;
    world.is_locked = true;
    world.done("a", kNow, Failed);
    world.begin("a", kNow + 1min);
    CHECK(world.latest("a")->state == Running);
    CHECK(world.latest("a")->failures == 1);
}

TEST_CASE("a run that nobody runs was killed, and the next one hears of it once") {
    World world;
    world.done("a", kNow, Done);
    world.begin("a", kNow + 1min);
    CHECK(world.latest("a")->state == Killed);
    CHECK(world.latest("a")->failures == 1);
    CHECK(world.begin("a", kNow + 2min).killed_run == kNow + 1min);
    CHECK(world.begin("a", kNow + 3min).killed_run == kNow + 2min);
    CHECK_FALSE(world.begin("b", kNow + 4min).killed_run);
    world.is_locked = true;
    CHECK(world.latest("a")->failures == 2);
}

TEST_CASE("a run that ends while we look was not killed") {
    World world;
    auto run = world.run("a", kNow);
    const auto begun = world.history.begin(run);
    const auto seen = world.history.latest("a", [&](const auto&) {
        run.state = Done;
        world.history.end(begun.number, run);
        return false;
    });
    CHECK(seen->state == Done);
    CHECK(seen->failures == 0);
}

TEST_CASE("a new run that begins while we look is at work") {
    World world;
    world.begin("a", kNow);
    int looks = 0;
    const auto seen = world.history.latest("a", [&](const auto&) {
        if (++looks == 1) {
            world.begin("a", kNow + 1min);
            return false;
        }
        return true;
    });
    CHECK(seen->state == Running);
    CHECK(seen->started_at == kNow + 1min);
    CHECK(seen->failures == 1);
}

TEST_CASE("of many runs the latest are kept, and the last success") {
    World world;
    world.done("a", kNow, Done);
    {
        store::Transaction all(world.database);  // for speed
        for (int i = 1; i <= History::kMostRuns + 50; ++i) {
            world.done("a", kNow + std::chrono::seconds{i}, Failed);
        }
        all.commit();
    }
    CHECK(world.rows() == History::kMostRuns + 1);
    CHECK(world.latest("a")->last_success_at == kNow);
}

TEST_CASE("what is old is forgotten, also of names that are no longer used") {
    World world;
    world.done("old", kNow, Failed);
    world.done("a", kNow + std::chrono::days{1}, Done);
    world.done("a", kNow + History::kForgottenAfter + 1s, Done);
    CHECK(world.history.names() == std::vector<std::string>{"a"});
    CHECK(world.rows() == 2);
}

TEST_CASE("a damaged row is an error that names the run") {
    World world;
    world.done("a", kNow, Done);
    for (const auto* damage : {"UPDATE run SET stages = '['", "UPDATE run SET stages = '{}'",
                               "UPDATE run SET state = 'odd'"}) {
        world.database.run(damage);
        CHECK_THROWS_WITH(world.latest("a"), Catch::StartsWith("the state file: run a: "));
    }
}

}  // namespace tow::pipeline
