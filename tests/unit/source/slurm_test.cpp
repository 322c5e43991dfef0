#include "base/error.hpp"
#include "record/json.hpp"
#include "source/slurm_entries.hpp"
#include "source/slurm_table.hpp"
#include "source/slurm_values.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/core.h>

namespace tow::source::slurm {

namespace {

std::string state(const std::vector<std::string_view>& words, std::string_view reason = "None") {
    const auto found = job_state(words, reason);
    return !found                        ? "gone"
           : *found == JobState::Idle    ? "idle"
           : *found == JobState::Running ? "running"
                                         : "held";
}

std::int64_t seconds(std::string_view text) {
    const auto limit = time_limit(text);
    return limit ? limit->count() : -1;
}

std::string number_in(const std::string& json) {
    const record::Document document("{\"n\":" + json + "}");
    const auto value = number(document.root().find("n"));
    return value ? fmt::format("{}", *value) : "unknown";
}

}  // namespace

TEST_CASE("States are words or lists of them, long or short") {
    CHECK(state({"PENDING"}, "Resources") == "idle");
    CHECK(state({"PD"}) == "idle");
    CHECK(state({"PENDING", "REQUEUED"}) == "idle");
    CHECK(state({"REQUEUED"}) == "idle");
    CHECK(state({"PENDING"}, "JobHeldUser") == "held");
    CHECK(state({"PENDING", "SPECIAL_EXIT"}) == "held");
    CHECK(state({"RUNNING", "CONFIGURING"}) == "running");
    CHECK(state({"CF"}) == "running");
    CHECK(state({"SUSPENDED"}) == "running");
    CHECK(state({"COMPLETED", "COMPLETING"}) == "gone");
    CHECK(state({"RUNNING", "COMPLETING"}) == "gone");
    CHECK(state({"PENDING", "REVOKED"}) == "gone");
    CHECK(state({"CANCELLED"}) == "gone");
    CHECK(state({"A STATE OF THE FUTURE"}) == "gone");
    CHECK(state({}) == "gone");
}

TEST_CASE("Numbers are plain or say whether they are set and finite") {
    CHECK(number_in("4") == "4");
    CHECK(number_in("0") == "0");
    CHECK(number_in("null") == "unknown");
    CHECK(number_in("-1") == "unknown");
    CHECK(number_in("4294967294") == "unknown");  // NO_VAL
    CHECK(number_in("4294967295") == "unknown");  // INFINITE
    CHECK(number_in("18446744073709551615") == "unknown");
    CHECK(number_in(R"({"set":true,"infinite":false,"number":4})") == "4");
    CHECK(number_in(R"({"set":false,"infinite":false,"number":4})") == "unknown");
    CHECK(number_in(R"({"set":true,"infinite":true,"number":0})") == "unknown");
    CHECK(number_in(R"({"set":true,"number":{"set":true,"number":7}})") == "7");
    CHECK(number_in("\"4\"") == "unknown");
}

TEST_CASE("A line of a job array stands for its tasks") {
    CHECK(tasks("7").count == 1);
    CHECK(tasks("3-4%2").count == 2);
    CHECK(tasks("1,3,5-9").count == 7);
    CHECK(tasks("41-399:2").count == 180);
    CHECK(tasks("0-15:4,20").count == 5);
    CHECK(tasks("0x1f").count == 5);
    CHECK_FALSE(tasks("1-3").is_cut);
    CHECK(tasks("1,3,5,...").is_cut);
    CHECK(tasks("1,3,5,...").count == 3);
    CHECK(tasks("1,3,57...").count == 2);  // 57 may be the begin of 5700
    for (const auto* wrong : {"", "x", "3-", "9-3", "1-5:0", "1-5:x", "-", "0xzz", "1--3"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(tasks(wrong), base::Error);
    }
}

TEST_CASE("Trackable resources say what a job asks for in all") {
    const auto some = tres("cpu=4,mem=62.50G,node=2,billing=4,gres/gpu:a100=2,gres/gpu=3");
    CHECK(some.cpus == 4);
    CHECK(some.memory_bytes == 67108864000);
    CHECK(some.nodes == 2);
    CHECK(some.gpus == 3);
    CHECK(tres("gres/gpu:a100=2,gres/gpu:v100=1").gpus == 3);
    CHECK_FALSE(tres("").cpus);
    CHECK_FALSE(tres("cpu,mem=,=5").memory_bytes);
}

TEST_CASE("Sizes have the units of Slurm") {
    CHECK(memory("4000") == 4000LL << 20U);
    CHECK(memory("200M") == 200LL << 20U);
    CHECK(memory("1T") == 1LL << 40U);
    CHECK(memory("512K") == 512LL << 10U);
    for (const auto* wrong : {"", "M", "4X", "-1", "1e30G", "nan", "4 G"}) {
        CAPTURE(wrong);
        CHECK_FALSE(memory(wrong));
    }
}

TEST_CASE("Time limits begin with minutes, with hours, or with days") {
    CHECK(seconds("30") == 1800);
    CHECK(seconds("30:00") == 1800);
    CHECK(seconds("1:00") == 60);
    CHECK(seconds("1:02:03") == 3723);
    CHECK(seconds("2-00:00:00") == 172800);
    CHECK(seconds("1-12") == 129600);
    CHECK(seconds("1-12:30") == 131400);
    for (const auto* wrong :
         {"UNLIMITED", "NOT_SET", "INVALID", "", "1:2:3:4", "x-1", "99999999999:00"}) {
        CAPTURE(wrong);
        CHECK(seconds(wrong) == -1);
    }
}

TEST_CASE("Columns are found by their places or by bars") {
    const Table right("             JOBID PARTITION     NAME     USER ST");
    const auto cells = right.cells("              25_1      main  na me x    games  R");
    CHECK(right.value(cells, "JOBID") == "25_1");
    CHECK(right.value(cells, "NAME") == "na me x");
    CHECK(right.value(cells, "ST") == "R");
    CHECK(right.value(cells, "ELSE").empty());
    const Table left("JOBID    STATE");
    CHECK(left.value(left.cells("7        RUNNING"), "STATE") == "RUNNING");
    CHECK(left.value(left.cells("7"), "STATE").empty());
    const Table bars("JOBID|STATE|");
    CHECK(bars.value(bars.cells("7|PENDING|"), "STATE") == "PENDING");
    CHECK(bars.value(bars.cells("7"), "STATE").empty());
}

TEST_CASE("Lists of hosts are written out") {
    CHECK(hosts("n[1-3,07-09],m1,r[2]-ib") ==
          std::vector<std::string>{"n1", "n2", "n3", "n07", "n08", "n09", "m1", "r2-ib"});
    CHECK(hosts("").empty());
    for (const auto* wrong : {"n[1-3", "n[3-1]", "n[x]", "n[1-99999999999]", "n[1-2000000]"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(hosts(wrong), base::Error);
    }
}

TEST_CASE("GPUs are counted over all kinds") {
    CHECK(gpus("gpu:a100:4(S:0-1),craynetwork:1") == 4);
    CHECK(gpus("gpu:2") == 2);
    CHECK(gpus("gpu") == 1);
    CHECK(gpus("gpu:a100:3(IDX:0,2,5),gpu:v100:1(IDX:1)") == 4);
    CHECK(gpus("(null)") == 0);
    CHECK(gpus("gpu:a100:0(IDX:N/A)") == 0);
}

}  // namespace tow::source::slurm
