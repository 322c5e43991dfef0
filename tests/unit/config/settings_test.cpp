#include "config/settings.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "scratch.hpp"

#include <catch2/catch.hpp>

namespace tow::config {

namespace {

std::string file_with(const std::string& name, std::string_view text) {
    static const test::Scratch scratch;
    auto path = fmt::format("{}/{}", scratch.path(), name);
    base::write_file_atomically(path, text);
    return path;
}

std::string complaint(std::string_view text) {
    try {
        Settings::read({file_with("bad.yaml", text)});
    } catch (const base::Error& error) {
        const std::string what = error.what();
        return what.substr(what.find("bad.yaml")) +
               (error.hint().empty() ? "" : " / " + error.hint());
    }
    return "";
}

}  // namespace

TEST_CASE("later files win, and every value knows where it was written") {
    const auto low = file_with("low.yaml", "plan:\n  max_pilots: 5\n  max_age: 1h\n");
    const auto high = file_with("high.yaml", "plan: {max_pilots: 7}\nentries: a.yaml\n");
    const auto settings = Settings::read({low, high});
    CHECK(settings.text("plan.max_pilots") == "7");
    CHECK(settings.origin("plan.max_pilots").text() == high + ":1");
    CHECK(settings.text("plan.max_age") == "1h");
    CHECK(settings.text("plan.valid_for") == "10m");
    CHECK(settings.origin("plan.valid_for").text() == "default");
    CHECK_FALSE(settings.text("plan.max_submit").has_value());
    CHECK(settings.texts("entries") == std::vector<std::string>{"a.yaml"});
}

TEST_CASE("wrong settings are refused with place, key and suggestion") {
    CHECK(complaint("plan:\n  max_pilot: 5\n") ==
          "bad.yaml:2: unknown key \"max_pilot\" in plan / did you mean \"max_pilots\"?");
    CHECK(complaint("plann: {}\n") == "bad.yaml:1: unknown key \"plann\" / did you mean \"plan\"?");
    CHECK(complaint("plan: 5\n") == "bad.yaml:1: plan: expected a map, got \"5\"");
    CHECK(complaint("plan: {max_pilots: -1}") ==
          "bad.yaml:1: plan.max_pilots: expected an integer of at least 0, got \"-1\"");
    CHECK(complaint("plan: {remove: all}") ==
          "bad.yaml:1: plan.remove: expected one of none, unsubmitted, pending, idle, got \"all\"");
    CHECK(complaint("- a\n") == "bad.yaml:1: expected a map, got a list");
}

}  // namespace tow::config
