#include "base/process.hpp"

#include "base/error.hpp"

#include <signal.h>

#include <catch2/catch.hpp>

namespace tow::base {

TEST_CASE("arguments reach a command unchanged, whatever they hold") {
    const std::string nasty = "a b\"c'd$(touch x)`y`\n;|&>*";
    CHECK(run_command({"printf", "%s", nasty}, 1000) == nasty);
}

TEST_CASE("a failing command is reported with its own words") {
    CHECK_THROWS_WITH(run_command({"sh", "-c", "echo 'no such schedd' >&2; exit 3"}, 1000),
                      Catch::Contains("exit code 3: no such schedd"));
    CHECK_THROWS_WITH(run_command({"tow-no-such-command"}, 1000),
                      Catch::Contains("No such file or directory"));
}

TEST_CASE("output past the limit is refused") {
    CHECK_THROWS_AS(run_command({"yes"}, 100'000), Error);
}

TEST_CASE("a command that complains at length does not block") {
    CHECK(run_command({"sh", "-c", "yes complaint | head -c 1000000 >&2; echo done"}, 100) ==
          "done\n");
}

TEST_CASE("the end of a child is told, and leaving kills its whole group") {
    Child child({"sh", "-c", "kill -9 $$"});
    CHECK(child.wait().describe() == "killed by signal 9");
    pid_t grandchild = 0;
    {
        const Child parent({"sh", "-c", "sleep 100 & echo $!; wait"});
        std::array<char, 32> text{};
        read_some(parent.output(), text);
        grandchild = static_cast<pid_t>(std::stol(text.data()));
        REQUIRE(::kill(grandchild, 0) == 0);
    }
    for (int i = 0; i < 200 && ::kill(grandchild, 0) == 0; ++i) {  // init may reap it late
        const auto state =
            run_command({"sh", "-c", "ps -o stat= -p " + std::to_string(grandchild) + " || :"}, 99);
        if (state.empty() || state.front() == 'Z') {
            return;
        }
    }
    CHECK(::kill(grandchild, 0) != 0);
}

TEST_CASE("a command gets its input and its environment, and is told of to its end") {
    const auto done = run_to_end({{"sh", "-c", "cat; echo \"$GREETING\"; echo no >&2; exit 255"},
                                  {"GREETING=good day"},
                                  "in\n"},
                                 {1000, std::chrono::seconds{60}});
    CHECK(done.output == "in\ngood day\n");
    CHECK(done.complaint == "no");
    CHECK(done.status.code == 255);
    CHECK_FALSE(done.status.ok());
    CHECK(run_to_end({{"cat"}}, {1000, {}}).output.empty());
    const std::string large(1 << 20, 'x');
    CHECK(run_to_end({{"cat"}, {}, large}, {2 << 20, {}}).output == large);
}

TEST_CASE("a command that takes too long is ended with all it started") {
    const auto begin = std::chrono::steady_clock::now();
    try {
        run_to_end({{"sh", "-c", "sleep 100 & sleep 100"}}, {1000, std::chrono::milliseconds{200}});
        FAIL("it is too long");
    } catch (const Error& error) {
        CHECK(error.kind() == Kind::Timeout);
        CHECK(std::string(error.what()) == "sh: no end after 1 s");
    }
    // It may also close its output and go on.
    CHECK_THROWS_AS(run_to_end({{"sh", "-c", "exec >&- 2>&-; sleep 100"}},
                               {1000, std::chrono::milliseconds{200}}),
                    Error);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{30});
}

TEST_CASE("a quoted command can be pasted into a shell") {
    const std::vector<std::string> argv{"condor_q", "-constraint", "Owner == \"o'brien\"", ""};
    CHECK(shell_quoted(argv) == R"(condor_q -constraint 'Owner == "o'\''brien"' '')");
}

}  // namespace tow::base
