#include "top/view.hpp"

#include "base/utf8.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace tow::top {

namespace {

Picture picture_of(std::vector<std::vector<report::Cell>> rows) {
    return {{"summary"},
            {{"First", {"", {{"Name"}, {"Number", true}}, std::move(rows)}}, {"Second", {}}}};
}

std::string text_of(View& view, Size size) {
    std::string text;
    for (const auto& line : view.lines(size)) {
        for (const auto& span : line) {
            text += span.text;
        }
        text += '\n';
    }
    return text;
}

std::string selected_of(View& view, Size size) {
    for (const auto& line : view.lines(size)) {
        if (line.size() > 1 && std::ranges::all_of(line, [](const Span& span) {
                return span.style == Style::Selected;
            })) {
            return line.front().text;
        }
    }
    return "";
}

void type(View& view, std::string_view text, Size size) {
    for (const char c : text) {
        view.press({Key::Character, c}, size);
    }
}

constexpr Size kSize{60, 12};

}  // namespace

TEST_CASE("what is selected stays selected when numbers change") {
    View view;
    view.show(picture_of({{"A", "1"}, {"B", "2"}, {"C", "3"}}));
    view.press({Key::Down}, kSize);
    CHECK(selected_of(view, kSize).starts_with("B"));
    view.show(picture_of({{"C", "3"}, {"A", "1"}, {"X", "1"}, {"B", "2"}}));
    CHECK(selected_of(view, kSize).starts_with("B"));
    view.show(picture_of({{"C", "3"}}));
    CHECK(selected_of(view, kSize).starts_with("C"));
    view.show(picture_of({}));
    CHECK(text_of(view, kSize).find("Nothing here.") != std::string::npos);
}

TEST_CASE("rows are sorted by number where they are numbers, and turned round") {
    View view;
    view.show(picture_of({{"A", "9"}, {"B", "10"}, {"C", ""}}));
    type(view, "ss", kSize);
    auto text = text_of(view, kSize);
    CHECK(text.find('B') < text.find("A "));
    CHECK(text.find("A ") < text.find('C'));
    type(view, "r", kSize);
    text = text_of(view, kSize);
    CHECK(text.find("\nC") < text.find("\nA"));
    type(view, "2", kSize);  // a table without columns
    type(view, "s", kSize);
    CHECK(text_of(view, kSize).find("Nothing here.") != std::string::npos);
}

TEST_CASE("a filter holds until it is lifted; what is typed is never obeyed") {
    View view;
    view.show(picture_of({{"alpha", "1"}, {"quit", "2"}}));
    type(view, "/q", kSize);
    CHECK_FALSE(view.is_done());
    CHECK(text_of(view, kSize).find("alpha") == std::string::npos);
    type(view, "\xC3\xA9", kSize);
    CHECK(text_of(view, kSize).find("Nothing matches") != std::string::npos);
    view.press({Key::Backspace}, kSize);  // the whole letter
    CHECK(text_of(view, kSize).find("quit") != std::string::npos);
    view.press({Key::Escape}, kSize);
    CHECK(text_of(view, kSize).find("alpha") != std::string::npos);
    type(view, "q", kSize);
    CHECK(view.is_done());
}

TEST_CASE("no screen is too small, no line too wide, no key too many") {
    std::vector<std::vector<report::Cell>> rows;
    rows.reserve(100);
    for (int i = 0; i < 100; ++i) {
        rows.push_back({"name " + std::to_string(i), std::to_string(i)});
    }
    View view;
    view.show(picture_of(std::move(rows)));
    std::uint32_t random = 1;
    const std::string keys = "kjsr/?12q9p \x7Fxyz";
    for (int i = 0; i < 5000; ++i) {
        random = random * 1664525 + 1013904223;
        const Size size{1 + random / 65536 % 120, 1 + random / 4096 % 40};
        const auto key = static_cast<Key>(random / 1024 % 13);
        view.press({key, keys[random / 256 % keys.size()]}, size);
        const auto lines = view.lines(size);
        CHECK(lines.size() == size.height);
        for (const auto& line : lines) {
            std::size_t width = 0;
            for (const auto& span : line) {
                width += base::display_width(span.text);
            }
            REQUIRE(width <= size.width);
        }
    }
}

}  // namespace tow::top
