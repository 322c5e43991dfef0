#include "fleet/counts.hpp"

#include "source/slots.hpp"

#include <catch2/catch.hpp>

namespace tow::fleet {

namespace {

using model::PilotState;
using namespace std::chrono_literals;

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

Row row(const std::string& id, PilotState state) {
    Row row;
    row.pilot.id = id;
    row.pilot.entry = "E";
    row.pilot.state = state;
    return row;
}

model::PilotCount count(const std::vector<Row>& rows, std::string_view slots) {
    const auto all = source::parse_slots(slots);
    const auto counts = count_pilots(rows, {"E"}, &all, kNow);
    REQUIRE(counts.size() == 1);
    return counts[0];
}

}  // namespace

TEST_CASE("nobody looked into the pool: what is busy is not known; it shows nothing: none is") {
    const std::vector<Row> rows{row("P", PilotState::Running)};
    const auto unknown = count_pilots(rows, {}, nullptr, kNow).at(0);
    CHECK_FALSE(unknown.busy_cores.has_value());
    CHECK_FALSE(unknown.connected.has_value());
    const auto none = count(rows, "");
    CHECK(none.running == 1);
    CHECK(none.connected == 0);
    CHECK(none.busy_cores == 0);
    CHECK(none.idle_cores == 0);
}

TEST_CASE("a partitionable slot has what is left; its dynamic ones are counted for themselves") {
    auto rows = std::vector{row("P", PilotState::Running), row("Q", PilotState::Pending)};
    rows[0].pilot.expires_at = kNow + 2h + 30s;
    const auto seen = count(rows, R"([
        {"AerotowPilotId": "P", "State": "Unclaimed", "Cpus": 5, "Memory": 1000, "Disk": 2048,
         "PartitionableSlot": true},
        {"AerotowPilotId": "P", "State": "Claimed", "Activity": "Busy", "Cpus": 2, "Memory": 500},
        {"AerotowPilotId": "P", "State": "Claimed", "Activity": "Idle", "Cpus": 1, "Memory": 500},
        {"AerotowPilotId": "Q", "State": "Unclaimed", "Cpus": 64},
        {"AerotowPilotId": "stranger", "State": "Unclaimed", "Cpus": 64},
        {"Name": "no pilot", "State": "Unclaimed", "Cpus": 64}])");
    CHECK(seen.connected == 1);
    CHECK(seen.busy_cores == 3);
    CHECK(seen.idle_cores == 5);
    REQUIRE(seen.idle_slots.size() == 1);
    const auto& room = seen.idle_slots[0].free;
    CHECK(room.cpus == 5);
    CHECK(room.memory_bytes == 1'048'576'000);
    CHECK(room.disk_bytes == 2'097'152);
    CHECK(room.walltime == 2h);  // whole minutes
}

TEST_CASE("slots that drain, wait for their owner, or end now have no room for jobs") {
    const auto seen = count({row("P", PilotState::Running)}, R"([
        {"AerotowPilotId": "P", "State": "Drained", "Cpus": 1},
        {"AerotowPilotId": "P", "State": "Owner", "Cpus": 1},
        {"AerotowPilotId": "P", "State": "Unclaimed", "Cpus": 0},
        {"AerotowPilotId": "P", "State": "Unclaimed", "Cpus": 1, "DaemonStopTime": 1795262430},
        {"AerotowPilotId": "P", "State": "Unclaimed", "Cpus": 1, "GLIDEIN_ToDie": 1}])");
    CHECK(seen.idle_slots.empty());
    CHECK(seen.idle_cores == 4);
    CHECK(seen.connected == 1);
}

TEST_CASE("slots alike are counted together; the earliest of their ends counts") {
    auto rows = std::vector{row("P", PilotState::Running), row("Q", PilotState::Running)};
    rows[0].pilot.expires_at = rows[1].pilot.expires_at = kNow + 10h;
    const auto seen = count(rows, R"([
        {"AerotowPilotId": "P", "State": "Unclaimed", "Cpus": 1, "GLIDEIN_ToDie": 1795269600,
         "GLIDEIN_ToRetire": 1795266000},
        {"AerotowPilotId": "Q", "State": "Unclaimed", "Cpus": 1, "DaemonStopTime": 1795266030},
        {"AerotowPilotId": "Q", "State": "Unclaimed", "Cpus": 1}])");
    REQUIRE(seen.idle_slots.size() == 2);
    CHECK(seen.idle_slots[0].count == 2);
    CHECK(seen.idle_slots[0].free.walltime == 1h);
    CHECK(seen.idle_slots[1].free.walltime == 10h);
}

TEST_CASE("numbers beyond all measure are taken for the end of the scale") {
    const auto seen = count({row("P", PilotState::Running)}, R"([
        {"AerotowPilotId": "P", "State": "Unclaimed", "Cpus": 9223372036854775807,
         "Memory": 9223372036854775807, "DaemonStopTime": -9223372036854775808},
        {"AerotowPilotId": "P", "State": "Claimed", "Cpus": -5}])");
    CHECK(seen.idle_cores == 10'000'000);
    CHECK(seen.busy_cores == 0);
    CHECK(seen.idle_slots.empty());
}

TEST_CASE("a pilot is idle if it has slots, and none of them has a job") {
    const auto slots = source::parse_slots(R"([
        {"AerotowPilotId": "A", "State": "Unclaimed"}, {"AerotowPilotId": "A", "State": "Claimed"},
        {"AerotowPilotId": "B", "State": "Unclaimed"}, {"AerotowPilotId": "B", "State": "Owner"},
        {"AerotowPilotId": "C", "State": "Preempting"}])");
    CHECK(idle_pilots(slots) == std::set<std::string>{"B"});
}

}  // namespace tow::fleet
