#include "base/command_pool.hpp"

#include "base/file.hpp"

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/core.h>

namespace tow::base {

namespace {

using std::chrono::milliseconds;

std::string text_of(const CommandEnd& end) {
    std::string text;
    std::array<char, 4096> buffer{};
    while (const auto count = read_some(end.output.get(), buffer)) {
        text.append(buffer.data(), count);
    }
    return text;
}

std::string summary(const CommandEnd& end) {
    return end.error ? std::string(kind_name(end.error->kind()))
                     : fmt::format("{} {} {}", end.status.code, text_of(end), end.complaint);
}

// How each of these shell scripts ended.
std::vector<std::string> run(const std::vector<std::string>& scripts, milliseconds deadline,
                             std::int64_t most = 1'000'000) {
    std::vector<std::string> ends(scripts.size(), "never");
    CommandPool pool;
    for (std::size_t i = 0; i < scripts.size(); ++i) {
        pool.add({{"sh", "-c", scripts[i]}}, {static_cast<std::size_t>(most), deadline},
                 [&ends, i](const CommandEnd& end) { ends[i] = summary(end); });
    }
    pool.run();
    return ends;
}

}  // namespace

TEST_CASE("Commands run at once, and each ends in its own way") {
    const auto begin = std::chrono::steady_clock::now();
    const auto ends = run({"sleep 0.2; echo one", "sleep 0.2; echo why >&2; exit 3", "sleep 100",
                           "exec 1>&-; sleep 100", "echo four"},
                          milliseconds{500});
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(ends ==
          std::vector<std::string>{"0 one\n ", "3  why", "timeout", "timeout", "0 four\n "});
    CHECK(took < milliseconds{900});  // one after the other would take longer
}

TEST_CASE("More commands than may run at once all get their turn") {
    constexpr int kMany = 120;
    std::vector<std::string> scripts;
    scripts.reserve(kMany);
    for (int i = 0; i < kMany; ++i) {
        scripts.push_back(fmt::format("echo {}", i));
    }
    const auto ends = run(scripts, milliseconds{20'000});
    for (std::size_t i = 0; i < ends.size(); ++i) {
        REQUIRE(ends[i] == fmt::format("0 {}\n ", i));
    }
}

TEST_CASE("A command that prints without end is stopped, one that does not exist fails") {
    CHECK(run({"yes", "echo fine"}, milliseconds{20'000}, 200'000) ==
          std::vector<std::string>{"data", "0 fine\n "});
    CommandPool pool;
    std::string end;
    pool.add({{"/no/such/command"}, {}}, {1, milliseconds{1000}},
             [&](const CommandEnd& ended) { end = summary(ended); });
    pool.run();
    CHECK(end == "unavailable");
}

TEST_CASE("What ends may add what comes next") {
    CommandPool pool;
    std::string seen;
    pool.add({{"echo", "first"}, {}}, {100, milliseconds{5000}}, [&](const CommandEnd& first) {
        seen += text_of(first);
        pool.add({{"sh", "-c", "echo second $WORD"}, {"WORD=here"}}, {100, milliseconds{5000}},
                 [&](const CommandEnd& second) { seen += text_of(second); });
    });
    pool.run();
    CHECK(seen == "first\nsecond here\n");
}

TEST_CASE("A variable without a value is taken away") {
    CommandPool pool;
    std::string seen;
    pool.add({{"sh", "-c", "echo ${HOME-gone}"}, {"HOME"}}, {100, milliseconds{5000}},
             [&](const CommandEnd& end) { seen = text_of(end); });
    pool.run();
    CHECK(seen == "gone\n");
}

}  // namespace tow::base
