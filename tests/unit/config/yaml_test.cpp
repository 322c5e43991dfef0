#include "config/yaml.hpp"

#include "base/error.hpp"
#include "record/json.hpp"

#include <catch2/catch.hpp>

namespace tow::config {

namespace {

std::string json_of(std::string_view yaml) {
    return record::to_json(parse_yaml(yaml, "f.yaml").value());
}

std::string complaint(std::string_view yaml) {
    try {
        parse_yaml(yaml, "f.yaml");
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::Kind::Config);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("plain scalars are what they look like, quoted ones are text") {
    CHECK(json_of("{a: 1, b: '1', c: true, d: \"true\", e: 1.5, f: ~, g: 1e3, h: x}") ==
          R"({"a":1,"b":"1","c":true,"d":"true","e":1.5,"f":null,"g":1000.0,"h":"x"})");
}

TEST_CASE("YAML 1.1's traps are text, not octal numbers or booleans") {
    CHECK(json_of("{a: 010, b: yes, c: 0x10, d: 1_000, e: 12:30}") ==
          R"({"a":"010","b":"yes","c":"0x10","d":"1_000","e":"12:30"})");
    CHECK_THROWS_WITH(parse_yaml("a: 010", "f.yaml").find("a")->integer(),
                      "f.yaml:1: a: expected an integer, got \"010\"");
    CHECK_THROWS_WITH(parse_yaml("x:\n  a: yes", "f.yaml").find("x")->find("a")->boolean(),
                      "f.yaml:2: x.a: expected true or false, got \"yes\"");
}

TEST_CASE("a key that stands twice is refused, both places named") {
    CHECK(complaint("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n") ==
          "f.yaml:5: the key \"c\" stands here and in line 3");
}

TEST_CASE("anchors, aliases and merge keys work") {
    CHECK(json_of("d: &d {cpus: 1, mem: 2}\nx: *d\ny: {<<: *d, cpus: 8}\n") ==
          R"({"d":{"cpus":1,"mem":2},"x":{"cpus":1,"mem":2},"y":{"cpus":8,"mem":2}})");
}

TEST_CASE("aliases that multiply are refused, not expanded") {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const auto last = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int j = 1; j < 10; ++j) {
            bomb += ", " + last;
        }
        bomb += "]\n";
    }
    CHECK(complaint(bomb).ends_with("aliases that multiply?"));
    CHECK(complaint("a: &a [*a]").ends_with("an alias inside of what it stands for"));
}

TEST_CASE("what is not YAML, not one document or not UTF-8 is refused with its line") {
    CHECK(complaint("a: 1\nb: [1, 2\n").starts_with("f.yaml:3:"));
    CHECK(complaint("a: 1\n---\nb: 2\n") == "f.yaml: more than one YAML document");
    CHECK_FALSE(complaint("a: \"\xFF\"\n").empty());
    CHECK_FALSE(complaint(std::string(100'000, '[')).empty());
    CHECK_FALSE(complaint(std::string(100'000, '{')).empty());
    CHECK(json_of("") == "{}");
    CHECK(json_of("# nothing\n") == "{}");
}

TEST_CASE("units are read where a unit is meant") {
    const auto node =
        parse_yaml("{m: 16 GiB, t: 2d, i: 90, x: 5G, at: '2026-11-21T19:30:00Z'}", "f");
    CHECK(node.find("m")->bytes() == std::int64_t{16} << 30U);
    CHECK(node.find("t")->duration() == std::chrono::hours{48});
    CHECK(node.find("i")->duration() == std::chrono::seconds{90});
    CHECK(base::format_time(node.find("at")->time()) == "2026-11-21T19:30:00Z");
    CHECK_THROWS_WITH(node.find("x")->bytes(),
                      "f:1: x: expected a size such as 500MB or 2GiB, got \"5G\"");
}

TEST_CASE("an unknown key is an error with a suggestion") {
    const auto node = parse_yaml("limits:\n  max_pilot: 3\n", "f.yaml");
    MapReader reader(*node.find("limits"));
    reader.count("max_pilots");
    try {
        reader.finish();
        FAIL("accepted");
    } catch (const base::Error& error) {
        CHECK(std::string(error.what()) == "f.yaml:2: unknown key \"max_pilot\" in limits");
        CHECK(error.hint() == "did you mean \"max_pilots\"?");
    }
}

TEST_CASE("maps merge, lists and scalars are replaced") {
    auto low = parse_yaml("{a: {x: 1, y: 2}, l: [1, 2], s: 1}", "low");
    low.merge(parse_yaml("{a: {y: 3, z: 4}, l: [9], s: {t: 1}}", "high"));
    CHECK(record::to_json(low.value()) == R"({"a":{"x":1,"y":3,"z":4},"l":[9],"s":{"t":1}})");
    CHECK(low.find("a")->find("y")->origin().text() == "high:1");
    CHECK(low.find("a")->find("x")->origin().text() == "low:1");
}

}  // namespace tow::config
