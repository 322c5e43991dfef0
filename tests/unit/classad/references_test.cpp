#include "classad/references.hpp"

#include "classad/expr.hpp"
#include "classad/parse.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace tow::classad {

namespace {

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("references are followed through the attributes of the ad") {
    const auto ad = parse_ad("[a = b + TARGET.x; b = MY.c; n = [p = q; r = b]; s = eval(\"zz\")]");
    const auto found = references(*parse_expr("a > n.r || s"), ad);
    REQUIRE(found);
    CHECK(found->internal == Names{"a", "b", "n", "s"});
    CHECK(found->external == Names{"c", "q", "x"});
}

TEST_CASE("a name is listed once, in its first spelling") {
    const auto found = references(*parse_expr("Cpus > 1 && TARGET.cpus > 2 && CPUS > 3"), {});
    REQUIRE(found);
    CHECK(found->external.size() == 1);
    CHECK(found->internal.empty());
}

TEST_CASE("a circle has no references") {
    const auto ad = parse_ad("[a = b; b = a]");
    CHECK_FALSE(references(*parse_expr("a"), ad));
    CHECK(references(*parse_expr("c"), ad));
}

TEST_CASE("mentions are what the text says, by scope") {
    const auto found = mentions(*parse_expr(
        "a + MY.b + other.c + TARGET.C + .d + e.f + g(h) + {i, [j = k]}[0] + l * (m ?: n)"));
    CHECK(found.unscoped == Names{"a", "e", "h", "i", "k", "l", "m", "n"});
    CHECK(found.my == Names{"b"});
    CHECK(found.target.size() == 1);
    CHECK(found.root == Names{"d"});
    CHECK(found.unknown_functions == Names{"g"});
    CHECK_FALSE(found.hidden);
    CHECK(mentions(*parse_expr("1 + eval(x)")).hidden);
}

}  // namespace tow::classad
