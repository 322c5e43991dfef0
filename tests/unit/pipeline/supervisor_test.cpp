#include "pipeline/supervisor.hpp"

#include "pipeline/report.hpp"

#include <algorithm>
#include <chrono>

#include <catch2/catch.hpp>

namespace tow::pipeline {

namespace {

using namespace std::chrono_literals;
using enum model::RunState;

struct Seen {
    Outcome outcome;
    std::string output;
    std::string errors;
};

Seen run(const std::vector<std::string>& words, Limits limits = {}) {
    Seen seen;
    seen.outcome = supervise(parse_stages(words), limits,
                             {[&](std::string_view text) { seen.output += text; },
                              [&](std::string_view text) { seen.errors += text; }});
    return seen;
}

std::vector<std::string> shell(const std::string& script) {
    return {"sh", "-c", script};
}

}  // namespace

TEST_CASE("stages are connected, and the output of the last one comes out") {
    const auto seen = run({"echo", "hi", "|", "tr", "a-z", "A-Z", "|", "cat"});
    CHECK(seen.output == "HI\n");
    CHECK(seen.outcome.exit_code == 0);
    CHECK(seen.outcome.state == Done);
    CHECK_FALSE(seen.outcome.failed);
    CHECK(seen.outcome.commands.size() == 3);
}

TEST_CASE("the commands of a stage follow each other, whatever became of the one before") {
    const auto seen = run({"false", ";", "echo", "1", ";", "echo", "2", "|", "cat"});
    CHECK(seen.output == "1\n2\n");
    CHECK(seen.outcome.exit_code == 1);
    CHECK(seen.outcome.failed == 0U);
    CHECK(seen.outcome.commands[2].stage == 1);
    CHECK(seen.outcome.commands[3].stage == 2);
    CHECK(run({"sh", "-c", "echo a; echo b", "|", "sh", "-c", "read x; echo $x", ";", "cat"})
              .output == "a\nb\n");
}

TEST_CASE("the exit code is that of the last command that failed") {
    CHECK(run({"sh", "-c", "exit 3", "|", "sh", "-c", "exit 4", "|", "cat"}).outcome.exit_code ==
          4);
    CHECK(run({"sh", "-c", "exit 3", "|", "true"}).outcome.exit_code == 3);
    CHECK(run(shell("kill -9 $$")).outcome.exit_code == 137);
    CHECK(run({"yes", "|", "head", "-n", "1"}).outcome.exit_code == 0);
    CHECK(run(shell("kill -PIPE $$")).outcome.exit_code == 141);
}

TEST_CASE("a command that is not there keeps the others from starting") {
    const auto seen = run({"echo", "hi", "|", "no-such-command", "|", "cat"});
    CHECK(seen.outcome.exit_code == 127);
    CHECK(seen.outcome.failed == 1U);
    CHECK_FALSE(seen.outcome.commands[0].exit_code);
    CHECK(seen.outcome.last_words[1] == "no-such-command: No such file or directory");
}

TEST_CASE("standard error comes in whole lines, and its end is remembered for each command") {
    const auto seen =
        run({"sh", "-c", "printf one >&2", ";", "sh", "-c", "echo two >&2; printf three >&2"});
    CHECK(seen.errors == "one\ntwo\nthree\n");
    CHECK(seen.outcome.last_words == std::vector<std::string>{"one", "two\nthree"});
    const auto much = run(shell("yes | head -c 1000000 | tr -d '\\n' >&2; echo end >&2"));
    CHECK(much.errors.size() > 500'000);
    CHECK(much.outcome.last_words[0].size() <= 4096);
    CHECK(much.outcome.last_words[0].ends_with("end\n"));
}

TEST_CASE("the deadline ends what listens and what does not") {
    const auto begin = std::chrono::steady_clock::now();
    const auto seen = run(
        {"sleep", "60", "|", "sh", "-c", "trap '' TERM; sleep 60; sleep 60", ";", "echo", "never"},
        {.deadline = 50ms, .kill_after = 100ms});
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    CHECK(seen.outcome.state == Timeout);
    CHECK(seen.outcome.exit_code == 124);
    CHECK(seen.outcome.commands[0].signal == 15);
    CHECK(seen.outcome.commands[1].signal == 9);
    CHECK_FALSE(seen.outcome.commands[2].exit_code);
    CHECK(seen.output.empty());
}

TEST_CASE("the deadline reaches a command that has left the process group") {
    const auto begin = std::chrono::steady_clock::now();
    const auto seen = run({"timeout", "60", "sleep", "60"}, {.deadline = 200ms});
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    CHECK(seen.outcome.state == Timeout);
}

TEST_CASE("endless output does not hold up the deadline") {
    const auto seen = run({"yes"}, {.deadline = 100ms, .kill_after = 1s});
    CHECK(seen.outcome.state == Timeout);
    CHECK(seen.output.size() > 65536);
}

TEST_CASE("what a command leaves behind does not hold up the end") {
    const auto begin = std::chrono::steady_clock::now();
    CHECK(run(shell("sleep 60 & echo done")).output == "done\n");
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("the ends of commands have the names of the field") {
    const auto words = [](std::optional<std::int64_t> code, std::optional<std::int64_t> signal) {
        return describe_end({1, "a", code, signal, {}});
    };
    CHECK(words(0, {}) == "exit code 0");
    CHECK(words(1, {}) == "exit code 1");
    CHECK(words(69, {}) == "exit code 69 (UNAVAILABLE)");
    CHECK(words(127, {}) == "exit code 127 (not found)");
    CHECK(words({}, 9) == "killed by signal 9 (KILL)");
    CHECK(words({}, 255) == "killed by signal 255");
    CHECK(words({}, {}) == "not started");
}

}  // namespace tow::pipeline
