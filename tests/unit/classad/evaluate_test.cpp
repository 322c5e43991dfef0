#include "classad/evaluate.hpp"

#include "classad/expr.hpp"
#include "classad/parse.hpp"
#include "classad/unparse.hpp"

#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace tow::classad {

namespace {

EvalOptions options_at(std::int64_t seconds) {
    EvalOptions options;
    options.now = base::Time{std::chrono::seconds{seconds}};
    return options;
}

std::string value(std::string_view text, const EvalOptions& options = {}) {
    const auto result = evaluate(*parse_expr(text), nullptr, nullptr, options);
    return result ? unparse(*result) : "<fails>";
}

// In an ad that meets another.
std::string meeting(std::string_view text, std::string_view my, std::string_view target) {
    const auto left = parse_ad(my);
    const auto right = parse_ad(target);
    const auto result = evaluate(*parse_expr(text), &left, &right);
    return result ? unparse(*result) : "<fails>";
}

}  // namespace

TEST_CASE("undefined and error are values, and && and || are not symmetric") {
    CHECK(value("undefined && false") == "false");
    CHECK(value("error && false") == "error");
    CHECK(value("false && error") == "false");
    CHECK(value("undefined || true") == "true");
    CHECK(value("undefined + error") == "error");
    CHECK(value("true && 2.5") == "true");
    CHECK(value("\"yes\" && true") == "error");
}

TEST_CASE("== knows no case and no types; =?= knows both and is never undefined") {
    CHECK(value("\"ABC\" == \"abc\"") == "true");
    CHECK(value("\"ABC\" =?= \"abc\"") == "false");
    CHECK(value("1 == 1.0") == "true");
    CHECK(value("1 =?= 1.0") == "false");
    CHECK(value("undefined =?= undefined") == "true");
    CHECK(value("undefined == undefined") == "undefined");
    CHECK(value("{1} =?= {1}") == "error");
    CHECK(value("split(\"a\") =?= {\"a\"}") == "false");
}

TEST_CASE("integers wrap and divide as the processor does, only plus infinity is an error") {
    CHECK(value("9223372036854775807 + 1") == "-9223372036854775808");
    CHECK(value("-9223372036854775808 / -1") == "9223372036854775807");
    CHECK(value("-9223372036854775808 % -1") == "0");
    CHECK(value("-7 / 2") == "-3");
    CHECK(value("7 / 0") == "error");
    CHECK(value("1.0 / 0") == "error");
    CHECK(value("-1.0 / 0") == "real(\"-INF\")");
    CHECK(value("-8 >>> 0") == "0");
    CHECK(value("1 << 65") == "2");
    CHECK(value("{10,20}[4294967297]") == "20");
}

TEST_CASE("an unscoped name is looked for in MY, then in TARGET") {
    CHECK(meeting("Memory", "[a = 1]", "[Memory = 5]") == "5");
    CHECK(meeting("Memory", "[Memory = undefined]", "[Memory = 5]") == "undefined");
    CHECK(meeting("MY.Memory", "[a = 1]", "[Memory = 5]") == "undefined");
    CHECK(meeting("TARGET.Memory", "[Memory = 1]", "[a = 5]") == "undefined");
}

TEST_CASE("an attribute is evaluated where it stands") {
    CHECK(meeting("TARGET.t", "[a = 1]", "[a = 100; t = MY.a + TARGET.a]") == "101");
    CHECK(meeting("MY.x", "[x = y]", "[y = 3]") == "3");
    CHECK(meeting("n.y", "[n = [x = 5; y = x]; x = 1]", "[x = 9]") == "5");
    CHECK(meeting("n.z", "[n = [z = b]]", "[b = 7]") == "undefined");
    CHECK(meeting("n.u", "[a = 1; n = [a = 2; u = MY.a]]", "[]") == "2");
    CHECK(meeting("{[a = 1], [b = 2]}.a", "[a = 9]", "[]") == "{ 1,9 }");
}

TEST_CASE("an attribute called like a scope hides it") {
    CHECK(meeting("MY.a", "[my = [a = 5]; a = 1]", "[a = 2]") == "5");
    CHECK(meeting("TARGET.a", "[target = [a = 6]; a = 1]", "[a = 2]") == "6");
    CHECK(meeting("CurrentTime", "[currenttime = 3]", "[]") == "3");
}

TEST_CASE("the names of HTCondor's match ad are visible") {
    CHECK(meeting("symmetricMatch", "[Requirements = x == 1]", "[x = 1; Requirements = true]") ==
          "true");
    CHECK(meeting("LEFT.a + RIGHT.a", "[a = 1]", "[a = 2]") == "3");
    CHECK(meeting("toplevel.LEFT.b", "[b = TARGET.c]", "[c = 4]") == "4");
    CHECK(meeting("parent.my.a", "[a = 1]", "[a = 2]") == "1");
    CHECK(value("toplevel.LEFT") == "undefined");
}

TEST_CASE("a circular reference is undefined since 25.13 and a failure before") {
    const auto ad = parse_ad("[a = b; b = a + 1; c = isUndefined(a)]");
    EvalOptions old;
    old.compat = Compat::V23;
    CHECK(unparse(*evaluate(*parse_expr("a"), &ad, nullptr)) == "undefined");
    CHECK(unparse(*evaluate(*parse_expr("c"), &ad, nullptr)) == "true");
    CHECK_FALSE(evaluate(*parse_expr("a"), &ad, nullptr, old));
}

TEST_CASE("the same expression object in two ads is not a circle") {
    const auto shared = parse_expr("b");
    Ad left;
    left.insert("a", shared);
    Ad right;
    right.insert("a", shared);
    right.insert("b", parse_expr("MY.a is undefined ? 1 : 2"));
    CHECK(unparse(*evaluate(*parse_expr("a"), &left, &right)) == "1");
}

TEST_CASE("matching wants both Requirements to be true") {
    const auto job = parse_ad("[Requirements = TARGET.Memory >= RequestMemory; RequestMemory = 2]");
    CHECK(matches(job, parse_ad("[Memory = 4; Requirements = true]")));
    CHECK_FALSE(matches(job, parse_ad("[Memory = 1; Requirements = true]")));
    CHECK_FALSE(matches(job, parse_ad("[Memory = 4; Requirements = undefined]")));
    CHECK_FALSE(matches(job, parse_ad("[Memory = 4]")));
    CHECK(matches(job, parse_ad("[Memory = 4; Requirements = 0.5]")));
    CHECK_FALSE(matches(job, parse_ad("[Memory = 4; Requirements = \"true\"]")));
}

TEST_CASE("a truth has four values, and a failure counts as an error") {
    const auto truth = [](std::string_view text) {
        return evaluate_truth(*parse_expr(text), nullptr, nullptr);
    };
    CHECK(truth("1 < 2") == Truth::True);
    CHECK(truth("0.0") == Truth::False);
    CHECK(truth("nothing") == Truth::Undefined);
    CHECK(truth("\"x\"") == Truth::Error);
    CHECK(truth("random(0)") == Truth::Error);
}

TEST_CASE("the clock stands still, and random numbers depend on the seed alone") {
    CHECK(value("time()", options_at(1'750'000'000)) == "1750000000");
    CHECK(value("CurrentTime == time()") == "true");
    EvalOptions one;
    one.seed = 1;
    EvalOptions two;
    two.seed = 2;
    CHECK(value("random(1000000)", one) == value("random(1000000)", one));
    CHECK(value("random(1000000)", one) != value("random(1000000)", two));
    CHECK(value("random() < 1.0 && random(3) < 3") == "true");
}

TEST_CASE("a result needs nothing else to live") {
    std::optional<Value> list;
    std::optional<Value> ad;
    std::optional<Value> text;
    {
        const auto my = parse_ad(R"([s = "a string that is rather long"; l = {s, [x = s]}])");
        list = evaluate(*parse_expr("l"), &my, nullptr);
        ad = evaluate(*parse_expr("MY"), &my, nullptr);
        text = evaluate(*parse_expr("s"), &my, nullptr);
    }
    CHECK(unparse(*list) == "{ s,[ x = s ] }");
    CHECK(unparse(*ad) == R"([ l = { s,[ x = s ] }; s = "a string that is rather long" ])");
    CHECK(*text->if_string() == "a string that is rather long");
    CHECK(value("splitTime(0).Type") == "\"AbsoluteTime\"");
    CHECK(value("eval(\"{1,\\\"x\\\"}\")[1]") == "\"x\"");
}

TEST_CASE("one expression and two ads serve many threads") {
    const auto job = parse_ad(R"([Owner = "bob"; l = {1, 2, 3}; n = [a = Owner];
        Requirements = member(TARGET.Cpus, l) && regexp("^b", n.a) && TARGET.Owner == Owner])");
    const auto slot = parse_ad(R"([Cpus = 3; Owner = "BOB"; Requirements = true])");
    std::vector<std::thread> threads;
    std::vector<int> matched(4, 0);
    threads.reserve(matched.size());
    for (auto& count : matched) {
        threads.emplace_back([&job, &slot, &count] {
            for (int i = 0; i < 200; ++i) {
                count += matches(job, slot) ? 1 : 0;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(matched == std::vector<int>(4, 200));
}

TEST_CASE("functions are known in any case, and unknown ones are errors") {
    CHECK(value("STRCAT(\"a\", 1, true)") == "\"a1true\"");
    CHECK(value("versionle(\"8.9\", \"8.10\")") == "true");
    CHECK(value("noSuchFunction(1)") == "error");
    CHECK(value("strcat(\"a\"; \"b\")") == "\"ab\"");
}

TEST_CASE("some functions surprise") {
    CHECK(value("stringListMax(\"-1,-5\")") == "0");
    CHECK(value("stringListAvg(\"1,2\")") == "1");
    CHECK(value("pow(-2, 3)") == "-7");
    CHECK(value("bool(\"1\")") == "undefined");
    CHECK(value("regexp(\"A\", \"a\", \"I\")") == "false");
    CHECK(value("replaceall(\"b*\", \"abc\", \"-\")") == "error");
    CHECK(value("split(\"a,,b, ,c,\")") == R"({ "a","","b","","c" })");
    CHECK(value("sum({false})") == "false");
    CHECK(value("absTime(4102444800, 0)") == "absTime(\"1963-11-25T17:31:44-00:00\")");
    CHECK(value("versioncmp(\"a\", \"c\")") == "-2");
    CHECK(value("floor(undefined)") == "error");
}

TEST_CASE("each side of a match says what it says, whatever the other does") {
    const auto job = parse_ad("[Requirements = TARGET.Memory > 5]");
    const auto said = verdicts(job, parse_ad("[Memory = 1; Requirements = random(0)]"));
    CHECK(said.job == Truth::False);
    CHECK_FALSE(said.slot);
    CHECK(verdicts(job, {}).job == Truth::Undefined);
    CHECK(verdicts(job, {}).slot == Truth::Undefined);
    CHECK(verdicts(parse_ad("[Requirements = {1}]"), job).job == Truth::Error);
}

}  // namespace tow::classad
