#include "record/reader.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>

namespace tow::record {

namespace {

base::UniqueFd file_with(std::string_view content) {
    base::UniqueFd fd(::memfd_create("input", 0));
    REQUIRE(base::write_all(fd.get(), content));
    ::lseek(fd.get(), 0, SEEK_SET);
    return fd;
}

// "type@line" of every record, or what went wrong.
std::vector<std::string> read_all(std::string_view content) {
    const auto fd = file_with(content);
    RecordReader reader(fd.get(), "in");
    std::vector<std::string> result;
    try {
        while (reader.next()) {
            result.push_back(std::string(reader.type()) + "@" + reader.where());
        }
    } catch (const base::Error& error) {
        result.emplace_back(error.what());
    }
    return result;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("JSON Lines and one array are told apart by the first byte") {
    CHECK(read_all("{\"type\":\"a\"}\n\n  {\"type\":\"b\"}\r\n") == Strings{"a@in:1", "b@in:3"});
    CHECK(read_all("{\"type\":\"a\"}") == Strings{"a@in:1"});
    CHECK(read_all(" [\n{\"type\":\"a\",\n\"x\":[{}]},{\"type\":\"b}]\"}\n]\n") ==
          Strings{"a@in:2", "b}]@in:3"});
    CHECK(read_all("[]").empty());
    CHECK(read_all("").empty());
    CHECK(read_all(" \n\n").empty());
}

TEST_CASE("a broken record names file and line") {
    CHECK(read_all("{\"type\":\"a\"}\n{\"type\":}\n").back().starts_with("in:2: not JSON"));
    CHECK(read_all("{\"type\":\"a\"}\nnonsense\n").back().starts_with("in:2: not JSON"));
    CHECK(read_all("{\"x\":1}\n").back() == "in:1: not a record: no \"type\"");
    CHECK(read_all("[1]").back() == "in:1: expected an object");
    CHECK(read_all("[{\"type\":\"a\"}\n{\"type\":\"b\"}]").back() ==
          "in:2: expected ',' or ']' after an element of the array");
    CHECK(read_all("[{\"type\":\"a\"}").back() == "in:1: the array ends too early");
    CHECK(read_all("[{\"type\":\"a\"").back() == "in:1: the array ends too early");
    CHECK(read_all("[]\nx").back() == "in:2: text after the end of the array");
}

TEST_CASE("a record is handed on as it stood; only newlines inside it go") {
    const auto fd = file_with("{ \"type\" : \"a\", \"n\": 1.50 }\n");
    RecordReader lines(fd.get(), "in");
    REQUIRE(lines.next());
    CHECK(lines.line() == "{ \"type\" : \"a\", \"n\": 1.50 }");

    const auto pretty = file_with("[\n{\n  \"type\": \"a\",\n  \"n\": 1.50\n}\n]");
    RecordReader array(pretty.get(), "in");
    REQUIRE(array.next());
    CHECK(array.line() == "{\"type\":\"a\",\"n\":1.50}");
    CHECK_FALSE(array.next());
    CHECK_FALSE(array.next());
}

TEST_CASE("records longer than a block and records across block ends are whole") {
    std::string content;
    for (int i = 0; i < 2000; ++i) {
        content += "{\"type\":\"t\",\"n\":" + std::to_string(i) + ",\"pad\":\"" +
                   std::string(static_cast<std::size_t>(i % 700), 'x') + "\"}\n";
    }
    content += "{\"type\":\"large\",\"pad\":\"" + std::string(3U << 20U, 'y') + "\"}";
    const auto fd = file_with(content);
    RecordReader reader(fd.get(), "in");
    int count = 0;
    while (reader.next()) {
        if (reader.type() == "t") {
            REQUIRE(reader.record().find("n")->integer() == count);
        }
        ++count;
    }
    CHECK(count == 2001);
}

TEST_CASE("a line past the limit is refused without being kept") {
    const std::string content = "{\"type\":\"t\",\"pad\":\"" + std::string(kMaxDocument + 10, 'x');
    CHECK(read_all(content).back() == "in:1: a record of more than 16 MiB");
    CHECK(read_all("[" + content).back() == "in:1: a record of more than 16 MiB");
}

}  // namespace tow::record
