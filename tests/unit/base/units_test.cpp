#include "base/units.hpp"

#include "base/error.hpp"

#include <catch2/catch.hpp>

namespace tow::base {

using namespace std::chrono_literals;

TEST_CASE("durations are read as people write them") {
    CHECK(parse_duration("90s") == 90s);
    CHECK(parse_duration("90") == 90s);
    CHECK(parse_duration("5m") == 5min);
    CHECK(parse_duration("2h30m") == 150min);
    CHECK(parse_duration("1d") == 24h);
    CHECK(parse_duration("1d 6h") == 30h);
    CHECK(parse_duration("0.2s") == 200ms);
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("0") == 0s);
}

TEST_CASE("what is not a duration is refused with the forms that are") {
    for (const auto* text : {"", "h", "5x", "-5s", "5m2h", "5m 5m", "1h30", "1e9999", "nan",
                             "9e99d", "99999999999999d", "1.5.5s"}) {
        CAPTURE(text);
        CHECK_THROWS_WITH(parse_duration(text), Catch::Contains("90s, 5m, 2h30m or 1d"));
    }
}

TEST_CASE("sizes have decimal and binary units") {
    CHECK(parse_bytes("500MB") == 500'000'000);
    CHECK(parse_bytes("2GiB") == 2'147'483'648);
    CHECK(parse_bytes("16 GiB") == 17'179'869'184);
    CHECK(parse_bytes("1.5KiB") == 1536);
    CHECK(parse_bytes("4096") == 4096);
}

TEST_CASE("an ambiguous or impossible size is refused") {
    for (const auto* text : {"", "2G", "2M", "GiB", "-1", "2 GiB x", "1e30", "99999PiB", "2gib"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(parse_bytes(text), Error);
    }
}

TEST_CASE("durations print in two units at the most") {
    CHECK(format_duration(0s) == "0s");
    CHECK(format_duration(59s) == "59s");
    CHECK(format_duration(5min) == "5m");
    CHECK(format_duration(3h + 12min + 40s) == "3h12m");
    CHECK(format_duration(52h) == "2d4h");
    CHECK(format_duration(-61s) == "-1m1s");
}

TEST_CASE("sizes print with one digit behind the point") {
    CHECK(format_bytes(512) == "512B");
    CHECK(format_bytes(1536) == "1.5KiB");
    CHECK(format_bytes(17'179'869'184) == "16GiB");
}

}  // namespace tow::base
