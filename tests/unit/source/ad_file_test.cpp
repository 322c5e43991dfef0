#include "source/ad_file.hpp"

#include "base/file.hpp"
#include "classad/unparse.hpp"
#include "source/ad_batch.hpp"
#include "source/ad_records.hpp"

#include <sys/mman.h>
#include <thread>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace tow::source {

namespace {

base::UniqueFd file_of(std::string_view text) {
    base::UniqueFd fd(::memfd_create("ads", 0));
    REQUIRE(base::write_all(fd.get(), text));
    ::lseek(fd.get(), 0, SEEK_SET);
    return fd;
}

// "line:ad" of each, or what is wrong.
std::vector<std::string> read_all(int fd, std::optional<classad::Format> format = {}) {
    std::vector<std::string> result;
    AdFile(fd, "in", format)
        .read(
            [&](const FileAd& found) {
                result.push_back(fmt::format("{}:{}", found.line, unparse(found.ad)));
            },
            [&](const base::Error& error) { result.emplace_back(error.what()); });
    return result;
}

std::vector<std::string> read_all(std::string_view text,
                                  std::optional<classad::Format> format = {}) {
    return read_all(file_of(text).get(), format);
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("whole ads of every format come with their lines") {
    CHECK(read_all("\n# c\nA = 1\nB = 2\n\n\nC = 3") ==
          Strings{"3:[ A = 1; B = 2 ]", "7:[ C = 3 ]"});
    CHECK(read_all("[\n{\"A\": 1},\n{\"B\": 2}\n]\n") == Strings{"2:[ A = 1 ]", "3:[ B = 2 ]"});
    CHECK(read_all("{\"A\": 1}\n{\"B\": 2}\n") == Strings{"1:[ A = 1 ]", "2:[ B = 2 ]"});
    CHECK(read_all("{[ A = 1 ],\n[ B = \"]\" ]}") == Strings{"1:[ A = 1 ]", "2:[ B = \"]\" ]"});
    CHECK(read_all("[ A = 1 ]\n/* [ */\n[ B = 2 ]") == Strings{"1:[ A = 1 ]", "3:[ B = 2 ]"});
    CHECK(read_all("<classads><c></c>\n<c></c></classads>") == Strings{"1:[  ]", "2:[  ]"});
    CHECK(read_all("").empty());
    CHECK(read_all(" \n\n").empty());
    CHECK(read_all("[]").empty());
    CHECK(read_all("# only a comment").empty());
}

TEST_CASE("a malformed ad is told with its place, and the next one is read") {
    CHECK(read_all("A = 1\nB = (\n\nC = 3\n") ==
          Strings{"in:2: B: byte 2: expected a value, but the text ends", "4:[ C = 3 ]"});
    CHECK(read_all("{\"A\":\n x}\n{\"B\":1}") ==
          Strings{"in:2: byte 8: expected a value", "3:[ B = 1 ]"});
    CHECK(read_all("[{\"A\":1},") == Strings{"1:[ A = 1 ]", "in:1: the list of ads does not end"});
    CHECK(read_all("<classads>\n<x/>") == Strings{"in:2: <x>: an unknown element"});
    CHECK(read_all("A = 1", classad::Format::Json).size() == 1);
}

TEST_CASE("ads larger than a block are read, those that are too large refused") {
    const std::string large(3 << 20, 'x');
    CHECK(read_all("A = \"" + large + "\"\n\nB = 1\n").size() == 2);
    CHECK(read_all("[ A = \"" + large + "\" ]\n[ B = 1 ]").size() == 2);
    const std::string huge(17 << 20, 'x');
    const auto refused = read_all("A = \"" + huge + "\"\n");
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].substr(0, 32) == "in:1: an ad of more than 16 MiB");
}

TEST_CASE("an ad is handed over before the writer of a pipe goes on") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const base::UniqueFd in(ends[0]);
    base::UniqueFd out(ends[1]);
    const std::string filler(100, 'x');
    REQUIRE(base::write_all(out.get(), "{\"A\": \"" + filler + "\"}\n{\"B\""));
    std::size_t seen = 0;
    AdFile(in.get(), "in", std::nullopt)
        .read(
            [&](const FileAd&) {
                ++seen;
                if (seen == 1) {  // else this would wait for ever
                    REQUIRE(base::write_all(out.get(), ": 1}\n"));
                    out.reset();
                }
            },
            [](const base::Error&) {});
    CHECK(seen == 2);
}

TEST_CASE("what a writer writes is read again") {
    const auto ad = classad::parse_ad("[ A = 1; B = x + \"\\377\"; C = { true,[ d = 1.5 ] } ]");
    for (const auto* format : {"long", "json", "jsonl", "new", "xml"}) {
        AdFileWriter writer(format);
        auto text = writer.begin();
        text += writer.add(ad);
        text += writer.add(ad);
        text += writer.end();
        INFO(text);
        CHECK(read_all(text).size() == 2);
        CHECK(read_all(text, ad_format(format)).size() == 2);
    }
    AdFileWriter json("json");
    json.add(ad);
    CHECK(json.losses().begin()->second == 0);  // expressions have escapes
    AdFileWriter text("long");
    text.add(classad::parse_ad("[ A = \"a\\nb\" ]"));
    CHECK(text.losses().begin()->second == 1);
}

TEST_CASE("problems are told with the line of what is wrong") {
    std::vector<std::string> seen;
    AdFile(file_of("\nA = 1\nB = nope()\nC = 1 junk\n").get(), "in", {})
        .read(
            [&](const FileAd& ad) {
                each_problem(ad, {}, [&](const record::Object& problem) {
                    seen.push_back(*problem.find("where")->string());
                });
            },
            [](const base::Error&) {});
    CHECK(seen == Strings{"in:3", "in:4"});
}

TEST_CASE("questions are answered line by line, bytes and all") {
    Strings answers;
    Strings problems;
    const auto fd = file_of(
        "{\"expr\":\"1+1\",\"x\":1.0,\"type\":\"?\"}\n\n"
        "{\"expr\":\"\\\"\\udcff\\\\udc41\\ud83d\\udc80\\\"\",\"mode\":\"tojson\"}\r\n"
        "{\"expr\":\"[a=\\\"\\udcff\\ud83d\\udc80\\\"]\",\"mode\":\"tolong\"}\nnothing");
    answer_lines(fd.get(), "in", {},
                 {{},
                  [&](const std::string& line) { answers.push_back(line); },
                  [&](const base::Error& error) { problems.emplace_back(error.what()); }});
    REQUIRE(answers.size() == 3);
    CHECK(answers[0] == R"({"expr":"1+1","x":1.0,"type":"integer","result":"2"})");
    CHECK(answers[1].starts_with("{\"expr\":\"\\\"\\udcff\\\\udc41\xF0\x9F\x92\x80\\\"\""));
    CHECK(answers[2].find("\"result\":\"a = \\\"\\udcff\xF0\x9F\x92\x80\\\"\\n\"") !=
          std::string::npos);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].starts_with("in:5: not JSON"));
}

}  // namespace tow::source
