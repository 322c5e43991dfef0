#include "pilotlog/gathering.hpp"

#include <map>
#include <string>

#include <catch2/catch.hpp>

namespace pilotlog = tow::pilotlog;
namespace model = tow::model;
using model::PilotOutcome;

namespace {

const pilotlog::LogClock kClock{tow::base::Time{std::chrono::seconds{1'795'300'000}}, {}};

std::map<std::string, model::PilotLog> read(const std::vector<std::string>& paths) {
    pilotlog::Gathering gathering(kClock);
    for (const auto& path : paths) {
        gathering.add(std::string(TOW_TEST_DATA) + "/logs/" + path);
    }
    const pilotlog::Taxonomy taxonomy;
    std::map<std::string, model::PilotLog> logs;
    gathering.judge_all(taxonomy, true, [&](const model::PilotLog& log) {
        logs[log.backend_id.value_or(log.pilot.value_or(""))] = log;
    });
    CHECK(gathering.damage().empty());
    return logs;
}

void check(const model::PilotLog& log, PilotOutcome outcome, const std::string& cause) {
    CHECK(model::outcome_name(log.outcome) == model::outcome_name(outcome));
    CHECK(log.cause.value_or("") == cause);
}

}  // namespace

TEST_CASE("every job of the real run has its outcome") {
    const auto logs = read({"run/eventlog_iso_utc.log"});
    CHECK(logs.size() == 31);
    const std::map<std::string, std::pair<PilotOutcome, std::string>> expected{
        {"1.0", {PilotOutcome::Ok, ""}},
        {"2.0", {PilotOutcome::Failed, "end.failed"}},
        {"3.0", {PilotOutcome::Failed, "end.failed"}},
        {"4.0", {PilotOutcome::Held, "hold.execute"}},
        {"5.0", {PilotOutcome::Held, "file.input"}},
        {"6.0", {PilotOutcome::Held, "file.output"}},
        {"7.0", {PilotOutcome::Held, "hold.policy"}},
        {"8.0", {PilotOutcome::Held, "hold.policy"}},
        {"9.0", {PilotOutcome::Removed, ""}},
        {"10.0", {PilotOutcome::TimeLimit, "hold.duration"}},
        {"11.0", {PilotOutcome::TimeLimit, "hold.duration"}},
        {"12.0", {PilotOutcome::Ok, ""}},
        {"13.0", {PilotOutcome::Removed, ""}},  // it had been released
        {"14.0", {PilotOutcome::Ok, ""}},
        {"15.0", {PilotOutcome::Ok, ""}},
        {"16.0", {PilotOutcome::Ok, ""}},
        {"17.0", {PilotOutcome::Ok, ""}},
        {"17.3", {PilotOutcome::Ok, ""}},
        {"18.0", {PilotOutcome::Unproven, "end.unproven"}},
        {"19.0", {PilotOutcome::NeverStarted, "ce.down"}},
        {"20.0", {PilotOutcome::Unproven, "end.unproven"}},
        {"21.0", {PilotOutcome::NeverStarted, "batch.bad_queue"}},
        {"22.0", {PilotOutcome::NeverStarted, ""}},
        {"25.0", {PilotOutcome::Removed, ""}},
        {"26.0", {PilotOutcome::NeverStarted, "ce.down"}},
        {"27.0", {PilotOutcome::CredentialFailed, "cred.missing"}},
        {"28.0", {PilotOutcome::NeverStarted, "ce.down"}},
    };
    for (const auto& [id, outcome] : expected) {
        INFO(id);
        REQUIRE(logs.contains(id));
        check(logs.at(id), outcome.first, outcome.second);
    }
}

TEST_CASE("a queue in which a dead CE is only idle") {
    const auto logs = read({"run/condor_q_end.json"});
    CHECK(logs.size() == 14);
    check(logs.at("19.0"), PilotOutcome::NeverStarted, "ce.down");
    check(logs.at("26.0"), PilotOutcome::NeverStarted, "ce.down");
    check(logs.at("28.0"), PilotOutcome::NeverStarted, "ce.down");
    check(logs.at("24.0"), PilotOutcome::Waiting, "");
    check(logs.at("25.0"), PilotOutcome::Running, "");
}

TEST_CASE("what HTCondor calls completed with 0, Slurm knows better") {
    for (const auto* accounting : {"endings/sacct.psv", "endings/sacct.json"}) {
        std::vector<std::string> paths{"endings/pilots.log", "endings/condor_history.json",
                                       accounting};
        for (const auto* name : {"ok", "fail", "short", "cancel", "timeout"}) {
            paths.push_back(std::string("endings/") + name + ".out");
            paths.push_back(std::string("endings/") + name + ".err");
        }
        const auto logs = read(paths);
        CHECK(logs.size() == 5);
        check(logs.at("1.0"), PilotOutcome::Ok, "");
        check(logs.at("2.0"), PilotOutcome::Failed, "end.failed");
        check(logs.at("3.0"), PilotOutcome::Killed, "batch.cancelled");
        check(logs.at("4.0"), PilotOutcome::TimeLimit, "batch.time_limit");
        check(logs.at("5.0"), PilotOutcome::Ok, "");
        CHECK(logs.at("3.0").exit_code == 0);
        CHECK(logs.at("3.0").wall_seconds == 31);  // HTCondor says 63
        CHECK(logs.at("5.0").wall_seconds == 2);   // and here 0
    }
}

TEST_CASE("without accounting, the missing closing line tells") {
    const auto logs = read({"endings/condor_history.json", "endings/ok.out", "endings/cancel.out",
                            "endings/timeout.out"});
    check(logs.at("1.0"), PilotOutcome::Ok, "");
    check(logs.at("3.0"), PilotOutcome::Killed, "end.killed");
    check(logs.at("4.0"), PilotOutcome::Killed, "end.killed");
}

TEST_CASE("pilots that exit with 0 and were never in the pool") {
    const auto logs = read({"pilots"});
    check(logs.at("good"), PilotOutcome::NoWork, "run.unclaimed");
    check(logs.at("expired"), PilotOutcome::NeverConnected, "reg.auth");
    check(logs.at("unreach"), PilotOutcome::NeverConnected, "reg.unreachable");
}

TEST_CASE("Slurm's accounting, as text and as JSON") {
    for (const auto* name : {"slurm/sacct.psv", "slurm/sacct_22.05.json"}) {
        INFO(name);
        const auto logs = read({name});
        CHECK(logs.size() == 26);
        check(logs.at("18"), PilotOutcome::Ok, "");
        check(logs.at("19"), PilotOutcome::Failed, "end.failed");
        check(logs.at("20"), PilotOutcome::Killed, "end.signal");
        check(logs.at("21"), PilotOutcome::TimeLimit, "batch.time_limit");
        check(logs.at("31"), PilotOutcome::Killed, "batch.cancelled");
        check(logs.at("13"), PilotOutcome::NeverStarted, "");  // cancelled while it waited
        check(logs.at("7"), PilotOutcome::Failed, "end.failed");
        CHECK(logs.at("21").wall_seconds == 66);
    }
}

TEST_CASE("standard error alone") {
    const auto logs = read(
        {"slurm/pilot_timeout.21.err", "slurm/pilot_cancel.31.err", "slurm/pilot_multi.24.err"});
    check(logs.at("pilot_timeout.21"), PilotOutcome::TimeLimit, "batch.time_limit");
    check(logs.at("pilot_cancel.31"), PilotOutcome::Killed, "batch.cancelled");
    check(logs.at("pilot_multi.24"), PilotOutcome::Killed, "batch.cancelled");
}

TEST_CASE("a glidein of eight cores: its life, its jobs, its waste") {
    const auto logs = read({"glidein"});
    const auto& log = logs.at("17.0");
    check(log, PilotOutcome::Ok, "");
    CHECK(log.entry == "EXAMPLE_ce1");
    CHECK(log.node == "wn7.example.org");
    CHECK(log.cores == 8);
    CHECK(log.claims == 16);
    CHECK(log.jobs_run == 16);
    CHECK(log.wall_seconds == 3700);
    CHECK(tow::base::format_time(log.first_job_at.value()) == "2026-11-21T10:01:20Z");
    CHECK(tow::base::format_time(log.retired_at.value()) == "2026-11-21T11:00:00Z");
    CHECK(log.waste.validation_ratio.value() == Approx(60.0 / 3700));
    CHECK(log.waste.idle_ratio.value() == Approx(720.0 / 3600));
    CHECK(log.waste.nosuccess_ratio.value() == Approx(720.0 / 2880));
    CHECK(log.waste.badput_ratio.value() == Approx((3700.0 - 2880) / 3700));
    CHECK(log.wasted_core_seconds == 8 * (3700 - 2160));
    REQUIRE(log.files.size() == 2);
    CHECK(log.files[0].logs == std::vector<std::string>{"StartdLog", "StarterLog.slot1_1"});
}

TEST_CASE("glideins that fail: validation, a cut, no jobs") {
    const auto logs = read({"glidein"});
    check(logs.at("17.1"), PilotOutcome::ValidationFailed, "val.cvmfs");
    CHECK(logs.at("17.1").waste.validation_ratio == 1.0);
    check(logs.at("17.2"), PilotOutcome::Killed, "end.killed");
    REQUIRE(logs.at("17.2").damage.size() == 1);
    CHECK(logs.at("17.2").damage[0] == "job.17.2.err: StartdLog is cut");
    check(logs.at("17.3"), PilotOutcome::NoWork, "run.no_jobs");
    CHECK(logs.at("17.3").waste.idle_ratio == 1.0);
}

TEST_CASE("a pilot of ours, with a torn line") {
    pilotlog::Gathering gathering(kClock);
    gathering.add(std::string(TOW_TEST_DATA) + "/logs/glidein/own.out");
    const pilotlog::Taxonomy taxonomy;
    model::PilotLog log;
    gathering.judge_all(taxonomy, true, [&](const model::PilotLog& one) { log = one; });
    check(log, PilotOutcome::Ok, "");
    CHECK(log.pilot == "01M7YZMHG0RZ4S2RJZ2W4V1B0C");
    CHECK(log.entry == "SLURM");
    CHECK(log.cores == 2);
    CHECK(log.jobs_run == 2);
    CHECK(log.jobs_good == 1);
    CHECK(log.damage.size() == 1);
    CHECK(log.waste.validation_ratio.value() == Approx(3.0 / 62));
    CHECK(log.waste.idle_ratio.value() == Approx(1 - 19.0 / 59));
}

TEST_CASE("every cause knows its examples, and is the first to know one of them") {
    const pilotlog::Taxonomy taxonomy;
    CHECK(taxonomy.rules().size() > 50);
    for (const auto& rule : taxonomy.rules()) {
        INFO(rule.name);
        CHECK((!rule.examples.empty() || !rule.codes.empty()));
        CHECK(!rule.advice.empty());
        bool is_first = rule.examples.empty();
        for (const auto& example : rule.examples) {
            CHECK(pilotlog::Taxonomy::knows(rule, example));
            for (int place = 0; place < 9; ++place) {
                is_first = is_first ||
                           taxonomy.classify(static_cast<pilotlog::Place>(place), example) == &rule;
            }
        }
        CHECK(is_first);
    }
}
