#include "fleet/memories.hpp"

#include "base/error.hpp"
#include "base/ulid.hpp"
#include "fleet/state_file.hpp"
#include "scratch.hpp"

#include <array>

#include <catch2/catch.hpp>

namespace tow::fleet {

namespace {

using namespace std::chrono_literals;

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

record::Object memory(const std::string& entry, base::Time taken, std::int64_t pending) {
    const std::chrono::milliseconds ms = taken.time_since_epoch();
    auto result = record::new_record("memory");
    result.set("plan", base::make_ulid(ms.count(), "plan"));
    result.set("entry", entry);
    result.set("pending", pending);
    result.set("running", 0);
    result.set("of_a_newer_planner", "kept");
    return result;
}

}  // namespace

TEST_CASE("the newest memory of an entry is kept, in whatever order they come") {
    const test::Scratch folder;
    const auto database = open_state(folder.path(), store::Access::ReadWrite);
    const Memories memories(database);
    const std::array both{memory("E", kNow, 2), memory("E", kNow - 5min, 1),
                          memory("F", kNow - 5min, 3)};
    memories.keep(both, kNow);
    memories.keep(std::span(both).subspan(1), kNow);  // an old decision, replayed
    const auto kept = memories.of({"E", "F", "G"});
    REQUIRE(kept.size() == 2);
    CHECK(kept[0] == both[0]);
    CHECK(kept[1] == both[2]);
    CHECK(memories.of({"F"}).size() == 1);
}

TEST_CASE("a decision from the future, of a clock that was wrong, does not stay for ever") {
    const test::Scratch folder;
    const auto database = open_state(folder.path(), store::Access::ReadWrite);
    const Memories memories(database);
    const auto keep = [&](const record::Object& record) {
        memories.keep(std::array{record}, kNow);
        return *memories.of({"E"})[0].find("pending")->integer();
    };
    CHECK(keep(memory("E", kNow + 24h, 1)) == 1);
    CHECK(keep(memory("E", kNow, 2)) == 2);
    CHECK(keep(memory("E", kNow + 24h, 3)) == 2);
    CHECK(keep(memory("E", kNow + 1min, 4)) == 4);
}

TEST_CASE("what was not touched for a month is forgotten, unless its entry still matters") {
    const test::Scratch folder;
    const auto database = open_state(folder.path(), store::Access::ReadWrite);
    const Memories memories(database);
    const auto old = kNow - 24h * 31;
    memories.keep(std::array{memory("E", old, 1), memory("F", old, 1), memory("G", kNow, 1)}, kNow);
    memories.forget_others({"E"}, kNow);
    CHECK(memories.of({"E", "F", "G"}).size() == 2);
    CHECK(memories.of({"F"}).empty());
}

TEST_CASE("memory that is malformed is refused, and nothing of it is kept") {
    const test::Scratch folder;
    const auto database = open_state(folder.path(), store::Access::ReadWrite);
    const Memories memories(database);
    auto broken = memory("F", kNow, 1);
    broken.set("plan", "yesterday");
    CHECK_THROWS_AS(memories.keep(std::array{memory("E", kNow, 1), broken}, kNow), base::Error);
    CHECK(memories.of({"E", "F"}).empty());
}

}  // namespace tow::fleet
