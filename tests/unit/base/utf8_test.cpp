#include "base/utf8.hpp"

#include <catch2/catch.hpp>

namespace tow::base {

TEST_CASE("valid UTF-8 is left alone") {
    const std::string text = "plain, é, 漢字, 🚀 and more than eight bytes";
    std::size_t replaced = 0;
    CHECK(is_utf8(text));
    CHECK(repair_utf8(text, &replaced) == text);
    CHECK(replaced == 0);
}

TEST_CASE("every bad byte becomes one U+FFFD and is counted") {
    std::size_t replaced = 0;
    CHECK(repair_utf8("a\xFF\xC3z", &replaced) == "a\xEF\xBF\xBD\xEF\xBF\xBDz");
    CHECK(replaced == 2);
}

TEST_CASE("overlong forms, surrogates and values past U+10FFFF are invalid") {
    for (const std::string bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                  "\xF8\x88\x80\x80\x80", "\x80", "\xE2\x82"}) {
        CHECK_FALSE(is_utf8(bad));
        CHECK(is_utf8(repair_utf8(bad)));
    }
}

TEST_CASE("messages never carry control bytes to a terminal") {
    CHECK(printable("a\nb\tc") == "a\\nb\\tc");
    CHECK(printable("\x1B[31mred") == "\\x1b[31mred");
    CHECK(printable("\xFF") == "\\xff");
    CHECK(printable("\xC2\x9B"
                    "31m") == "\\u009b31m");
    const std::string to_the_left{'\xE2', '\x80', '\xAE'};
    const std::string isolated{'\xE2', '\x81', '\xA6'};
    CHECK(printable("gnp" + to_the_left + isolated) == "gnp\\u202e\\u2066");
    CHECK(printable("…") == "…");
    CHECK(printable("é") == "é");
}

TEST_CASE("width counts columns, and cutting leaves a mark") {
    CHECK(display_width("abc") == 3);
    CHECK(display_width("漢字") == 4);
    CHECK(display_width("e\xCC\x81") == 1);
    CHECK(cut_to_width("abcdef", 4) == "abc…");
    CHECK(cut_to_width("abc", 3) == "abc");
    CHECK(cut_to_width("漢字漢字", 4) == "漢…");
    CHECK(cut_to_width("abc", 0).empty());
}

}  // namespace tow::base
