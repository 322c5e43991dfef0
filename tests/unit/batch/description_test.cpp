#include "base/error.hpp"
#include "batch/condor_description.hpp"

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

model::Entry entry(const record::Object& more = {}) {
    model::Entry entry;
    entry.name = "CE";
    entry.backend = "condor";
    entry.pilot.cpus = 8;
    entry.pilot.memory_bytes = std::int64_t{16} << 30;
    entry.pilot.walltime = std::chrono::hours{1};
    entry.target.set("argv", record::Array{"/opt/pilot", "--pool", "cm"});
    for (const auto& field : more) {
        entry.target.set(field.key, field.value);
    }
    return entry;
}

std::string description_of(const model::Entry& entry) {
    const std::vector<std::string> pilots{"01M7YZMHG0RZ4S2RJZ2W4V1B00"};
    return condor_description(entry, pilots, "factory", "/out");
}

std::string describe(const record::Object& more) {
    return description_of(entry(more));
}

}  // namespace

TEST_CASE("a description in full") {
    CHECK(description_of(entry()) == R"sub(universe = vanilla
executable = /opt/pilot
arguments = "'--pool' 'cm'"
environment = "AEROTOW_PILOT_ID=$(aerotow_pilot) AEROTOW_ENTRY='CE' AEROTOW_CPUS='8' AEROTOW_MEMORY_BYTES='17179869184' AEROTOW_WALLTIME_SECONDS='3600'"
output = /out/$(aerotow_pilot).out
error = /out/$(aerotow_pilot).err
log = /out/events.log
request_cpus = 8
request_memory = 16384
periodic_remove = JobStatus == 2 && time() - EnteredCurrentStatus > 3600
My.PeriodicRemoveReason = "the wall time of the pilot has passed"
My.AerotowPilotId = "$(aerotow_pilot)"
My.AerotowEntry = "CE"
My.AerotowFactory = "factory"
notification = never
hold = true
queue aerotow_pilot from (
01M7YZMHG0RZ4S2RJZ2W4V1B00
)
)sub");
}

TEST_CASE("grid resources are told the shape in words of their own") {
    const auto ce = describe({{"grid_resource", "condor ce.example.org ce.example.org:9619"}});
    CHECK_THAT(ce, Catch::Contains("\nMy.xcount = 8\nMy.maxMemory = 16384\nMy.maxWallTime = 60\n"));
    CHECK_THAT(ce, !Catch::Contains("periodic_remove"));
    CHECK_THAT(describe({{"grid_resource", "Batch slurm"}}),  // HTCondor takes it in any case
               Catch::Contains("\nMy.NodeNumber = 8\nbatch_runtime = 3600\n"));
    CHECK_THAT(describe({{"grid_resource", "arc ce"}}),
               Catch::Contains("\nrequest_memory = 2048\n"));  // of one core
}

TEST_CASE("texts reach HTCondor as they are meant") {
    CHECK(submit_value("a $(X) b", "it") == "a $(DOLLAR)(X) b");
    const std::vector<std::string> words{"a b", "it's", "\"q\"", "", "$ENV(HOME)", "\\"};
    CHECK(submit_arguments(words) == R"("'a b' 'it''s' '""q""' '' '$(DOLLAR)ENV(HOME)' '\'")");
    CHECK(submit_environment({{"A", "x y"}, {"B", "'"}}) == R"("A='x y' B=''''")");
    const auto text =
        describe({{"attributes", record::Object{{"S", "a\"b\\c$(Z)\\"}, {"N", 1.5}, {"B", true}}},
                  {"attribute_exprs", record::Object{{"E", "time() + 1"}}},
                  {"requirements", "Arch == \"X86_64\""},
                  {"submit", record::Object{{"batch_queue", "long"}}}});
    CHECK_THAT(text, Catch::Contains(R"(My.S = "a\"b\\c$(DOLLAR)(Z)\\")"));
    CHECK_THAT(text, Catch::Contains("\nMy.N = 1.5\nMy.B = true\n"));
    CHECK_THAT(text, Catch::Contains("\nMy.E = time() + 1\nrequirements = Arch == \"X86_64\"\n"));
    CHECK_THAT(text, Catch::Contains("\nbatch_queue = long\n"));
}

TEST_CASE("what HTCondor cannot hold is refused") {
    for (const char* bad : {"", " a", "a ", "\ta", "a\\", "a\nb", "a\rb", "$$(Arch)", "x$$([1])"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(submit_value(bad, "it"), base::Error);
        CHECK_THROWS_AS(describe({{"submit", record::Object{{"x", bad}}}}), base::Error);
        CHECK_THROWS_AS(describe({{"input_files", record::Array{"/a", bad}}}), base::Error);
    }
    for (const char* bad : {"a\nb", "a\rb", "$$(Arch)"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(describe({{"argv", record::Array{"/p", bad}}}), base::Error);
        CHECK_THROWS_AS(describe({{"environment", record::Object{{"A", bad}}}}), base::Error);
        CHECK_THROWS_AS(describe({{"attributes", record::Object{{"A", bad}}}}), base::Error);
        CHECK_THROWS_AS(describe({{"requirements", std::string("\"") + bad + "\""}}), base::Error);
    }
    const std::vector<std::string> nul{std::string("a\0b", 3)};
    CHECK_THROWS_AS(submit_arguments(nul), base::Error);
    CHECK_THROWS_AS(describe({{"input_files", record::Array{"/a,b"}}}), base::Error);
}

TEST_CASE("commands and attributes that are ours cannot be given again") {
    for (const char* name : {"hold", "Queue", "executable", "include", "if", "error",
                             "periodic_release", "PeriodicRelease", "max_materialize",
                             "periodic_remove", "a b", "+A", "My.A", "A=B", "1a", "a\n"}) {
        CAPTURE(name);
        CHECK_THROWS_WITH(describe({{"submit", record::Object{{name, "true"}}}}),
                          Catch::Contains("target.submit"));
    }
    for (const char* name : {"AerotowPilotId", "aerotowfactory", "JobStatus", "HoldReasonCode",
                             "PeriodicRelease", "a.b", ""}) {
        CAPTURE(name);
        CHECK_THROWS_WITH(describe({{"attributes", record::Object{{name, 1}}}}),
                          Catch::Contains("target.attributes"));
        CHECK_THROWS_WITH(describe({{"attribute_exprs", record::Object{{name, "1"}}}}),
                          Catch::Contains("target.attributes"));
    }
    CHECK_THROWS_AS(describe({{"submit", record::Object{{"rank", "1"}, {"Rank", "2"}}}}),
                    base::Error);
}

TEST_CASE("a target that makes no sense is refused") {
    CHECK_THROWS_WITH(describe({{"universe", "java"}}), Catch::Contains("target.universe"));
    CHECK_THROWS_WITH(describe({{"universe", "grid"}}), Catch::Contains("target.grid_resource"));
    CHECK_THROWS_WITH(describe({{"universe", "local"}, {"grid_resource", "batch slurm"}}),
                      Catch::Contains("target.grid_resource"));
    CHECK_THROWS_WITH(describe({{"argv", record::Array{"pilot"}}}), Catch::Contains("target.argv"));
    CHECK_THROWS_AS(describe({{"requirements", "Arch =="}}), base::Error);
    CHECK_THROWS_AS(describe({{"attributes", record::Object{{"A", record::Array{1}}}}}),
                    base::Error);
    auto nodes = entry();
    nodes.nodes = 2;
    CHECK_THROWS_WITH(description_of(nodes), Catch::Contains("nodes"));
    CHECK_THROWS_AS(output_folder(entry({{"output", "relative"}})), base::Error);
    CHECK(output_folder(entry({{"output", "/abs"}})) == "/abs");
    auto huge = entry();
    huge.pilot.memory_bytes = huge.pilot.cpus = 9'223'372'036'854'775'807;
    huge.pilot.disk_bytes = huge.pilot.memory_bytes;
    CHECK_THAT(description_of(huge), Catch::Contains("\nrequest_memory = 8796093022208\n"));
}

}  // namespace tow::batch
