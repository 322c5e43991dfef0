#include "base/error.hpp"
#include "cli/command.hpp"
#include "record/json.hpp"

#include <catch2/catch.hpp>

namespace tow::cli {

namespace {

struct Options {
    bool flag = false;
    std::string text;
    std::optional<std::int64_t> number;
    std::vector<std::string> list;
    std::optional<std::chrono::milliseconds> duration;
    std::optional<base::Time> time;
    std::vector<std::string> files;
};

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

// Parses into options; what is wrong comes back as "message / hint".
std::string parse_into(Options& options, std::vector<const char*> arguments) {
    Command command("tow-test");
    command.option(options.flag, "--flag", "a flag").letter('f');
    command.option(options.text, "--text", "WORD", "a choice").choices({"red", "green"});
    command.option(options.number, "--number", "N", "a number");
    command.option(options.list, "--list", "A,B", "a list").letter('l');
    command.option(options.duration, "--duration", "D", "a duration");
    command.option(options.time, kNow, "--time", "T", "a time");
    command.operands(options.files, "FILE", "files");
    arguments.insert(arguments.begin(), "tow-test");
    try {
        parse(command, static_cast<int>(arguments.size()), arguments.data());
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::Kind::Usage);
        return error.what() + (error.hint().empty() ? "" : " / " + error.hint());
    }
    return "";
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("options stand before, between and behind operands, with = or without") {
    Options options;
    CHECK(parse_into(options, {"a", "--text=green", "-f", "b", "--number", "-5", "--list", "x,y",
                               "-l", "z", "-"})
              .empty());
    CHECK(options.flag);
    CHECK(options.text == "green");
    CHECK(options.number == -5);
    CHECK(options.list == Strings{"x", "y", "z"});
    CHECK(options.files == Strings{"a", "b", "-"});
}

TEST_CASE("two hyphens end the options") {
    Options options;
    CHECK(parse_into(options, {"--flag", "--", "--number", "-x"}).empty());
    CHECK(options.files == Strings{"--number", "-x"});
    CHECK_FALSE(options.number.has_value());
}

TEST_CASE("times and durations are read as everywhere") {
    Options options;
    CHECK(parse_into(options, {"--duration", "1h30m", "--time", "-2h"}).empty());
    CHECK(options.duration == std::chrono::minutes{90});
    CHECK(options.time == kNow - std::chrono::hours{2});
}

TEST_CASE("mistakes name the option and suggest") {
    Options options;
    CHECK(parse_into(options, {"--numbr", "5"}) ==
          "unknown option \"--numbr\" / did you mean \"--number\"?");
    CHECK(parse_into(options, {"--num=5"}) == "unknown option \"--num\"");
    CHECK(parse_into(options, {"-x"}) == "unknown option \"-x\"");
    CHECK(parse_into(options, {"--number"}) == "--number: needs a value");
    CHECK(parse_into(options, {"--number", "five"}) ==
          "--number: expected an integer, got \"five\"");
    CHECK(parse_into(options, {"--number", "99999999999999999999"}) ==
          "--number: expected an integer, got \"99999999999999999999\"");
    CHECK(parse_into(options, {"--text", "gren"}) ==
          "--text: expected one of red, green, got \"gren\" / did you mean \"green\"?");
    CHECK(parse_into(options, {"--time", "noon"}).starts_with("--time: expected a time"));
}

TEST_CASE("the specification is valid JSON and holds what was declared") {
    Options options;
    Command command("tow-test");
    command.is_a(Role::Act);
    command.summary("tests")
        .example("tow-test", "does nothing")
        .see_also({"tow(7)"})
        .emits("thing", {"a"});
    command.option(options.text, "--text", "WORD", "a \"quoted\" help")
        .choices({"red"})
        .fallback("red")
        .variable("TOW_X");
    const auto spec = record::parse_json(spec_json(command));
    const auto* option = spec.object()->find("options")->array()->at(0).object();
    CHECK(*option->find("help")->string() == "a \"quoted\" help");
    CHECK(*option->find("default")->string() == "red");
    CHECK(*spec.object()->find("role")->string() == "act");
    CHECK(help_text(command).find("--text WORD") != std::string::npos);
}

}  // namespace tow::cli
