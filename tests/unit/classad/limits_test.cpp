// Whatever the input, an answer comes soon.
#include "base/error.hpp"
#include "classad/evaluate.hpp"
#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/parse.hpp"
#include "classad/references.hpp"
#include "classad/unparse.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <fmt/core.h>

namespace tow::classad {

namespace {

EvalOptions small_limits() {
    EvalOptions options;  // the sanitisers are slow
    options.max_evaluations = 200'000;
    options.max_effort = 4'000'000;
    return options;
}

std::optional<Value> result(std::string_view expr, const Ad& ad) {
    return evaluate(*parse_expr(expr), &ad, nullptr, small_limits());
}

std::string repeated(std::string_view text, int count) {
    std::string whole;
    for (int i = 0; i < count; ++i) {
        whole += text;
    }
    return whole;
}

// a0 = f(a1,a1), a1 = f(a2,a2), ...: twice the work with each attribute.
Ad doubling(std::string_view pattern, std::string_view last) {
    Ad ad;
    for (int i = 0; i < 60; ++i) {
        const auto next = fmt::format("a{}", i + 1);
        ad.insert(fmt::format("a{}", i), parse_expr(fmt::format(fmt::runtime(pattern), next)));
    }
    ad.insert("a60", parse_expr(last));
    return ad;
}

}  // namespace

TEST_CASE("400 operators inside each other can be evaluated, one more cannot") {
    CHECK(result("0" + repeated(" + 1", 400), {}));
    CHECK_FALSE(result("0" + repeated(" + 1", 401), {}));
    CHECK(result("(x)" + repeated(" || (x)", 399), {}));
    CHECK_FALSE(result("(x)" + repeated(" || (x)", 400), {}));
    CHECK(evaluate_truth(*parse_expr("true" + repeated(" && true", 401)), nullptr, nullptr) ==
          Truth::Error);
}

TEST_CASE("in a match, the Requirements may be three levels less deep") {
    const auto matches_with = [](int operators) {
        Ad job;
        job.insert("Requirements",
                   parse_expr("false" + repeated(" || false", operators - 1) + " || true"));
        return matches(job, parse_ad("[Requirements = true]"));
    };
    CHECK(matches_with(397));
    CHECK_FALSE(matches_with(398));
}

TEST_CASE("work that doubles with every attribute ends in a failure") {
    CHECK_FALSE(result("a0", doubling("{0} + {0}", "1")));
    CHECK_FALSE(result("a0", doubling("strcat({0}, {0})", "\"0123456789\"")));
    CHECK_FALSE(result("a0", doubling("member(1, {{ {0}, {0} }})", "{}")));
    CHECK_FALSE(result("a0", doubling("eval(strcat({0}, \" + \", {0}))", "1")));
    CHECK_FALSE(result("a0", doubling("split(join(\",\", {0}, {0}))[0]", "\"a b c\"")));
    CHECK_FALSE(result("a0", doubling("join(\",\", splitTime({0}).Year, formatTime({0}))", "1")));
}

TEST_CASE("texts that evaluate each other end in a failure") {
    CHECK_FALSE(result("eval(s)", parse_ad(R"x([s = "eval(t)"; t = "eval(s)"])x")));
    CHECK_FALSE(result("countMatches(x, l)", parse_ad("[x = countMatches(x, l); l = {[a = 1]}]")));
    CHECK_FALSE(result("a.b", parse_ad("[a = {a}]")));
}

TEST_CASE("functions inside functions inside attributes do not overflow the stack") {
    Ad ad;
    for (int i = 0; i < 300; ++i) {
        ad.insert(fmt::format("a{}", i),
                  parse_expr(repeated("debug(", 160) + fmt::format("a{}", i + 1) +
                             std::string(160, ')')));
    }
    ad.insert("a300", parse_expr("1"));
    CHECK_FALSE(result("a0", ad));
}

TEST_CASE("a hostile regular expression is an error") {
    const auto a = std::string(40, 'a');
    const auto value =
        evaluate(*parse_expr("regexp(\"^(a+)+$\", \"" + a + "b\")"), nullptr, nullptr);
    CHECK((!value || value->is_error()));
    // Each step runs to the end of the text; PCRE2 does not count that.
    const auto long_text = parse_ad("[s = \"" + std::string(1'000'000, 'a') + "\"]");
    CHECK_FALSE(result("regexp(\"a+[bc]\", s)", long_text));
    CHECK(result("regexp(\"b\", s)", long_text)->kind() == Kind::Boolean);
    CHECK(result("regexp(\"" + std::string(70'000, 'x') + "\", \"x\")", {})->is_error());
    CHECK(result("regexp(\"" + std::string(1000, '(') + "\", \"x\")", {})->is_error());
    CHECK_FALSE(
        result("replaceall(\"(x+x+)+y|a\", s, \"b\")",
               parse_ad("[s = \"" + std::string(3000, 'a') + std::string(60, 'x') + "\"]")));
}

TEST_CASE("a wide format is an error") {
    CHECK(result("formatTime(0, \"%1000000000Y\")", {})->is_error());
}

TEST_CASE("references are followed no further than the recursion limit") {
    Ad ad;
    for (int i = 0; i < 1000; ++i) {
        ad.insert(fmt::format("a{}", i), parse_expr(fmt::format("a{}", i + 1)));
    }
    CHECK_FALSE(references(*parse_expr("a0"), ad));
    CHECK(references(*parse_expr("a700"), ad)->external == std::vector<std::string>{"a1000"});
    CHECK(references(*parse_expr("a0"), doubling("{0} + {0}", "x"))->external ==
          std::vector<std::string>{"x"});
}

TEST_CASE("readers refuse what is nested too deep or too large") {
    const auto fails = [](auto read) {
        try {
            read();
        } catch (const base::Error& error) {
            return error.kind() == base::Kind::Data;
        }
        return false;
    };
    const auto deep = [](std::string_view open, std::string_view close) {
        return repeated(open, 100'000) + repeated(close, 100'000);
    };
    CHECK(fails([&] { read_json("{\"a\":" + deep("[", "]") + "}"); }));
    CHECK(fails([&] { read_json(deep("{\"a\":", "}")); }));
    CHECK(fails([&] { parse_ad(deep("[a=", "]")); }));
    CHECK(fails([&] { read_long("A = " + deep("{", "}")); }));
    CHECK(fails(
        [&] { read_xml("<c><a n=\"a\">" + deep("<l>", "</l>") + "</a></c>", [](const Ad&) {}); }));
    std::string many;
    for (int i = 0; i <= 100'000; ++i) {
        many += fmt::format("a{} = 1\n", i);
    }
    CHECK(fails([&] { read_long(many); }));
}

TEST_CASE("XML may neither declare entities nor load a DTD") {
    const auto read = [](const std::string& text) {
        std::string ads;
        read_xml(text, [&ads](const Ad& ad) { ads += unparse(ad); });
        return ads;
    };
    CHECK(read("<?xml version=\"1.0\"?><!DOCTYPE classads SYSTEM \"classads.dtd\">"
               "<classads><c><a n=\"x\"><i>1</i></a></c></classads>") == "[ x = 1 ]");
    CHECK_THROWS_WITH(read("<!DOCTYPE c [<!ENTITY e \"x\">]><c><a n=\"x\"><s>&e;</s></a></c>"),
                      "line 1: entities may not be declared");
}

}  // namespace tow::classad
