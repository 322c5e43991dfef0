#include "source/ad_stream.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fmt/core.h>

namespace tow::source {

namespace {

// "A|B" of every ad, "-" where it has none; then what went wrong.
std::vector<std::string> read_all(std::string_view text, std::optional<AdFormat> format = {}) {
    const base::UniqueFd fd(::memfd_create("ads", 0));
    REQUIRE(base::write_all(fd.get(), text));
    ::lseek(fd.get(), 0, SEEK_SET);
    AttributeTable wanted;
    wanted.add("A");
    wanted.add("B");
    std::vector<std::string> result;
    AdStream stream(fd.get(), "in", format, wanted);
    try {
        while (stream.next()) {
            std::string line;
            for (const auto value : stream.values()) {
                line += (line.empty() ? "" : "|") +
                        (value.data() == nullptr ? "-" : std::string(value));
            }
            result.push_back(line);
        }
    } catch (const base::Error& error) {
        result.emplace_back(error.what());
    }
    return result;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("ads are found in every format, attributes without regard to case") {
    const Strings expected{"1|\"x\"", "2|-"};
    CHECK(read_all("[\n{\"a\": 1, \"Other\": [\"}]\", {}], \"B\": \"x\"},\n{\"A\":2}\n]\n") ==
          expected);
    CHECK(read_all("{\"A\":1,\"B\":\"x\"}\n{\"A\":2}\n") == expected);
    CHECK(read_all("A = 1\nOther = \"=\"\nb =  \"x\" \n\n\nA=2\n") == expected);
    CHECK(
        read_all(
            "<?xml version=\"1.0\"?>\n<classads>\n<c><a n=\"A\"><i>1</i></a><a n=\"B\"><s>x</s></a>"
            "</c>\n<c><a n=\"A\"><i>2</i></a></c>\n</classads>\n") == expected);
}

TEST_CASE("nothing, brackets and blanks hold no ads") {
    CHECK(read_all("").empty());
    CHECK(read_all(" \n\n").empty());
    CHECK(read_all("[]").empty());
    CHECK(read_all("[\n]\n").empty());
    CHECK(read_all("<?xml version=\"1.0\"?>\n<classads>\n</classads>\n").empty());
    CHECK(read_all("{}") == Strings{"-|-"});
}

TEST_CASE("the headers of condor_q and comments are no attributes") {
    CHECK(read_all("-- Schedd: s1 : <127.0.0.1:9618?a=1>\n# comment = 1\nA = 1\n") ==
          Strings{"1|-"});
}

TEST_CASE("a later attribute of the same name wins") {
    CHECK(read_all("{\"A\":1,\"a\":2}") == Strings{"2|-"});
    CHECK(read_all("A = 1\na = 2\n") == Strings{"2|-"});
}

TEST_CASE("escapes end no string, whatever stands before the quote") {
    CHECK(read_all(R"([{"A":"\\","B":"\\\"]"}])") == Strings{R"("\\"|"\\\"]")"});
}

TEST_CASE("what is malformed names its line") {
    CHECK(read_all("[\n{\"A\":1},\n{\"A\" 2}]").back() == "in:3: expected ':'");
    CHECK(read_all("[{\"A\":1}").back() == "in:1: the array ends too early");
    CHECK(read_all("[{\"A\":1").back() == "in:1: the ad ends too early");
    CHECK(read_all("[{\"A\":1x}]").back() == "in:1: expected a JSON value");
    CHECK(read_all("[{\"A\":1}]]").back() == "in:1: expected an ad: '{'");
    CHECK(read_all("{\"A\":1} x", AdFormat::Json).back() == "in:1: expected an ad: '{'");
    CHECK(read_all("A = 1\nnonsense\n").back() == "in:2: expected \"Name = expression\"");
    CHECK(read_all("<classads><c><a n=\"A\"><i>1</i></a>").back() == "in:1: the ad ends too early");
}

TEST_CASE("ads longer than a block and across block ends are whole") {
    std::string json = "[\n";
    std::string lines;
    for (int i = 0; i < 3000; ++i) {
        const auto pad = std::string(static_cast<std::size_t>(i * 7 % 900), 'x');
        const auto number = std::to_string(i);
        json += fmt::format(R"({}{{"Pad":"{}","A":{}}})", i == 0 ? "" : ",\n", pad, number);
        lines += fmt::format("Pad = \"{}\"\nA = {}\n\n", pad, number);
    }
    const auto large = std::string(2U << 20U, 'y');
    json += ",\n{\"Pad\":\"" + large + "\",\"A\":3000}\n]\n";
    lines += "Pad = \"" + large + "\"\nA = 3000\n";
    for (const auto& text : {json, lines}) {
        const auto ads = read_all(text);
        REQUIRE(ads.size() == 3001);
        for (std::size_t i = 0; i < ads.size(); ++i) {
            REQUIRE(ads[i] == std::to_string(i) + "|-");
        }
    }
}

TEST_CASE("a table that grows is asked again for the same ad") {
    const base::UniqueFd fd(::memfd_create("ads", 0));
    REQUIRE(base::write_all(fd.get(), "[{\"A\":1,\"C\":3},{\"A\":2,\"C\":4}]"));
    ::lseek(fd.get(), 0, SEEK_SET);
    AttributeTable wanted;
    wanted.add("A");
    AdStream stream(fd.get(), "in", {}, wanted);
    REQUIRE(stream.next());
    wanted.add("C");
    stream.rescan();
    CHECK(stream.values() == RawValues{"1", "3"});
    REQUIRE(stream.next());
    CHECK(stream.values() == RawValues{"2", "4"});
    CHECK_FALSE(stream.next());
}

TEST_CASE("names of any length are told apart, and only by more than case") {
    AttributeTable table;
    const std::vector<std::string> names{
        "a",       "b",        "ab",       "abc",      "abcd",
        "abcdefg", "abcdefgh", "abcdefgi", "xbcdefgh", "abcdefghabcdefgh"};
    for (const auto& name : names) {
        table.add(name);
    }
    for (int i = 0; i < 500; ++i) {
        table.add("Attribute" + std::to_string(i));
    }
    CHECK(table.size() == names.size() + 500);
    CHECK(table.add("ABCDEFGH") == 6);
    CHECK(table.find("ATTRIBUTE499") == names.size() + 499);
    CHECK_FALSE(table.find("Attribute500").has_value());
    CHECK_FALSE(table.find("").has_value());
}

}  // namespace tow::source
