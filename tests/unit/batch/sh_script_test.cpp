#include "batch/sh_script.hpp"

#include "base/error.hpp"

#include <numeric>

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

std::string every_byte() {
    std::string bytes(255, '\0');
    std::iota(bytes.begin(), bytes.end(), '\1');
    return bytes;
}

// As the far side would: a shell reads the script.
std::string run_by(const std::string& shell, const ShScript& script) {
    return base::run_to_end({{shell}, {}, script.text}, {1 << 20, {}}).output;
}

}  // namespace

TEST_CASE("arguments and input arrive byte by byte, whatever they hold") {
    const std::vector<std::string> arguments{
        "a b",          "",    "it's", "$(touch x)`touch y`", "two\nlines\n", "!!", "-n", "~", "*",
        "\\n\\\\$HOME", "ünï", "a\"b", every_byte()};
    for (const auto* shell : {"sh", "dash", "bash"}) {
        std::vector<std::string> argv{"printf", "%s|"};
        std::string expected;
        for (const auto& argument : arguments) {
            argv.push_back(argument);
            expected += argument + "|";
        }
        const auto script = write_sh_script({argv});
        const auto output = run_by(shell, script);
        const auto reply = read_sh_reply(output, script.mark);
        CHECK(reply.exit_code == 0);
        CHECK(reply.output == expected);
    }
    for (const auto& input :
         {every_byte() + every_byte(), std::string("no newline"), std::string("\n\n"),
          "a\xff\nae\xffrotow\n" + std::string(9999, 'x')}) {
        const auto script = write_sh_script({{"cat"}, {}, input});
        const auto output = run_by("sh", script);
        CHECK(read_sh_reply(output, script.mark).output == input);
    }
    CHECK_THROWS_AS(write_sh_script({{"cat"}, {}, std::string("a\0b", 3)}), base::Error);
    CHECK_THROWS_AS(write_sh_script({{"echo", std::string("\0", 1)}}), base::Error);
}

TEST_CASE("a command has its variables, no input but its own, and its own exit code") {
    const auto script =
        write_sh_script({{"sh", "-c", "cat; printf %s \"$TZ\"; exit 255"}, {"TZ=U'T C"}});
    const auto output = run_by("sh", script);
    const auto reply = read_sh_reply(output, script.mark);
    CHECK(reply.output == "U'T C");
    CHECK(reply.exit_code == 255);
}

TEST_CASE("what a login shell prints is no output; an end that is missing is told") {
    const std::string mark = "aerotow-1";
    const auto whole =
        read_sh_reply("Welcome!\n\naerotow-1\nx\naerotow-1 0\n\naerotow-1 3\n", mark);
    CHECK(whole.exit_code == 3);
    CHECK(whole.output == "x\naerotow-1 0\n");
    const auto torn = read_sh_reply("\naerotow-1\nhalf of it", mark);
    CHECK(torn.started);
    CHECK_FALSE(torn.exit_code.has_value());
    CHECK_FALSE(read_sh_reply("\naerotow-1\nx\naerotow-1 2", mark).exit_code.has_value());
    CHECK_FALSE(read_sh_reply("\naerotow-1\nx\naerotow-1 two\n", mark).exit_code.has_value());
    CHECK_FALSE(read_sh_reply("This account is not available.\n", mark).started);
}

}  // namespace tow::batch
