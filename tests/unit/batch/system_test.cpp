#include "batch/system.hpp"

#include "base/error.hpp"
#include "batch/payload.hpp"
#include "record/json.hpp"

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

model::Entry entry_of(const std::string& backend, const record::Object& target) {
    model::Entry entry;
    entry.name = "E";
    entry.backend = backend;
    entry.target = target;
    return entry;
}

Payload payload_of(const record::Object& target) {
    const record::Document document(record::to_json(target));
    return read_payload(model::Fields(document.root(), "target."));
}

}  // namespace

TEST_CASE("a batch system and its text are the same thing") {
    const std::vector<std::pair<System, std::string>> all{
        {{"local", "", "", ""}, "local"},
        {{"condor", "", "", ""}, "condor"},
        {{"condor", "s1@host.example", "", ""}, "condor:s1@host.example"},
        {{"condor", "s", "cm:9618", ""}, "condor:s?pool=cm:9618"},
        {{"condor", "", "cm", ""}, "condor?pool=cm"},
        {{"condor", "s:1", "", "ssh://me@login.example:22"},
         "condor:s:1?via=ssh://me@login.example:22"},
        {{"condor", "", "cm", "ssh://login"}, "condor?pool=cm&via=ssh://login"},
    };
    for (const auto& [system, text] : all) {
        CHECK(to_text(system) == text);
        CHECK(parse_system(text) == system);
    }
}

TEST_CASE("what names no batch system is refused") {
    for (const char* text :
         {"", "pbs", "condor:-name", "condor:a b", "condor:a;b", "condor?pool=$(x)", "condor?x=1",
          "condor?pool=-x", "condor?via=login", "condor?via=ssh://-oProxyCommand=x",
          "condor?via=ssh://a b", "Condor", "condor:\n"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(parse_system(text), base::Error);
    }
}

TEST_CASE("the batch system of an entry") {
    CHECK(to_text(system_of(entry_of("condor", {{"schedd", "s"}, {"pool", "p"}}))) ==
          "condor:s?pool=p");
    CHECK(to_text(system_of(entry_of("local", {{"schedd", "s"}}))) == "local");
    CHECK_THROWS_WITH(system_of(entry_of("local", {{"via", "ssh://h"}})),
                      Catch::Contains("target.via"));
    CHECK_THROWS_WITH(system_of(entry_of("pbs", {})), Catch::Contains("no backend \"pbs\""));
    CHECK_THROWS_AS(system_of(entry_of("condor", {{"schedd", 7}})), base::Error);
    CHECK_THROWS_AS(system_of(entry_of("condor", {{"schedd", "-debug"}})), base::Error);
}

TEST_CASE("what a pilot runs") {
    const auto payload = payload_of({{"argv", record::Array{"/p", "", "a b\n"}},
                                     {"environment", record::Object{{"A_1", "x=y"}}}});
    CHECK(payload.argv == std::vector<std::string>{"/p", "", "a b\n"});
    CHECK(payload.environment == Variables{{"A_1", "x=y"}});
    CHECK_THROWS_WITH(payload_of({}), Catch::Contains("target.argv"));
    CHECK_THROWS_AS(payload_of({{"argv", record::Array{""}}}), base::Error);
    CHECK_THROWS_AS(payload_of({{"argv", record::Array{"/p", std::string("a\0b", 3)}}}),
                    base::Error);
    for (const char* name : {"", "1A", "A-B", "A=B", "A B", "AEROTOW_PILOT_ID"}) {
        CAPTURE(name);
        CHECK_THROWS_WITH(payload_of({{"argv", record::Array{"/p"}},
                                      {"environment", record::Object{{name, "x"}}}}),
                          Catch::Contains("target.environment"));
    }
}

TEST_CASE("a pilot knows its shape") {
    auto entry = entry_of("local", {});
    entry.pilot.cpus = 8;
    entry.pilot.memory_bytes = 16;
    CHECK(shape_variables(entry) ==
          Variables{{"AEROTOW_ENTRY", "E"}, {"AEROTOW_CPUS", "8"}, {"AEROTOW_MEMORY_BYTES", "16"}});
    entry.pilot.walltime = std::chrono::seconds{60};
    CHECK(shape_variables(entry).back().second == "60");
}

}  // namespace tow::batch
