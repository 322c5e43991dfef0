// HTCondor as seen through its commands: what is asked, and what each answer means.
#include "batch/condor.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/ulid.hpp"
#include "fake_transport.hpp"
#include "htcondor/answer.hpp"
#include "record/json.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

using model::PilotState;
using test::FakeTransport;
using test::Script;

constexpr std::string_view kPilot = "01M7YZMHG0RZ4S2RJZ2W4V1B00";

// What condor_release and the like say when nothing matches, or behind any other complaint.
constexpr const char* kNone = "Couldn't find/release all jobs matching constraint (x)";

model::Entry entry() {
    model::Entry entry;
    entry.name = "CE";
    entry.backend = "condor";
    entry.target.set("argv", record::Array{"/bin/pilot"});
    return entry;
}

std::vector<std::string> ids(std::size_t count) {
    std::vector<std::string> result;
    for (std::size_t i = 0; i < count; ++i) {
        result.push_back(base::ulid_after(kPilot, i));
    }
    return result;
}

CondorBackend backend(Script& script, const System& system = {"condor", "", "", ""}) {
    Surroundings surroundings;
    surroundings.state_directory = "/state";
    surroundings.factory = "factory";
    return {system, surroundings, std::make_unique<FakeTransport>(script)};
}

record::Object ad(std::size_t number, std::int64_t status) {
    return {{"AerotowPilotId", base::ulid_after(kPilot, number)},
            {"AerotowEntry", "CE"},
            {"ClusterId", 7},
            {"ProcId", static_cast<std::int64_t>(number)},
            {"JobStatus", status},
            {"QDate", 1'795'290'000}};
}

record::Object with(record::Object ad, std::initializer_list<record::Field> fields) {
    for (const auto& field : fields) {
        ad.set(field.key, field.value);
    }
    return ad;
}

std::string ads(std::initializer_list<record::Object> all) {
    return record::to_json(record::Array(all.begin(), all.end()));
}

std::optional<Seen> seen(const record::Object& ad, Place place = Place::Queue) {
    const record::Document document(record::to_json(ad));
    return read_pilot_ad(document.root(), place);
}

bool are_all(const std::vector<Fate>& fates, Fate::Kind kind) {
    return std::ranges::all_of(fates, [&](const Fate& fate) { return fate.kind == kind; });
}

std::string lab(const std::string& name) {
    return base::read_file(std::string(TOW_TEST_DATA) + "/condor/" + name, 1 << 20);
}

}  // namespace

TEST_CASE("the states of a job") {
    CHECK(seen(ad(0, 1))->state == PilotState::Pending);
    CHECK(seen(ad(0, 2))->state == PilotState::Running);
    CHECK(seen(ad(0, 6))->state == PilotState::Running);
    CHECK(seen(ad(0, 7))->state == PilotState::Running);
    CHECK(seen(ad(0, 3))->state == PilotState::Removing);  // it may run on behind a grid resource
    const auto removed = with(ad(0, 3), {{"RemoveReason", "via condor_rm\n(by user a)"},
                                         {"EnteredCurrentStatus", 1'795'290'100}});
    CHECK(seen(removed, Place::History)->state == PilotState::Failed);
    CHECK(seen(removed, Place::History)->reason == R"(removed: via condor_rm\n(by user a))");
    CHECK(seen(removed, Place::History)->ended_at ==
          base::Time{std::chrono::seconds{1'795'290'100}});
    const auto good = seen(with(ad(0, 4), {{"ExitCode", 0}, {"CompletionDate", 1'795'290'050}}));
    CHECK(good->state == PilotState::Done);
    CHECK(good->exit_code == 0);
    CHECK(good->ended_at == base::Time{std::chrono::seconds{1'795'290'050}});
    CHECK(seen(with(ad(0, 4), {{"ExitCode", 3}}))->state == PilotState::Failed);
    const auto killed = seen(with(ad(0, 4), {{"ExitBySignal", true}, {"ExitSignal", 9}}));
    CHECK(killed->state == PilotState::Failed);
    CHECK(killed->reason == "killed by signal 9");
    CHECK_FALSE(killed->exit_code.has_value());
}

TEST_CASE("a hold is told by its code, what that means, and its words") {
    const auto held = seen(with(
        ad(0, 5),
        {{"HoldReasonCode", 13}, {"HoldReasonSubCode", 2}, {"HoldReason", "no such\x1b file"}}));
    CHECK(held->state == PilotState::Held);
    CHECK(held->hold_code == 13);
    CHECK(held->reason == R"(code 13/2 (input transfer): no such\x1b file)");
    CHECK_FALSE(held->is_on_first_hold());
    CHECK(seen(with(ad(0, 5), {{"HoldReasonCode", 15}}))->is_on_first_hold());
    CHECK(seen(ad(0, 5))->reason == "code 0 (unspecified)");
    CHECK_FALSE(seen(ad(0, 5))->is_on_first_hold());
    CHECK(seen(with(ad(0, 5), {{"HoldReasonCode", 1234}}))->reason == "code 1234");
    CHECK(htcondor::hold_meaning(34) == "memory exceeded");
    CHECK(htcondor::hold_meaning(-1).empty());
}

TEST_CASE("what is no pilot of ours, or makes no sense, is not taken for one") {
    CHECK_FALSE(seen({{"ClusterId", 1}, {"JobStatus", 1}}).has_value());
    CHECK_FALSE(seen(with(ad(0, 1), {{"AerotowPilotId", "x"}})).has_value());
    CHECK_FALSE(seen(with(ad(0, 1), {{"AerotowEntry", "a b"}})).has_value());
    CHECK_FALSE(seen(with(ad(0, 1), {{"JobStatus", "1"}})).has_value());
    const auto odd = seen(with(ad(0, 2), {{"QDate", std::int64_t{9'223'372'036'854'775'807}},
                                          {"JobCurrentStartDate", -5}}));
    CHECK_FALSE(odd->submitted_at.has_value());
    CHECK_FALSE(odd->started_at.has_value());
}

TEST_CASE("jobs of a real queue: each state as HTCondor meant it") {
    std::map<std::int64_t, Seen> late;
    int number = 0;
    htcondor::each_ad(lab("condor_q_late.json"), [&](record::View job) {
        auto object = *job.value().object();
        object.set("AerotowPilotId",
                   base::ulid_after(kPilot, static_cast<std::uint64_t>(++number)));
        object.set("AerotowEntry", "CE");
        late.emplace(*job.find("ClusterId").integer(), *seen(object));
    });
    CHECK(late.size() == 16);
    CHECK(late.at(4).reason->starts_with("code 6/2 (could not execute): "));
    CHECK(late.at(10).hold_code == 47);
    CHECK(late.at(13).state == PilotState::Running);
    CHECK(late.at(19).reason == "its resource has not answered since 2026-11-21T19:49:42Z");
    CHECK(late.at(22).reason == "remote state IDLE");
    CHECK(late.at(25).state == PilotState::Running);
    CHECK(late.at(4).backend_id == "4.0");
}

TEST_CASE("answers of any size are read ad by ad; what is no array of ads is refused") {
    std::string text = "[\n";
    for (int i = 0; i < 3000; ++i) {
        text += std::string(i == 0 ? "" : ",\n") + R"({"A": "}]\"{[\\", "B": ")" +
                std::string(8000, 'x') + "\"}\n";
    }
    int count = 0;
    htcondor::each_ad(text + "]\n", [&](record::View job) {
        CHECK(job.find("A").string() == R"(}]"{[\)");
        ++count;
    });
    CHECK(count == 3000);
    const auto none = [](record::View /*ad*/) { FAIL("there is no ad"); };
    htcondor::each_ad("", none);
    htcondor::each_ad(" \n", none);
    htcondor::each_ad("[\n]\n", none);
    for (const char* bad :
         {"{}", "[", "[1]", "[[]]", "x", "[] x", "[,{}]", R"(["{}"])", "[{\"a\":"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(htcondor::each_ad(bad, none), base::Error);
    }
    for (const char* bad : {"[{}", "[{} {}]", "[{},]", "[{}]]", "[{}] {}"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(htcondor::each_ad(bad, [](record::View /*ad*/) {}), base::Error);
    }
}

TEST_CASE("pilots are submitted on hold, and let go once the answer is known") {
    Script script;
    script.say("condor_submit", 0, "12.0 - 12.2\n");
    const auto fates = backend(script, {"condor", "s@h", "cm:9618", ""}).submit(entry(), ids(3));
    REQUIRE(fates.size() == 3);
    CHECK(are_all(fates, Fate::Kind::Done));
    CHECK(fates[2].backend_id == "12.2");
    REQUIRE(script.commands.size() == 3);
    CHECK(script.commands[0].argv ==
          std::vector<std::string>{"mkdir", "-p", "--", "/state/output/CE"});
    CHECK(script.commands[1].argv == std::vector<std::string>{"condor_submit", "-pool", "cm:9618",
                                                              "-name", "s@h", "-terse", "-"});
    CHECK_THAT(script.commands[1].input, Catch::Contains("\nhold = true\nqueue"));
    const auto& release = script.commands[2].argv;
    CHECK(release.front() == "condor_release");
    CHECK(release.back() ==
          R"(ClusterId >= 12 && ClusterId <= 12 && JobStatus == 5 && HoldReasonCode == 15 && )"
          R"(AerotowFactory == "factory" && member(AerotowPilotId, {"01M7YZMHG0RZ4S2RJZ2W4V1B00",)"
          R"("01M7YZMHG0RZ4S2RJZ2W4V1B01","01M7YZMHG0RZ4S2RJZ2W4V1B02"}))");
}

TEST_CASE("what condor_submit certainly refuses is refused, with its kind") {
    const auto [complaint, kind] = GENERATE(table<std::string, base::Kind>({
        {"ERROR: Failed to connect to local queue manager CEDAR:6001:Failed to connect to <1>",
         base::Kind::Unavailable},
        {"ERROR: Failed to commit job submission into the queue. ERROR: Number of submitted jobs "
         "would exceed MAX_JOBS_SUBMITTED",
         base::Kind::Busy},
        {"ERROR: Can't access executable file /no/such: No such file or directory",
         base::Kind::Config},
        {"ERROR: on Line 2 of <stdin>:  ERROR: Failed to parse command file (line 2).",
         base::Kind::Config},
    }));
    CAPTURE(complaint);
    Script script;
    script.say("condor_submit", 1, "", complaint);
    const auto fates = backend(script).submit(entry(), ids(2));
    REQUIRE(fates.size() == 2);
    CHECK(are_all(fates, Fate::Kind::Refused));
    CHECK(fates[0].error->kind() == kind);
    CHECK(script.of("condor_release").empty());
}

TEST_CASE("an answer that says nothing for certain leaves the fate unknown") {
    Script script;
    SECTION("a failed commit") {
        script.say("condor_submit", 1, "",
                   "ERROR: Failed to commit job submission into the queue.");
    }
    SECTION("success without a number") {
        script.say("condor_submit", 0, "hello\n");
    }
    SECTION("no end") {
        script.fail("condor_submit", base::Kind::Timeout);
    }
    SECTION("a death without words") {
        script.say("condor_submit", 1, "");
    }
    SECTION("not let go: nobody answers") {
        script.say("condor_submit", 0, "12.0 - 12.0\n");
        script.say("condor_release", 1, "",
                   std::string("DCSchedd::actOnJobs:6001:Failed to connect to schedd ") + kNone);
    }
    CHECK_THROWS_AS(backend(script).submit(entry(), ids(1)), base::Error);
}

TEST_CASE("a folder that cannot be made is a refusal: nothing was submitted") {
    Script script;
    script.say("mkdir", 1, "", "mkdir: cannot create directory: Permission denied");
    CHECK(are_all(backend(script).submit(entry(), ids(1)), Fate::Kind::Refused));
    CHECK(script.of("condor_submit").empty());
}

TEST_CASE("a look asks once, and the history only for what the queue does not show") {
    Script script;
    script.say("condor_q", 0, ads({ad(0, 1), ad(1, 2)}));
    CHECK(backend(script).list({}).size() == 2);
    CHECK(script.commands.size() == 1);
    CHECK_THAT(base::join(script.commands[0].argv, " "),
               Catch::StartsWith(R"(condor_q -allusers -constraint AerotowFactory == "factory")"));

    script.say("condor_q", 0, ads({ad(0, 1)}));
    script.say("condor_history", 0, ads({with(ad(1, 4), {{"ExitCode", 0}}), ad(9, 4)}));
    const base::Time sent{std::chrono::seconds{1'000'007'200}};
    const std::vector<Known> expected{{ids(3)[0], "7.0", sent}, {ids(3)[1], "7.1", sent}};
    const auto all = backend(script).list(expected);
    REQUIRE(all.size() == 2);  // a pilot that nobody asked for stays in the history
    CHECK(all[1].state == PilotState::Done);
    const auto history = script.of("condor_history").at(0).argv;
    CHECK(std::ranges::count(history, "EnteredCurrentStatus < 1000003600") == 1);
}

TEST_CASE("a look that fails, or half of one, is an error and not an empty queue") {
    Script script;
    base::Kind kind = base::Kind::Unavailable;
    SECTION("no schedd") {
        script.say("condor_q", 1, "", "-- Failed to fetch ads from: <127.0.0.1:1>");
    }
    SECTION("no permission") {
        script.say("condor_q", 1, "", "SECMAN:2010:Received \"DENIED\" from server");
        kind = base::Kind::Permission;
    }
    SECTION("no way to say who we are") {
        script.say("condor_q", 1, "", "SECMAN:2005:Protocol Error: No auth methods.");
        kind = base::Kind::Permission;
    }
    SECTION("no history") {
        script.say("condor_q", 0, "");
        script.say("condor_history", 1, "", "Error opening history file");
    }
    SECTION("half an answer") {
        script.say("condor_q", 0, "[\n{\"ClusterId\": 1");
        kind = base::Kind::Data;
    }
    const std::vector<Known> expected{{ids(1)[0], "7.0", {}}};
    try {
        backend(script).list(expected);
        FAIL("it is an error");
    } catch (const base::Error& error) {
        CHECK(error.kind() == kind);
    }
}

TEST_CASE("cancel: what matches nothing is done, what nobody did is not") {
    Script script;
    const std::vector<Known> pilots{{ids(2)[0], "7.0", {}}, {ids(2)[1], "9.4", {}}};
    SECTION("it has ended already") {
        script.say("condor_rm", 1, "", kNone);
        CHECK(are_all(backend(script).cancel(pilots), Fate::Kind::Done));
        CHECK_THAT(script.commands[0].argv.back(),
                   Catch::StartsWith("ClusterId >= 7 && ClusterId <= 9 && JobStatus != 3 && "));
    }
    SECTION("the schedd is down") {
        script.say("condor_rm", 1, "",
                   std::string("DCSchedd::actOnJobs:6001:Failed to connect to schedd ") + kNone);
        CHECK_THROWS_WITH(backend(script).cancel(pilots), Catch::Contains("Failed to connect"));
    }
    SECTION("it does not trust us") {
        script.say("condor_rm", 1, "",
                   std::string("SECMAN:2005:Protocol Error: No auth methods. ") + kNone);
        CHECK_THROWS_AS(backend(script).cancel(pilots), base::Error);
    }
    SECTION("many are named in several calls") {
        std::vector<Known> many;
        for (const auto& id : ids(1001)) {
            many.push_back({id, "", {}});
        }
        CHECK(backend(script).cancel(many).size() == 1001);
        CHECK(script.commands.size() == 3);
    }
}

TEST_CASE("settle lets go those on their first hold, and no others") {
    Script script;
    script.say(
        "condor_q", 0,
        ads({with(ad(0, 5), {{"HoldReasonCode", 15}}), with(ad(1, 5), {{"HoldReasonCode", 3}}),
             ad(2, 2), with(ad(5, 5), {{"HoldReasonCode", 15}})}));
    const auto existing = backend(script).settle(ids(4));
    REQUIRE(existing.size() == 3);
    CHECK(existing[0].state == PilotState::Pending);
    CHECK_FALSE(existing[0].hold_code.has_value());
    CHECK(existing[1].state == PilotState::Held);
    CHECK(script.of("condor_history").size() == 1);
    const auto releases = script.of("condor_release");
    REQUIRE(releases.size() == 1);
    CHECK_THAT(releases[0].argv.back(), Catch::Contains(ids(6)[0]) && !Catch::Contains(ids(6)[1]) &&
                                            !Catch::Contains(ids(6)[5]));
}

TEST_CASE("settle that cannot let go is an error: they stay intended") {
    Script script;
    script.say("condor_q", 0, ads({with(ad(0, 5), {{"HoldReasonCode", 15}})}));
    script.say("condor_release", 1, "",
               std::string("DCSchedd::actOnJobs:6001:Failed to connect to schedd ") + kNone);
    CHECK_THROWS_AS(backend(script).settle(ids(1)), base::Error);
}

}  // namespace tow::batch
