#include "record/json.hpp"

#include "base/error.hpp"

#include <limits>

#include <catch2/catch.hpp>

namespace tow::record {

namespace {

std::string round_trip(std::string_view text) {
    return to_json(parse_json(text));
}

}  // namespace

TEST_CASE("order of keys, integer against real, and large integers survive") {
    const auto* text =
        R"({"z":1,"a":1.0,"m":[null,true,"x"],"big":18446744073709551615,"n":-9223372036854775808})";
    CHECK(round_trip(text) == text);
}

TEST_CASE("reals are the shortest text that reads back the same") {
    CHECK(round_trip("[0.1, 1e300, 2.50, -0.0, 100.0, 1E-10]") ==
          "[0.1,1e+300,2.5,-0.0,100.0,1e-10]");
}

TEST_CASE("NaN and infinity have no JSON: the field is left out, an element is null") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double inf = std::numeric_limits<double>::infinity();
    CHECK(to_json(Object{{"a", nan}, {"b", 1}, {"c", inf}}) == R"({"b":1})");
    CHECK(to_json(Array{nan, 2}) == "[null,2]");
}

TEST_CASE("numbers no machine type holds become strings of their digits") {
    CHECK(
        round_trip(
            R"({"a":18446744073709551616,"b":-9223372036854775809,"c":1e400,"s":"18446744073709551616 \" 1e400"})") ==
        R"({"a":"18446744073709551616","b":"-9223372036854775809","c":"1e400","s":"18446744073709551616 \" 1e400"})");
}

TEST_CASE("bytes that are not UTF-8 are replaced and counted, on the way in and out") {
    JsonParser parser;
    std::string text = "{\"type\":\"a\xFF\"}";
    const auto size = text.size();
    text.resize(size + kPadding);
    parser.parse_padded({text.data(), size});
    CHECK(parser.type() == "a\xEF\xBF\xBD");
    CHECK(parser.repaired_documents() == 1);
    CHECK(to_json(Value("\xC3")) == "\"\xEF\xBF\xBD\"");
}

TEST_CASE("control characters and quotes are escaped") {
    CHECK(to_json(Value(std::string("a\"\\\n\x01\x1F/é", 9))) == R"("a\"\\\n\u0001\u001f/é")");
}

TEST_CASE("what is not JSON is refused") {
    for (const auto* text : {"", "{", "{\"a\":}", "[1,]", "01", "nan", "{\"a\":1} x", "\"\\ud800\"",
                             "'a'", "{\"a\":1,\"a\":2}"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(parse_json(text), base::Error);
    }
}

TEST_CASE("nesting ends at the limit, not in a crash") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    CHECK_NOTHROW(parse_json(nested(kMaxDepth - 1)));
    CHECK_THROWS_AS(parse_json(nested(kMaxDepth + 1)), base::Error);
    CHECK_THROWS_AS(parse_json(nested(1'000'000)), base::Error);
}

TEST_CASE("paths lead into objects, and a key with a dot is found too") {
    const auto value = parse_json(R"({"a":{"b":{"c":1}},"a.x":2,"p":{"q.r":3}})");
    const auto& object = *value.object();
    CHECK(object.find_path("a.b.c")->integer() == 1);
    CHECK(object.find_path("a.x")->integer() == 2);
    CHECK(object.find_path("p.q.r")->integer() == 3);
    CHECK(object.find_path("a.none") == nullptr);
    CHECK(object.find_path("p.q.r.s") == nullptr);
}

TEST_CASE("integers are also read from reals that are exact") {
    CHECK(parse_json("4.0").integer() == 4);
    CHECK_FALSE(parse_json("4.5").integer().has_value());
    CHECK_FALSE(parse_json("1e30").integer().has_value());
    CHECK_FALSE(parse_json("\"4\"").integer().has_value());
}

}  // namespace tow::record
