#include "classad/check.hpp"

#include "classad/expr.hpp"
#include "classad/formats.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace tow::classad {

namespace {

// "attribute:flaw ..." of an ad in -long format.
std::string flaws(const std::string& text, const EvalOptions& options = {}) {
    ParseNotes notes;
    const auto ad = read_long(text, &notes);
    std::string found;
    for (const auto& problem : check(ad, notes, options)) {
        found += found.empty() ? "" : " ";
        found += problem.attribute + ':' + std::string(flaw_name(problem.flaw));
    }
    return found;
}

std::string repeated(const std::string& term, int count, const std::string& between) {
    std::string text = term;
    for (int i = 1; i < count; ++i) {
        text += between + term;
    }
    return text;
}

bool evaluates(const std::string& text) {
    const auto ad = read_long(text);
    const auto target = parse_ad("[x = 0]");
    return evaluate(*ad.find("A"), &ad, &target).has_value();
}

}  // namespace

TEST_CASE("an ordinary ad has no flaws") {
    CHECK(flaws("A = 1\nB = A + TARGET.x\nC = strcat(\"a\", B)\nN = [A = 2; d = A]\n").empty());
    CHECK(flaws("").empty());
}

TEST_CASE("unknown functions and wrong numbers of arguments are found, each name once") {
    CHECK(flaws("A = version_gt(1,2) || Version_GT(3,4)\nB = {size(1,2), [x = nope()]}") ==
          "A:unknown_function B:unknown_function B:argument_count");
}

TEST_CASE("what the reader passed over is found with its place") {
    const std::string text = "A = 99999999999999999999\nB = 1 junk\nC = true ? 1 : 2 junk\na = 3\n";
    ParseNotes notes;
    const auto ad = read_long(text, &notes);
    const auto problems = check(ad, notes);
    REQUIRE(problems.size() == 4);
    CHECK(problems[0].flaw == Flaw::IntegerBecameZero);
    CHECK(problems[0].attribute == "A");
    CHECK(problems[1].attribute == "B");
    CHECK(problems[2].attribute == "C");
    CHECK(problems[2].flaw == Flaw::TextIgnored);
    CHECK(text.substr(problems[2].offset.value(), 4) == "junk");
    CHECK(problems[3].flaw == Flaw::RepeatedAttribute);
    CHECK(problems[3].attribute == "a");
}

TEST_CASE("notes of JSON and of new ads name attributes too") {
    const std::string json = R"({"a":1,"b":["\/Expr(99999999999999999999 + x)\/"],"c":{"d":"e"}})";
    ParseNotes notes;
    auto ad = read_json(json, &notes);
    auto problems = check(ad, notes);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].attribute == "b");
    notes = {};
    ad = parse_ad("[a = [b = 99999999999999999999; c = 1]; c = nope()]", {}, &notes);
    problems = check(ad, notes);
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].attribute == "a");
    CHECK(problems[1].attribute == "c");
    CHECK(problems[1].offset == 40U);
}

TEST_CASE("circles are found through attributes, and shown") {
    const auto ad = parse_ad("[a = b + 1; b = MY.c; c = {a}; d = a; e = TARGET.e; n = [e = n2]]");
    const auto problems = check(ad);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].attribute == "a");
    CHECK(problems[0].message == "leads back to itself: a -> b -> c -> a; it is undefined there");
    CHECK(flaws("x = x ?: 5") == "x:circular_reference");
    CHECK(flaws("a = [b = a]\nc = [c = 1; d = c]") == "a:circular_reference");
}

TEST_CASE("depth is counted as the evaluator counts it") {
    for (const int terms : {399, 400, 401, 402}) {
        const auto chain = "A = " + repeated("false", terms, " || ");
        CHECK(flaws(chain).empty() == evaluates(chain));
        const auto references = "A = " + repeated("x", terms, " || ");
        CHECK(flaws(references).empty() == evaluates(references));
        const auto grouped = "A = " + repeated("(x == 1)", terms - 2, " || ");
        CHECK(flaws(grouped).empty() == evaluates(grouped));
    }
    for (const int links : {397, 398, 399, 400, 401}) {
        std::string text = "A = a1\n";
        for (int i = 1; i < links; ++i) {
            text += fmt::format("a{} = a{}\n", i, i + 1);
        }
        text += fmt::format("a{} = 1\n", links);
        CHECK(flaws(text).empty() == evaluates(text));
    }
}

TEST_CASE("the Requirements of a match have less depth") {
    const auto slot = parse_ad("[Requirements = true; x = true]");
    int matching = 0;
    for (const int terms : {395, 396, 397, 398, 399}) {
        const auto job = read_long("Requirements = " + repeated("x", terms, " && "));
        const bool match = matches(job, slot);
        CHECK(check(job).empty() == match);
        matching += match ? 1 : 0;
    }
    CHECK(matching == 3);
}

TEST_CASE("23.9 counts no operators") {
    EvalOptions options;
    options.compat = Compat::V23;
    CHECK(flaws("A = " + repeated("x", 500, " || "), options).empty());
    CHECK(flaws("A = " + repeated("x", 500, " || ")) == "A:too_deep");
    CHECK(check(parse_ad("[a = a]"), options).at(0).message ==
          "leads back to itself: a -> a; its evaluation fails and matches nothing");
}

TEST_CASE("work that doubles is found without doing it") {
    std::string text = "a0 = 1\n";
    for (int i = 1; i <= 60; ++i) {
        text += fmt::format("a{} = a{} + a{}\n", i, i - 1, i - 1);
    }
    const auto found = flaws(text);
    CHECK(found.starts_with("a22:too_much_work a23:"));
}

TEST_CASE("hostile ads are checked in no time") {
    std::string chain;
    for (int i = 0; i < 50'000; ++i) {
        chain += fmt::format("a{} = a{} + a{}\n", i, (i + 1) % 50'000, (i + 7) % 50'000);
    }
    const auto ad = read_long(chain);
    CHECK_FALSE(check(ad).empty());
    const auto wide = read_long("A = " + repeated("A", 200'000, "+"));
    CHECK(check(wide).size() == 2);
}

TEST_CASE("one expression is checked with what it leads to") {
    const auto ad = parse_ad("[a = nope(); b = other_nope()]");
    const auto problems = check(*parse_expr("a + what()"), &ad);
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].attribute.empty());
    CHECK(problems[1].attribute == "a");
    CHECK(check(*parse_expr("1"), nullptr).empty());
}

}  // namespace tow::classad
