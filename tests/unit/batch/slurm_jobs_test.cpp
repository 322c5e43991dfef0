#include "batch/slurm_jobs.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/ulid.hpp"
#include "batch/slurm_row.hpp"

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

using model::PilotState;

const std::string first_pilot = "01KAMHZ0000000000000000A00";

std::string sample(const std::string& name) {
    return base::read_file(std::string(TOW_TEST_DATA) + "/slurm_pilots/" + name,
                           std::size_t{1} << 20);
}

std::map<std::string, SlurmPilot> by_id(const std::vector<SlurmPilot>& pilots) {
    std::map<std::string, SlurmPilot> result;
    for (const auto& pilot : pilots) {
        result.emplace(pilot.seen.backend_id, pilot);
    }
    return result;
}

std::optional<base::Time> at(std::string_view text) {
    return base::parse_rfc3339(text);
}

// A job as squeue --json has it, with these fields.
SlurmPilot only_pilot(const std::string& fields) {
    const auto pilots = read_squeue_json(R"({"jobs": [{"name": "aerotow-)" + first_pilot +
                                         R"(", "comment": "aerotow lab SITE_A )" + first_pilot +
                                         "\", " + fields + "}]}");
    REQUIRE(pilots.size() == 1);
    return pilots.front();
}

// The same as sacct has it.
SlurmPilot only_record(const std::string& fields) {
    const auto pilots = read_sacct(fields + "|aerotow-" + first_pilot + "\n");
    REQUIRE(pilots.size() == 1);
    return pilots.front();
}

}  // namespace

TEST_CASE("text and JSON of a real Slurm tell the same of every pilot") {
    const auto text = by_id(read_squeue(sample("squeue_22.05.txt")));
    const auto json = by_id(read_squeue_json(sample("squeue_22.05.json")));
    CHECK(text.size() == 31);
    REQUIRE(text.size() == json.size());
    for (const auto& [id, pilot] : text) {
        CAPTURE(id);
        REQUIRE(json.contains(id));
        const auto& other = json.at(id);
        CHECK(pilot.factory == other.factory);
        CHECK(pilot.seen.pilot == other.seen.pilot);
        CHECK(pilot.seen.entry == other.seen.entry);
        CHECK(pilot.seen.state == other.seen.state);
        CHECK(pilot.seen.submitted_at == other.seen.submitted_at);
        CHECK(pilot.seen.started_at == other.seen.started_at);
        CHECK(pilot.seen.ended_at == other.seen.ended_at);
        CHECK(pilot.seen.expires_at == other.seen.expires_at);
        CHECK(pilot.seen.exit_code == other.seen.exit_code);
        // 22.05 does not say in JSON why it requeued a job on hold.
        CHECK((pilot.seen.reason == other.seen.reason || id == "12_0"));
    }
}

TEST_CASE("each end of a job is told in its own words") {
    const auto pilots = by_id(read_squeue(sample("squeue_22.05.txt")));
    const auto& running = pilots.at("1_1").seen;
    CHECK(running.pilot == base::ulid_after(first_pilot, 1));
    CHECK(running.state == PilotState::Running);
    CHECK(running.started_at == at("2026-11-22T07:56:08Z"));
    CHECK(running.expires_at == at("2026-11-22T08:26:08Z"));
    const auto& waiting = pilots.at("1_9").seen;
    CHECK(waiting.state == PilotState::Pending);
    CHECK(waiting.reason == "JobArrayTaskLimit");
    CHECK_FALSE(waiting.started_at.has_value());
    CHECK(pilots.at("2_1").seen.state == PilotState::Failed);
    CHECK(pilots.at("2_1").seen.exit_code == 3);
    CHECK(pilots.at("3_0").seen.reason == "killed by signal 11");
    CHECK(pilots.at("4_0").seen.reason == "reached the end of its wall time");
    CHECK(pilots.at("5_0").seen.reason == "cancelled");
    CHECK(pilots.at("6_5").seen.state == PilotState::Held);
    CHECK(pilots.at("6_5").seen.reason == "JobHeldUser");
    CHECK(pilots.at("6_5").seen.hold_code == 1);
    CHECK(pilots.at("7_0").seen.reason == "PartitionTimeLimit");
    CHECK(pilots.at("8_0").seen.state == PilotState::Done);
    CHECK(pilots.at("8_0").seen.exit_code == 0);
    CHECK_FALSE(pilots.at("9_0").seen.started_at.has_value());  // BeginTime: when it is expected to
    CHECK(pilots.at("10_0").seen.state == PilotState::Running);
    CHECK(pilots.at("11_0").seen.state == PilotState::Running);
    CHECK(pilots.at("11_0").seen.reason == "SUSPENDED");
    CHECK(pilots.at("12_0").seen.state == PilotState::Held);
    CHECK(pilots.at("12_0").seen.reason == "job requeued in held state");
    CHECK(pilots.at("16_0").factory == "other");
    CHECK(pilots.at("17_0").factory.empty());
    CHECK(pilots.at("17_0").seen.pilot == "01KAMHZ0000000000000000S00");
    CHECK_FALSE(pilots.contains("15_0"));
    CHECK_FALSE(pilots.contains("18_0"));  // an array whose tasks were all cancelled in the queue
}

TEST_CASE("JSON of later versions: numbers in objects, states in lists") {
    const auto running = only_pilot(R"(
        "job_id": 14, "array_job_id": {"set": true, "infinite": false, "number": 12},
        "array_task_id": {"set": true, "infinite": false, "number": 3}, "array_task_string": "",
        "job_state": ["RUNNING"], "state_reason": "None", "state_description": "",
        "priority": {"set": true, "infinite": false, "number": 1},
        "submit_time": {"set": true, "infinite": false, "number": 1700000000},
        "start_time": {"set": true, "infinite": false, "number": 1700000100},
        "end_time": {"set": true, "infinite": false, "number": 1700003700},
        "time_limit": {"set": true, "infinite": false, "number": 60},
        "exit_code": {"status": ["SUCCESS"],
            "return_code": {"set": true, "infinite": false, "number": 0},
            "signal": {"id": {"set": false, "infinite": false, "number": 0}, "name": ""}})");
    CHECK(running.factory == "lab");
    CHECK(running.seen.entry == "SITE_A");
    CHECK(running.seen.backend_id == "12_3");
    CHECK(running.seen.pilot == base::ulid_after(first_pilot, 3));
    CHECK(running.seen.state == PilotState::Running);
    CHECK(running.seen.expires_at == at("2023-11-14T23:15:00Z"));
    const auto failed = only_pilot(R"(
        "job_id": 14, "array_job_id": {"set": true, "infinite": false, "number": 14},
        "array_task_id": {"set": true, "infinite": false, "number": 0},
        "job_state": ["FAILED"], "state_reason": "NonZeroExitCode", "priority": 1,
        "exit_code": {"status": ["ERROR"],
            "return_code": {"set": true, "infinite": false, "number": 3},
            "signal": {"id": {"set": false, "infinite": false, "number": 0}, "name": ""}})");
    CHECK(failed.seen.backend_id == "14_0");
    CHECK(failed.seen.exit_code == 3);
    const auto old_style = only_pilot(R"(
        "job_id": 14, "array_job_id": 14, "array_task_id": 0, "job_state": "FAILED",
        "state_reason": "RaisedSignal:9",
        "exit_code": {"status": "SIGNALED", "return_code": 0, "signal": {"signal_id": 9}})");
    CHECK(old_style.seen.reason == "killed by signal 9");
}

TEST_CASE("flags of a state count before it, a priority of zero is a hold") {
    const auto state = [](const std::string& states, const std::string& more = "") {
        return only_pilot(R"("array_job_id": 1, "array_task_id": 0, "job_state": )" + states + more)
            .seen.state;
    };
    CHECK(state(R"(["CANCELLED", "COMPLETING"])") == PilotState::Running);
    CHECK(state(R"(["RUNNING", "CONFIGURING"])") == PilotState::Pending);
    CHECK(state(R"(["PENDING", "REQUEUED"])") == PilotState::Pending);
    CHECK(state(R"(["PENDING", "REQUEUE_HOLD", "SPECIAL_EXIT"])") == PilotState::Held);
    CHECK(state(R"(["PENDING"], "priority": {"set": true, "infinite": false, "number": 0})") ==
          PilotState::Held);
    CHECK(state(R"("PENDING", "priority": 1, "state_reason": "JobHeldAdmin")") == PilotState::Held);
    CHECK(state(R"("RUNNING", "priority": 0)") == PilotState::Running);
    CHECK(state(R"(["NODE_FAIL"])") == PilotState::Failed);
    CHECK(state(R"(["A_STATE_TO_COME"])") == PilotState::Running);
}

TEST_CASE("the record of a job that was cancelled in the queue has no start") {
    const auto never = only_record(
        "12_3|CANCELLED by 1002|0:0|2026-11-22T07:30:25|2026-11-22T07:40:00|2026-11-22T07:40:00");
    CHECK(never.seen.reason == "cancelled before it started");
    CHECK_FALSE(never.seen.started_at.has_value());
    CHECK(never.seen.ended_at == at("2026-11-22T07:40:00Z"));
    const auto killed =
        only_record("12_3|FAILED|0:9|2026-11-22T07:30:25|2026-11-22T07:40:00|2026-11-22T07:41:00");
    CHECK(killed.seen.reason == "killed by signal 9");
    CHECK(killed.seen.pilot == base::ulid_after(first_pilot, 3));
    CHECK(only_record("12_0|OUT_OF_MEMORY|0:125|||Unknown").seen.reason ==
          "used more memory than it may");
    CHECK(only_record("12_0|COMPLETED|0:0|||").seen.exit_code == 0);
    CHECK(read_sacct("12_[0-2]|CANCELLED|0:0||||aerotow-" + first_pilot + "\n").size() == 3);
    CHECK(read_sacct("12|COMPLETED|0:0||||of another kind\nx\n\n|||||||\n").empty());
}

TEST_CASE("lists of tasks are expanded, and refused if they are cut or endless") {
    using Tasks = std::vector<std::uint64_t>;
    CHECK(expand_slurm_tasks("0-3%5") == Tasks{0, 1, 2, 3});
    CHECK(expand_slurm_tasks("1,3,5-9:2") == Tasks{1, 3, 5, 7, 9});
    CHECK(expand_slurm_tasks("[7,9-10]%1") == Tasks{7, 9, 10});
    CHECK(expand_slurm_tasks("").empty());
    for (const auto* bad : {"0-3,...", "3-1", "0-9:0", "x", "1-", "-1", "0-4294967295",
                            "18446744073709551615-18446744073709551616", "0-99999,0-99999"}) {
        CHECK_THROWS_AS(expand_slurm_tasks(bad), base::Error);
    }
    CHECK(expand_slurm_tasks("18446744073709551614-18446744073709551615").size() == 2);
}

TEST_CASE("an answer that is none is an error, not an empty queue") {
    CHECK_THROWS_AS(read_squeue_json(""), base::Error);
    CHECK_THROWS_AS(read_squeue_json("{}"), base::Error);
    CHECK_THROWS_AS(read_squeue_json(R"({"errors": [{"error": "x"}], "jobs": []})"), base::Error);
    CHECK(read_squeue_json(R"({"errors": [], "jobs": []})").empty());
    CHECK_THROWS_AS(read_squeue_json(R"({"jobs": [{"name": "aerotow-)" + first_pilot +
                                     R"(", "array_job_id": 5, "array_task_string": "0-3,..."}]})"),
                    base::Error);
}

}  // namespace tow::batch
