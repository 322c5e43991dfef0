#include "pipeline/stages.hpp"

#include "base/error.hpp"

#include <cerrno>

#include <catch2/catch.hpp>

namespace tow::pipeline {

TEST_CASE("words become stages, and stages become commands") {
    const auto stages = parse_stages({"a", "x", ";", "b", "|", "c", "[d,e]", "|", "f"});
    CHECK(stages == std::vector<Stage>{{{"a", "x"}, {"b"}}, {{"c", "[d,e]"}}, {{"f"}}});
    CHECK(parse_stages({"a"}) == std::vector<Stage>{{{"a"}}});
    CHECK(parse_stages({"a", "||", ";;", "a|b", ""}) ==
          std::vector<Stage>{{{"a", "||", ";;", "a|b", ""}}});
}

TEST_CASE("an empty command is refused") {
    using Words = std::vector<std::string>;
    for (const auto& words : {Words{}, Words{"|", "a"}, Words{"a", "|"}, Words{"a", ";"},
                              Words{"a", "|", ";", "b"}, Words{";"}}) {
        CHECK_THROWS_AS(parse_stages(words), base::Error);
    }
}

TEST_CASE("a name can be part of a file name") {
    for (const auto* good : {"a", "cycle", "T2_CH.daily-1", "0"}) {
        CHECK(name_problem(good).empty());
    }
    for (const auto* bad : {"", ".", "..", ".a", "-a", "a/b", "a b", "a\n", "\xC3\xA4"}) {
        CHECK_FALSE(name_problem(bad).empty());
    }
    CHECK(name_problem(std::string(64, 'a')).empty());
    CHECK_FALSE(name_problem(std::string(65, 'a')).empty());
}

TEST_CASE("a program is looked for as execvp does") {
    CHECK(program_obstacle("sh") == 0);
    CHECK(program_obstacle("/bin/sh") == 0);
    CHECK(program_obstacle("no-such-program") == ENOENT);
    CHECK(program_obstacle("/no/such/program") == ENOENT);
    CHECK(program_obstacle("") == ENOENT);
    CHECK(program_obstacle("/etc/passwd") == EACCES);
    CHECK(program_obstacle("/bin") == EACCES);
}

}  // namespace tow::pipeline
