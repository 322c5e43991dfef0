#include "base/clock.hpp"

#include "base/error.hpp"

#include <catch2/catch.hpp>

namespace tow::base {

using namespace std::chrono_literals;

TEST_CASE("RFC 3339 times are read in all their forms and printed in one") {
    const auto same = {"2026-11-21T19:30:05Z",      "2026-11-21t19:30:05z",
                       "2026-11-21 19:30:05Z",      "2026-11-21T19:30:05.999Z",
                       "2026-11-21T20:30:05+01:00", "2026-11-21T14:00:05-05:30"};
    for (const auto* text : same) {
        CAPTURE(text);
        REQUIRE(parse_rfc3339(text).has_value());
        CHECK(format_time(*parse_rfc3339(text)) == "2026-11-21T19:30:05Z");
    }
}

TEST_CASE("leap days, years before 1970 and year boundaries survive the round trip") {
    for (const auto* text : {"2024-02-29T00:00:00Z", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
                             "9999-12-31T23:59:59Z"}) {
        CAPTURE(text);
        CHECK(format_time(parse_rfc3339(text).value()) == text);
    }
}

TEST_CASE("what is not an RFC 3339 instant is refused") {
    for (const auto* text :
         {"", "2026-11-21", "2026-11-21T19:30:05", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z",
          "2026-11-21T24:00:00Z", "2026-11-21T19:30Z", "2026-11-21T19:30:05Zx",
          "2026-11-21T19:30:05.Z", "26-11-21T19:30:05Z", "2026-11-21T19:30:05+1:00", "yesterday"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rfc3339(text).has_value());
    }
}

TEST_CASE("people may say now, or how long ago") {
    const auto now = *parse_rfc3339("2026-11-21T12:00:00Z");
    CHECK(parse_time("now", now) == now);
    CHECK(parse_time("-2h", now) == now - 2h);
    CHECK(parse_time("2026-11-20T12:00:00Z", now) == now - 24h);
    CHECK_THROWS_AS(parse_time("2h", now), Error);
}

TEST_CASE("an end is ahead: how long from now, or when") {
    const auto now = *parse_rfc3339("2026-11-21T12:00:00Z");
    CHECK(parse_end("2h", now) == now + 2h);
    CHECK(parse_end("2026-11-21T12:00:01Z", now) == now + 1s);
    for (const auto* text : {"2026-11-21T12:00:00Z", "-2h", "0", "now", "never", "", "4000000d"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(parse_end(text, now), Error);
    }
}

}  // namespace tow::base
