#include "source/json_members.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "record/json.hpp"

#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>

namespace tow::source {

namespace {

// "key=value" of every part; then what went wrong.
std::vector<std::string> parts(std::string_view text) {
    const base::UniqueFd fd(::memfd_create("json", 0));
    REQUIRE(base::write_all(fd.get(), text));
    ::lseek(fd.get(), 0, SEEK_SET);
    JsonMembers members(fd.get(), "in");
    std::vector<std::string> result;
    try {
        while (members.next()) {
            result.push_back(members.key() + "=" + record::to_json(members.value().value()));
        }
    } catch (const base::Error& error) {
        result.emplace_back(error.what());
    }
    return result;
}

using Parts = std::vector<std::string>;

}  // namespace

TEST_CASE("An object comes out member by member, its arrays element by element") {
    CHECK(
        parts(R"( {"a": 1, "b": [ {"x": "]"}, [2], "t" ], "c": {"d": []}, "e": [], "f": null} )") ==
        Parts{"a=1", R"(b={"x":"]"})", "b=[2]", R"(b="t")", R"(c={"d":[]})", "f=null"});
    CHECK(parts(R"([1, "two", {"three": 3}])") == Parts{"=1", R"(="two")", R"(={"three":3})"});
    CHECK(parts("{}").empty());
    CHECK(parts("[]\n").empty());
}

TEST_CASE("Parts may be longer than what is read at once") {
    const std::string text(700'000, 'x');
    const auto seen = parts("{\"a\":[\"" + text + "\",\"\\\"" + text +
                            "\"],\"b\":" + std::string(300'000, ' ') + "12345}");
    REQUIRE(seen.size() == 3);
    CHECK(seen[0].size() == text.size() + 4);
    CHECK(seen[2] == "b=12345");
}

TEST_CASE("What is no JSON is refused with its line") {
    CHECK(parts("") == Parts{"in:1: the document ends too early"});
    CHECK(parts("<html>") == Parts{"in:1: expected JSON, this looks like HTML or XML"});
    CHECK(parts("{\n\"a\":1") == Parts{"in:2: the document ends too early"});
    CHECK(parts("{\"a\":1}\n{}") == Parts{"a=1", "in:2: text behind the end of the document"});
    CHECK(parts("{\"a\" 1}") == Parts{"in:1: expected ':'"});
    CHECK(parts("{\"a\":1 \"b\":2}") == Parts{"a=1", "in:1: expected ','"});
    CHECK(parts("{a:1}") == Parts{"in:1: expected a key"});
    CHECK(parts("[1,]").size() == 2);
    CHECK(parts("{\"a\":[1}").back().starts_with("in:1: "));
    CHECK(parts("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}").size() == 1);
    CHECK(parts(R"({"a":{"x":1,"x":2}})").back().find("\"x\"") != std::string::npos);
}

}  // namespace tow::source
