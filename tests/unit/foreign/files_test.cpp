#include "base/error.hpp"
#include "foreign/csv.hpp"
#include "foreign/downtimes.hpp"
#include "foreign/ini.hpp"
#include "foreign/xml.hpp"

#include <catch2/catch.hpp>

namespace tow::foreign {

namespace {

template <class Action>
std::string complaint(Action action) {
    try {
        action();
    } catch (const base::Error& error) {
        return error.what();
    }
    return "";
}

std::string value_of(std::string_view ini, std::string_view key) {
    return parse_ini(ini, "f").at(0).get(key);
}

}  // namespace

TEST_CASE("XML becomes a tree with lines") {
    const auto root = parse_xml("<a x='1 &amp; 2'>\n <b>t&lt;</b>\n <b/>\n</a>", "f");
    CHECK(root.name == "a");
    CHECK(*root.attribute("x") == "1 & 2");
    CHECK(root.attribute("y") == nullptr);
    CHECK(root.children.size() == 2);
    CHECK(root.children[1].line == 3);
    CHECK(root.child_text("b") == "t<");
    CHECK(root.child("c") == nullptr);
}

TEST_CASE("hostile XML is refused in one line") {
    CHECK(complaint([] { parse_xml("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "f"); }) ==
          "f:1: declares entities, which are not expanded here");
    CHECK(complaint([] {
              parse_xml("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "f");
          }) == "f:1: declares entities, which are not expanded here");
    std::string deep;
    for (int i = 0; i < 1000; ++i) {
        deep += "<a>";
    }
    CHECK(complaint([&] { parse_xml(deep, "f"); }) == "f:1: nested deeper than 64 elements");
    CHECK(complaint([] { parse_xml("", "f"); }) == "f:1: no element found");
    CHECK(complaint([] { parse_xml("<a></b>", "f\x1b"); }) == "f\\x1b:1: mismatched tag");
}

TEST_CASE("INI has defaults, continued lines, comments and names that stand for others") {
    constexpr std::string_view kIni =
        "# c\n[DEFAULT]\na = 1\nb = <%(a)s> %(c)s 100%%\n[Q]\nc = x ; why\na: 2\n  more\n; end\n";
    CHECK(value_of(kIni, "a") == "2\nmore");
    CHECK(value_of(kIni, "b") == "<2\nmore> x 100%");
    CHECK(value_of(kIni, "nothing").empty());
    CHECK(parse_ini("[A]\nx=1\n[B]\n[A]\ny=2\n", "f").size() == 2);
}

TEST_CASE("names in INI that multiply or go round are refused") {
    CHECK(complaint([] { value_of("[Q]\na = %(a)s\n", "a"); }) ==
          "[Q] in line 1: names that stand for each other, more than 10 deep");
    std::string bomb = "[Q]\nx0 = " + std::string(1000, 'x') + "\n";
    for (int i = 1; i < 9; ++i) {
        bomb += "x" + std::to_string(i) + " =";
        for (int j = 0; j < 10; ++j) {
            bomb += " %(x" + std::to_string(i - 1) + ")s";
        }
        bomb += "\n";
    }
    CHECK(complaint([&] { value_of(bomb, "x8"); }) == "[Q] in line 1: a value of more than 64 KiB");
    CHECK(complaint([] { value_of("[Q]\na = %(b)s\n", "a"); }) ==
          "[Q] in line 1: nothing is called \"b\"");
    CHECK(complaint([] { parse_ini("a = 1\n", "f"); }) == "f:1: expected a [section] first");
    CHECK(complaint([] { parse_ini("[a\n", "f"); }) ==
          "f:1: expected ] behind the name of a section");
}

TEST_CASE("CSV has quotes, and columns by name") {
    const CsvTable table("Entry_Name, price\r\n\"a, \"\"b\"\"\nc\", 1\r\n\nd\n", "f");
    REQUIRE(table.rows().size() == 2);
    CHECK(table.cell(table.rows()[0], "EntryName") == "a, \"b\"\nc");
    CHECK(table.cell(table.rows()[0], "Price") == "1");
    CHECK(table.rows()[1].line == 5);
    CHECK(table.cell(table.rows()[1], "price").empty());
    CHECK(!table.has("cost"));
    CHECK(complaint([] { CsvTable("a\n1,2\n", "f"); }) == "f:2: 2 cells below 1 names");
    CHECK(complaint([] { CsvTable("a\n\"1\n", "f"); }) == "f:3: a quote that is never closed");
    CHECK(CsvTable("", "f").rows().empty());
}

TEST_CASE("storage in downtime does not concern pilots") {
    CHECK(is_compute_service("CE"));
    CHECK(is_compute_service("ARC-CE"));
    CHECK(!is_compute_service("SRMv2"));
    CHECK(!is_compute_service("XRootD component"));
}

TEST_CASE("every format of downtimes is told by its content") {
    const auto count = [](std::string content) {
        return read_announcements({{"f", std::move(content)}}).list.size();
    };
    CHECK(count("# nobody\n") == 0);
    CHECK(count("") == 0);
    CHECK(count("<results></results>") == 0);
    CHECK(count("None None All All All\n") == 1);
    CHECK(count("- {StartTime: 'Dec 31, 2025 23:00 -0500', EndTime: 'Jan 1, 2026 12:30 PM UTC'}") ==
          1);
    CHECK_THROWS_AS(count("just a text"), base::Error);
    CHECK_THROWS_AS(count("{a: [}"), base::Error);
}

}  // namespace tow::foreign
