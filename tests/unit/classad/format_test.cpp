#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/parse.hpp"
#include "classad/unparse.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace tow::classad {

namespace {

struct Outcome {
    std::vector<std::string> ads;
    std::vector<std::string> problems;
};

Outcome read_all(std::string_view text, Format format) {
    Outcome outcome;
    read_ads(
        text, format, [&](std::size_t, const Ad& ad) { outcome.ads.push_back(unparse(ad)); },
        [&](std::size_t at, const base::Error& error) {
            outcome.problems.push_back(fmt::format("{}: {}", at, error.what()));
        });
    return outcome;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the format of a file shows in its first bytes") {
    CHECK(detect_format("<?xml version=\"1.0\"?>") == Format::Xml);
    CHECK(detect_format("<classads></classads>") == Format::Xml);
    CHECK(detect_format("[\n{ \"a\": 1 }\n]") == Format::Json);
    CHECK(detect_format("{\"a\": 1}\n{\"a\": 2}\n") == Format::Json);
    CHECK(detect_format("[]\n") == Format::Json);
    CHECK(detect_format("{ [ a = 1 ], [ a = 2 ] }") == Format::New);
    CHECK(detect_format("[ a = 1 ]") == Format::New);
    CHECK(detect_format("MyType = \"Job\"\n") == Format::Long);
    CHECK(detect_format("") == Format::Long);
}

TEST_CASE("-long ads are separated by blank lines, and one bad line costs one ad") {
    const auto outcome = read_all(
        "# a comment\nA = 1\nB = \"x\\\"y\"\r\n\n\nA = (1\nB = 2\n \nA = 3\n\n# nothing\n\n",
        Format::Long);
    CHECK(outcome.ads == Texts{"[ A = 1; B = \"x\\\"y\" ]", "[ A = 3 ]"});
    CHECK(outcome.problems == Texts{"32: line 1: A: byte 3: expected ')', but the text ends"});
}

TEST_CASE("a -long name is whatever stands before the first equals sign") {
    CHECK(unparse(read_long("Foo.Bar = 1\nA\t= 2")) == R"([ 'A\t' = 2; 'Foo.Bar' = 1 ])");
    CHECK(unparse(read_long("a = 1\nA = 2")) == "[ a = 2 ]");
    CHECK_THROWS_WITH(read_long("A == 1"), "line 1: A: byte 1: expected a value");
    CHECK_THROWS_WITH(read_long("just text"), "line 1: expected 'name = value'");
    CHECK_THROWS_WITH(read_long("ok = 1\n = 1"), "line 2: a value without a name");
}

TEST_CASE("a -long value that is a constant reads as the parser would read it") {
    for (const auto* text : {"0",
                             "00",
                             "12",
                             "9223372036854775807",
                             "9223372036854775808",
                             "-1",
                             "\"\"",
                             "\"a\"",
                             "\"a\\\"",
                             "\"a\"b\"",
                             "\"a\" \"b\"",
                             "true",
                             "TRUE",
                             "false",
                             "undefined",
                             "error",
                             "1x",
                             "1 2",
                             "\"",
                             "",
                             "truely",
                             "1.5"}) {
        std::string quick;
        std::string slow;
        try {
            quick = unparse(*read_long_value(text));
        } catch (const base::Error& error) {
            quick = error.what();
        }
        try {
            slow = unparse(*parse_expr(text, {Lexer::Old, Compat::V25, false}));
        } catch (const base::Error& error) {
            slow = error.what();
        }
        CHECK(quick == slow);
    }
}

TEST_CASE("notes of a -long ad count bytes from its beginning") {
    ParseNotes notes;
    const std::string text = "A = 1\nB =  99999999999999999999\nC = 1 junk\n";
    read_long(text, &notes);
    REQUIRE(notes.zeroed_integers.size() == 1);
    CHECK(text.substr(notes.zeroed_integers[0], 4) == "9999");
    REQUIRE(notes.ignored_texts.size() == 1);
    CHECK(text.substr(notes.ignored_texts[0], 4) == "junk");
}

TEST_CASE("-long is written in the library's order or in that of the tools") {
    const auto ad = parse_ad("[b = 1; Aa = 2; a = x =?= 1.5]");
    CHECK(write_long(ad) == "a = x =?= 1.5\nb = 1\nAa = 2\n");
    CHECK(write_long(ad, Order::Name) == "Aa = 2\na = x =?= 1.5\nb = 1\n");
}

TEST_CASE("JSON tells an expression from a string by its raw backslashes") {
    CHECK(unparse(read_json(R"({"a":"\/Expr(x + 1)\/","b":"/Expr(x + 1)/"})")) ==
          R"([ a = x + 1; b = "/Expr(x + 1)/" ])");
    CHECK(write_json(parse_ad(R"([a = x + 1; b = "/Expr(x + 1)/"])")) ==
          R"({"a": "\/Expr(x + 1)\/","b": "/Expr(x + 1)/"})");
    CHECK_THROWS_WITH(read_json(R"({"a":"\/Expr(x +)\/"})"),
                      "byte 6: byte 4: expected a value, but the text ends");
}

TEST_CASE("JSON escapes mean what JSON says") {
    CHECK(*read_json(R"({"a":"\u00e9\u20ac\ud83d\ude00"})")
               .find("a")
               ->as<Literal>()
               ->value.if_string() == "é€😀");
    CHECK(*read_json(R"({"a":"\ud83dx"})").find("a")->as<Literal>()->value.if_string() ==
          "\xEF\xBF\xBDx");
    CHECK_THROWS_WITH(read_json(R"({"a":"\u0000"})"), "byte 13: a string with a NUL in it");
}

TEST_CASE("JSON comes as an array, as lines or as one object") {
    const Texts both{"[ a = 1 ]", "[ a = 2 ]"};
    CHECK(read_all("[\n{\"a\":1}\n,\n{\"a\":2}\n]\n", Format::Json).ads == both);
    CHECK(read_all("{\"a\":1}\n{\"a\":2}\n", Format::Json).ads == both);
    CHECK(read_all("[]", Format::Json).ads.empty());
    CHECK(read_all("", Format::Json).ads.empty());
    const auto cut = read_all("[{\"a\":\"]}\"},{\"a\":", Format::Json);
    CHECK(cut.ads == Texts{"[ a = \"]}\" ]"});
    CHECK(cut.problems ==
          Texts{"12: byte 6: expected a value", "17: the list of ads does not end"});
    const auto junk = read_all("{\"a\":1} junk {\"a\":2}", Format::Json);
    CHECK(junk.ads == both);
    CHECK(junk.problems == Texts{"8: byte 1: expected '{'"});
}

TEST_CASE("new ads come one after the other or in a list") {
    const Texts both{"[ a = 1 ]", "[ a = \"]\" ]"};
    CHECK(read_all("[a=1] [a=\"]\"]", Format::New).ads == both);
    CHECK(read_all("{ [a=1] /* [ */, [a=\"]\"] }", Format::New).ads == both);
    CHECK(read_all("{ [a=1]", Format::New).problems == Texts{"7: the list of ads does not end"});
    CHECK(read_all("[a=1] [b=", Format::New).problems ==
          Texts{"6: byte 4: expected a value, but the text ends"});
}

TEST_CASE("XML holds every kind of value") {
    const auto ad = parse_ad(R"([i = -1; r = 1.5; s = "a<b>&\"\\\n"; t = true; u = undefined;
        e = error; x = a < b && "q"; l = {1, {}}; n = [m = 2];
        at = absTime("2020-01-01T00:00:00+01:00")])");
    const auto xml = write_xml(ad);
    Texts ads;
    read_xml("<?xml version=\"1.0\"?>\n<classads>\n" + xml + "\n</classads>\n",
             [&ads](const Ad& read) { ads.push_back(unparse(read)); });
    CHECK(ads == Texts{unparse(ad)});
}

TEST_CASE("XML that is no ClassAd is refused, and an empty document is no ad") {
    const auto problem = [](std::string_view text) {
        const auto outcome = read_all(text, Format::Xml);
        return outcome.problems.empty() ? std::string() : outcome.problems[0];
    };
    CHECK(read_all("<classads>\n</classads>", Format::Xml).ads.empty());
    CHECK(read_all("", Format::Xml).ads.empty());
    CHECK(problem("<html></html>") == "0: line 1: <html>: an unknown element");
    CHECK(problem("<c><i>1</i></c>") == "0: line 1: <i>: not allowed here");
    CHECK(problem("<c><a n=\"x\"></a></c>") == "0: line 1: <a n=\"x\">: no value");
    CHECK(problem("<c>\n<a n=\"x\"><i>1x</i></a></c>") == "0: line 2: <i>: expected an integer");
    CHECK(problem("<c>") == "0: line 1: no element found");
}

TEST_CASE("what a receiver throws is not taken for an error of the file") {
    const auto refuse = [](std::size_t, const Ad&) { base::fail(base::Kind::Io, "no room"); };
    const auto on_bad = [](std::size_t, const base::Error&) { FAIL("reported as malformed"); };
    CHECK_THROWS_AS(read_ads("a = 1", Format::Long, refuse, on_bad), base::Error);
    CHECK_THROWS_AS(read_ads("<c></c>", Format::Xml, refuse, on_bad), base::Error);
}

}  // namespace tow::classad
