#include "base/ulid.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"

#include <catch2/catch.hpp>

namespace tow::base {

TEST_CASE("a ULID carries its time and depends on its content") {
    const auto id = make_ulid(1'795'290'575'123, "plan");
    CHECK(id.size() == 26);
    CHECK(ulid_time_ms(id) == 1'795'290'575'123);
    CHECK(id == make_ulid(1'795'290'575'123, "plan"));
    CHECK(id != make_ulid(1'795'290'575'123, "plan2"));
    CHECK(id.substr(0, 10) == make_ulid(1'795'290'575'123, "x").substr(0, 10));
}

TEST_CASE("ULIDs sort by time") {
    CHECK(make_ulid(1, "z") < make_ulid(2, "a"));
    CHECK(make_ulid(0xFFFF'FFFF'FFFF, "a").front() == '7');
}

TEST_CASE("the known hash of a known text") {  // XXH3_64bits("aerotow"), so that ids never drift
    CHECK(hash_hex("") == "2d06800538d394c2");
    CHECK(make_ulid(0, "") == "0000000000" + make_ulid(9, "").substr(10));
}

TEST_CASE("the ULIDs after one carry into the next digit, and end with the last") {
    const std::string first = "01M7YZMHG0RZ4S2RJZ2W4V1B00";
    CHECK(ulid_after(first, 0) == first);
    CHECK(ulid_after(first, 1) == "01M7YZMHG0RZ4S2RJZ2W4V1B01");
    CHECK(ulid_after(first, 31) == "01M7YZMHG0RZ4S2RJZ2W4V1B0Z");
    CHECK(ulid_after(first, 32) == "01M7YZMHG0RZ4S2RJZ2W4V1B10");
    CHECK(ulid_after("01M7YZMHG0RZ4S2RJZ2W4V1ZZZ", 1) == "01M7YZMHG0RZ4S2RJZ2W4V2000");
    CHECK(ulid_after(ulid_after(first, 123'456), 654'321) == ulid_after(first, 777'777));
    constexpr auto kMost = ~std::uint64_t{0};
    CHECK(ulid_after("00000000000000000000000001", kMost) == "0000000000000G000000000000");
    const std::string last = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ";
    CHECK(ulid_after("7ZZZZZZZZZZZZZZZZZZZZZZZZ0", 31) == last);
    CHECK_THROWS_WITH(ulid_after(last, 1), Catch::Contains("no ULID comes so far after"));
    CHECK_THROWS_AS(ulid_after("", 1), Error);
    CHECK_THROWS_AS(ulid_after("no ulid", 0), Error);
}

TEST_CASE("what is not a canonical ULID is refused") {
    CHECK_FALSE(is_ulid(""));
    CHECK_FALSE(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FA"));
    CHECK_FALSE(is_ulid("81ARZ3NDEKTSV4RRFFQ69G5FAV"));
    CHECK_FALSE(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAU"));
    CHECK(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
}

}  // namespace tow::base
