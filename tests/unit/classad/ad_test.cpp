#include "classad/ad.hpp"

#include "classad/expr.hpp"
#include "classad/unparse.hpp"

#include <catch2/catch.hpp>

namespace tow::classad {

TEST_CASE("names have no case, and the first spelling stays") {
    Ad ad;
    ad.insert_int("RequestCpus", 1);
    ad.insert_int("REQUESTCPUS", 2);
    CHECK(ad.size() == 1);
    CHECK(unparse(ad) == "[ RequestCpus = 2 ]");
    CHECK(ad.find("requestcpus") != nullptr);
    CHECK(ad.find("RequestCpu") == nullptr);
}

TEST_CASE("attributes are shown by length and then alphabetically, but kept in their order") {
    Ad ad;
    ad.insert_bool("beta", true);
    ad.insert_real("Alpha", 1);
    ad.insert_string("c", "x");
    ad.insert_int("B", 7);
    CHECK(unparse(ad) == "[ B = 7; c = \"x\"; beta = true; Alpha = 1.000000000000000E+00 ]");
    CHECK(ad.begin()->name == "beta");
}

TEST_CASE("an ad finds its attributes however many there are") {
    Ad ad;
    constexpr int kMany = 3000;
    for (int i = 0; i < kMany; ++i) {
        ad.insert_int("Attribute" + std::to_string(i), i);
    }
    CHECK(ad.erase("attribute7"));
    CHECK_FALSE(ad.erase("attribute7"));
    for (int i = 0; i < kMany; ++i) {
        const auto* expr = ad.find("ATTRIBUTE" + std::to_string(i));
        CHECK((expr == nullptr) == (i == 7));
    }
    const auto copy = ad;
    CHECK(copy.size() == kMany - 1);
    CHECK(copy.find("Attribute2999") == ad.find("Attribute2999"));
}

TEST_CASE("names that are no identifiers are quoted") {
    Ad ad;
    ad.insert_int("a b", 1);
    ad.insert_int("is", 2);
    ad.insert_int("it's", 3);
    ad.insert_int("parent", 4);
    CHECK(unparse(ad) == R"([ 'is' = 2; 'a b' = 1; 'it\'s' = 3; 'parent' = 4 ])");
}

}  // namespace tow::classad
