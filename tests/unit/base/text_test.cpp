#include "base/text.hpp"

#include <catch2/catch.hpp>

namespace tow::base {

TEST_CASE("patterns of the shell match whole texts") {
    CHECK(matches_pattern("T2_US_*", "T2_US_Nebraska"));
    CHECK(matches_pattern("*", ""));
    CHECK(matches_pattern("a*b*c", "a-b-b-c"));
    CHECK(matches_pattern("?x", "ax"));
    CHECK_FALSE(matches_pattern("T2_US", "T2_US_Nebraska"));
    CHECK_FALSE(matches_pattern("a?", "a"));
    CHECK_FALSE(matches_pattern("*a", "ab"));
    CHECK_FALSE(matches_pattern("", "a"));
}

TEST_CASE("the nearest candidate is suggested only when it is near") {
    const std::vector<std::string> names{"--dry-run", "--columns", "--output", "--out"};
    CHECK(nearest("--dryrun", names) == "--dry-run");
    CHECK(nearest("--colums", names) == "--columns");
    CHECK(nearest("--ouput", names) == "--output");
    CHECK_FALSE(nearest("--frobnicate", names).has_value());
    CHECK_FALSE(nearest("x", {"a", "b"}).has_value());
}

TEST_CASE("split trims and drops empty parts; join is its inverse") {
    CHECK(split(" a, b ,,c", ',') == std::vector<std::string>{"a", "b", "c"});
    CHECK(split("", ',').empty());
    CHECK(join({"a", "b"}, ", ") == "a, b");
}

TEST_CASE("comparison without case knows only ASCII") {
    CHECK(equal_nocase("RequestCpus", "requestcpus"));
    CHECK_FALSE(equal_nocase("a", "ab"));
    CHECK(lower("ÄA") == "Äa");
}

}  // namespace tow::base
