#include "base/error.hpp"
#include "model/decision.hpp"
#include "model/entry.hpp"
#include "model/history.hpp"
#include "model/jobs.hpp"
#include "model/pilots.hpp"
#include "record/json.hpp"

#include <catch2/catch.hpp>

namespace tow::model {

namespace {

template <class Record>
void write_json(const Record& record, std::string& out) {
    record::write_json(to_record(record), out);
}

// What reading and writing a record makes of it.
template <class Read>
std::string round_trip(Read read, std::string_view json) {
    std::string out;
    write_json(read(record::Document(json).root()), out);
    return out;
}

}  // namespace

TEST_CASE("records survive reading and writing") {
    const auto* group =
        R"({"type":"job_group","v":1,"id":"a","source":"s","group":"g","idle_jobs":3,"running_jobs":2,"held_jobs":1,)"
        R"("idle_by_age":[{"min_age_seconds":600,"jobs":2}],"oldest_idle_seconds":900,"request":{"cpus":2,"memory_bytes":5,)"
        R"("disk_bytes":6,"gpus":1,"walltime_seconds":7},"requirements":"x > 1","ad":{"A":1.5},"ad_exprs":{"B":"1+1"},)"
        R"("users":["u"],"observed_at":"2026-11-21T12:00:00Z"})";
    CHECK(round_trip(read_job_group, group) == group);
    const auto* entry =
        R"({"type":"entry","v":1,"entry":"E","backend":"local","state":"draining","site":"S","set":"T","tags":["a","b"],"pilot":{"cpus":8,)"
        R"("memory_bytes":9,"walltime_seconds":10,"nodes":2},"limits":{"max_pilots":1,"max_pending":2,"max_held":3,)"
        R"("max_submit":4,"max_remove":5},"ad":{"A":"x"},"start":"true","tier":1,"cost":{"per_core_hour":0.5,)"
        R"("currency":"EUR","performance":2.0},"allocation":{"account":"m1","charge_factor":80.5,"left_seconds":3600,)"
        R"("observed_at":"2026-11-21T12:00:00Z"},"downtime":[{"from":"2026-11-21T12:00:00Z","until":"2026-11-21T13:00:00Z",)"
        R"("severity":"outage","reason":"r","source":"q"}],"target":{"argv":["x"]},"stale":true,"observed_at":"2026-11-21T12:00:00Z"})";
    CHECK(round_trip(read_entry, entry) == entry);
    const auto* count =
        R"({"type":"pilot_count","v":1,"entry":"E","pending":1,"running":2,"held":3,"removing":4,"busy_cores":5,"idle_cores":6,)"
        R"("idle_slots":[{"cpus":1,"memory_bytes":2,"remaining_seconds":60,"count":3}],"oldest_pending_seconds":7,)"
        R"("newest_start_at":"2026-11-21T12:00:00Z","observed_at":"2026-11-21T12:00:00Z"})";
    CHECK(round_trip(read_pilot_count, count) == count);
    const auto* request =
        R"({"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","plan":"01M7YZMHG0RZ4S2RJZ2W4V1B0C","entry":"E",)"
        R"("submit":1,"remove":0,"remove_what":"pending","walltime_seconds":60,"because":[{"step":"a","value":1,"why":"b"}],)"
        R"("valid_until":"2026-11-21T12:00:00Z"})";
    CHECK(round_trip(read_request, request) == request);
    const auto* demand =
        R"({"type":"demand","v":1,"entry":"E","jobs_matching":5,"jobs_only_here":1,"jobs_share":3,"cores_share":4.5,)"
        R"("pilots_share":2,"running_matching":1,"by_age":[{"min_age_seconds":600,"jobs_matching":4,"jobs_share":2}]})";
    CHECK(round_trip(read_demand, demand) == demand);
    const auto* gap =
        R"({"type":"gap","v":1,"scope":"pilots","source":"s","entries":["E"],"error":{"kind":"timeout","message":"m"},)"
        R"("observed_at":"2026-11-21T12:00:00Z"})";
    CHECK(round_trip(read_gap, gap) == gap);
}

TEST_CASE("records of the past survive reading and writing") {
    const auto* usage =
        R"({"type":"usage","v":1,"entry":"E","currency":"EUR","days":[{"day":"2026-11-21T00:00:00Z","pilots":1,)"
        R"("core_seconds":2,"cost":0.5}],"committed":{"pilots":3,"core_seconds":4,"cost":1.5},)"
        R"("observed_at":"2026-11-21T12:00:00Z"})";
    CHECK(round_trip(read_usage, usage) == usage);
    const auto* override =
        R"({"type":"override","v":1,"override":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entries":"T2_*","values":{"max_pilots":4,)"
        R"("state":"draining"},"until":"2026-11-21T12:00:00Z","why":"ticket 1234","author":"ada"})";
    CHECK(round_trip(read_override, override) == override);
    const auto* memory =
        R"({"type":"memory","v":1,"plan":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entry":"E","pending":1,"running":2,"surplus":3,)"
        R"("surplus_looks":4,"is_full":1,"other_looks":5,"vanished_looks":6,"no_jobs_looks":1,"no_use_looks":2,"no_pilots_looks":3,"breaker":"half_open","breaker_step":2,)"
        R"("breaker_since":"2026-11-21T12:00:00Z"})";
    CHECK(round_trip(read_memory, memory) == memory);
    CHECK(override_problem("max_pilots", -1) == "expected an integer of at least 0");
    CHECK(override_problem("state", "gone") ==
          "expected one of in_service, draining, downtime, disabled");
    CHECK_FALSE(override_problem("pilot", 1).empty());
}

TEST_CASE("absent and null are unknown; what is there must be of its type") {
    CHECK_FALSE(
        read_pilot_count(
            record::Document(R"({"entry":"E","pending":0,"running":0,"busy_cores":null})").root())
            .busy_cores);
    const auto complaint = [](std::string_view json) {
        try {
            read_pilot_count(record::Document(json).root());
        } catch (const base::Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(complaint(R"({"entry":"E","running":0})") == "field \"pending\": is missing");
    CHECK(complaint(R"({"entry":"E","pending":-1,"running":0})") ==
          "field \"pending\": expected an integer of at least 0, got -1");
    CHECK(complaint(R"({"entry":"E","pending":1.5,"running":0})") ==
          "field \"pending\": expected an integer of at least 0, got 1.5");
    CHECK(complaint(R"({"entry":5,"pending":1,"running":0})") ==
          "field \"entry\": expected text, got 5");
    CHECK(complaint(R"({"entry":"E","pending":1,"running":0,"idle_slots":[{"cpus":"x"}]})") ==
          "field \"idle_slots[0].cpus\": expected an integer of at least 0, got \"x\"");
    CHECK(complaint(R"({"entry":"E","pending":1,"running":0,"observed_at":"today"})") ==
          "field \"observed_at\": expected a time such as 2026-11-21T19:30:00Z, got \"today\"");
}

TEST_CASE("names of entries hold nothing that means something elsewhere") {
    for (const auto* good : {"T2_US_Wisconsin", "a", "CMSHTPC_T2.x-1+2@3:4"}) {
        CHECK(name_problem(good).empty());
    }
    for (const auto* bad :
         {"", "..", "../x", "a/b", "a b", "a\nb", "a\"b", "a'b", "-a", "$(x)", "é"}) {
        CAPTURE(bad);
        CHECK_FALSE(name_problem(bad).empty());
    }
    CHECK_FALSE(name_problem(std::string(129, 'a')).empty());
}

TEST_CASE("a job fits by every resource that both sides state") {
    const Resources node{.cpus = 8,
                         .memory_bytes = 16,
                         .disk_bytes = 100,
                         .gpus = 1,
                         .walltime = std::chrono::seconds{60}};
    CHECK(misfit({.cpus = 8,
                  .memory_bytes = 16,
                  .disk_bytes = 100,
                  .gpus = 1,
                  .walltime = std::chrono::seconds{60}},
                 node)
              .empty());
    CHECK(misfit({.cpus = 9}, node) == "cpus");
    CHECK(misfit({.memory_bytes = 17}, node) == "memory");
    CHECK(misfit({.disk_bytes = 101}, node) == "disk");
    CHECK(misfit({.gpus = 2}, node) == "gpus");
    CHECK(misfit({.walltime = std::chrono::seconds{61}}, node) == "walltime");
    CHECK(misfit({.disk_bytes = 101, .walltime = std::chrono::hours{9}}, {.cpus = 1}).empty());
    CHECK(misfit({.gpus = 1}, {.cpus = 1}) == "gpus");
}

TEST_CASE("packing is by the scarcest resource") {
    const Resources node{.cpus = 8, .memory_bytes = 16, .disk_bytes = 100, .gpus = 2};
    CHECK(jobs_per_node({.cpus = 1}, node) == 8);
    CHECK(jobs_per_node({.cpus = 1, .memory_bytes = 5}, node) == 3);
    CHECK(jobs_per_node({.cpus = 1, .memory_bytes = 1, .disk_bytes = 60}, node) == 1);
    CHECK(jobs_per_node({.cpus = 1, .gpus = 1}, node) == 2);
    CHECK(jobs_per_node({.cpus = 0}, node) == 1'000'000);
}

TEST_CASE("ages of the same bound add up, others are kept apart") {
    std::vector<AgeClass> ages{{std::chrono::seconds{600}, 2}};
    add_ages(ages, {{std::chrono::seconds{60}, 5}, {std::chrono::seconds{600}, 1}});
    REQUIRE(ages.size() == 2);
    CHECK(ages[0].jobs == 5);
    CHECK(ages[1].jobs == 3);
}

}  // namespace tow::model
