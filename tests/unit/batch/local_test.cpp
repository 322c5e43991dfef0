// The local backend on real processes.
#include "batch/local.hpp"

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/ulid.hpp"
#include "batch/local_watcher.hpp"
#include "scratch.hpp"

#include <algorithm>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

using model::PilotState;

model::Entry entry_running(std::vector<std::string> argv) {
    model::Entry entry;
    entry.name = "HERE";
    entry.backend = "local";
    entry.target.set("argv", record::Array(argv.begin(), argv.end()));
    return entry;
}

std::vector<std::string> ids(std::size_t count) {
    std::vector<std::string> result(count);
    for (std::size_t i = 0; i < count; ++i) {
        result[i] = base::make_ulid(1, std::to_string(i));
    }
    return result;
}

// Waits for the condition; the pilots here live for a moment only.
bool soon(const auto& condition) {
    for (int i = 0; i < 1000; ++i) {
        if (condition()) {
            return true;
        }
        ::poll(nullptr, 0, 10);
    }
    return false;
}

std::vector<Known> known(std::size_t count) {
    std::vector<Known> result;
    for (auto& id : ids(count)) {
        result.push_back({std::move(id), "", {}});
    }
    return result;
}

Seen only_pilot(LocalBackend& backend) {
    const auto all = backend.list({});
    REQUIRE(all.size() == 1);
    return all[0];
}

bool ended(LocalBackend& backend) {
    return std::ranges::all_of(backend.list({}),
                               [](const Seen& seen) { return model::has_ended(seen.state); });
}

}  // namespace

TEST_CASE("a pilot runs in its own folder and session, knows who it is, and its end is told") {
    const test::Scratch scratch;
    LocalBackend backend(scratch.path());
    auto entry = entry_running({"sh", "-c",
                                "echo $AEROTOW_PILOT_ID $AEROTOW_ENTRY $COLOUR; ps -o sid= -p $$ | "
                                "tr -d ' '; pwd; exit 3"});
    entry.target.set("environment", record::Object{{"COLOUR", "deep blue"}});
    const auto pilots = ids(1);
    const auto fates = backend.submit(entry, pilots);
    REQUIRE(fates.at(0).kind == Fate::Kind::Done);
    REQUIRE(soon([&] { return ended(backend); }));
    const auto seen = only_pilot(backend);
    CHECK(seen.state == PilotState::Failed);
    CHECK(seen.exit_code == 3);
    CHECK(seen.entry == "HERE");
    CHECK(seen.backend_id == fates[0].backend_id);
    CHECK(seen.ended_at.has_value());
    const auto folder = scratch.path() + "/" + pilots[0];
    CHECK(base::read_file(folder + "/out", 1000) ==
          pilots[0] + " HERE deep blue\n" + seen.backend_id + "\n" + folder + "/work\n");
}

TEST_CASE("arguments reach a pilot unchanged") {
    const test::Scratch scratch;
    LocalBackend backend(scratch.path());
    const std::string nasty = "a b\"c'd$(touch x)`y`\n;|&>*";
    backend.submit(entry_running({"printf", "%s", nasty}), ids(1));
    REQUIRE(soon([&] { return ended(backend); }));
    CHECK(only_pilot(backend).state == PilotState::Done);
    CHECK(base::read_file(scratch.path() + "/" + ids(1)[0] + "/out", 1000) == nasty);
}

TEST_CASE("an id is started once, whatever is asked") {
    const test::Scratch scratch;
    LocalBackend backend(scratch.path());
    const auto entry = entry_running({"sh", "-c", "echo started"});
    CHECK(backend.submit(entry, ids(1)).at(0).kind == Fate::Kind::Done);
    CHECK(backend.submit(entry, ids(1)).at(0).kind == Fate::Kind::Refused);
    REQUIRE(soon([&] { return ended(backend); }));
    CHECK(backend.submit(entry, ids(1)).at(0).kind == Fate::Kind::Refused);
    CHECK(base::read_file(scratch.path() + "/" + ids(1)[0] + "/out", 1000) == "started\n");
}

TEST_CASE("a command that cannot be executed is refused with the reason") {
    const test::Scratch scratch;
    LocalBackend backend(scratch.path());
    const auto fates = backend.submit(entry_running({"/no/such/pilot"}), ids(1));
    CHECK(fates.at(0).kind == Fate::Kind::Refused);
    CHECK(std::string(fates[0].error->what()) == "/no/such/pilot: No such file or directory");
    CHECK_THROWS_WITH(backend.check(entry_running({})), Catch::Contains("target.argv"));
}

TEST_CASE("cancel ends a pilot gently, and by force when it does not listen") {
    const test::Scratch scratch;
    LocalBackend backend(scratch.path());
    auto entry =
        entry_running({"sh", "-c", "trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done"});
    entry.target.set("grace_seconds", 1);
    backend.submit(entry, ids(1));
    CHECK(only_pilot(backend).state == PilotState::Running);
    ::poll(nullptr, 0, 100);
    CHECK(backend.cancel(known(1)).at(0).kind == Fate::Kind::Done);
    REQUIRE(soon([&] { return ended(backend); }));
    CHECK(only_pilot(backend).reason == "removed");
    CHECK(only_pilot(backend).exit_code == 0);
    CHECK(backend.cancel(known(1)).at(0).kind == Fate::Kind::Done);  // it has ended: nothing to do

    const test::Scratch other;
    LocalBackend deaf(other.path());
    entry.target.set("argv",
                     record::Array{"sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"});
    deaf.submit(entry, ids(1));
    ::poll(nullptr, 0, 100);
    deaf.cancel(known(1));
    REQUIRE(soon([&] { return ended(deaf); }));
    CHECK(only_pilot(deaf).state == PilotState::Failed);
}

TEST_CASE("the wall time is enforced") {
    const test::Scratch scratch;
    LocalBackend backend(scratch.path());
    auto entry = entry_running({"sleep", "100"});
    entry.pilot.walltime = std::chrono::seconds{1};
    backend.submit(entry, ids(1));
    CHECK(only_pilot(backend).expires_at.has_value());
    REQUIRE(soon([&] { return ended(backend); }));
    CHECK(only_pilot(backend).reason == "walltime");
}

TEST_CASE("a pilot whose watcher was killed has failed, and its number is not mistaken") {
    const test::Scratch scratch;
    LocalBackend backend(scratch.path());
    backend.submit(entry_running({"sleep", "100"}), ids(1));
    const auto watcher = static_cast<pid_t>(std::stol(only_pilot(backend).backend_id));
    ::kill(watcher, SIGKILL);
    REQUIRE(soon([&] { return ended(backend); }));
    CHECK(only_pilot(backend).state == PilotState::Failed);
    CHECK(identify(::getpid())->start_ticks != identify(1)->start_ticks);
    base::run_command({"pkill", "-KILL", "-s", std::to_string(watcher)}, 100);
}

TEST_CASE("settle tells who exists, and forbids the others for ever") {
    const test::Scratch scratch;
    LocalBackend backend(scratch.path());
    const auto all = ids(3);
    const auto entry = entry_running({"true"});
    backend.submit(entry, std::span(all).first(1));
    const auto existing = backend.settle(all);
    REQUIRE(existing.size() == 1);
    CHECK(existing[0].pilot == all[0]);
    CHECK(backend.submit(entry, std::span(all).last(2)).at(0).kind == Fate::Kind::Refused);
    CHECK(backend.list({}).size() == 1);
}

}  // namespace tow::batch
