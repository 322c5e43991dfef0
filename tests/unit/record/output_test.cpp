#include "record/output.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "record/json.hpp"
#include "record/table.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace tow::record {

namespace {

constexpr base::Time kNow{std::chrono::seconds{1795262400}};  // 2026-11-21T12:00:00Z

std::string content_of(int fd) {
    std::string text(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)), '\0');
    REQUIRE(::pread(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
    return text;
}

// What a writer with these options makes of two pilots and a passing stranger.
std::string written(OutputOptions options) {
    const base::UniqueFd fd(::memfd_create("output", 0));
    options.types = {{"pilot", {"pilot", "cpus", "memory_bytes", "started_at"}}};
    options.now = kNow;
    Sink sink(fd.get(), true);
    RecordWriter writer(sink, options);
    auto pilot = new_record("pilot");
    pilot.set("pilot", "A,\"b\"");
    pilot.set("cpus", 8);
    pilot.set("memory_bytes", std::int64_t{1} << 34U);
    pilot.set("started_at", "2026-11-21T10:59:00Z");
    pilot.set("shape", Object{{"nodes", 1}, {"tags", Array{"x", "y"}}});
    writer.write(pilot);
    writer.pass("stranger", R"({"type":"stranger", "v":1, "n":1.50})");
    pilot.set("pilot", "B");
    pilot.set("cpus", 16);
    writer.write(pilot);
    writer.finish();
    return content_of(fd.get());
}

}  // namespace

TEST_CASE("jsonl holds every record, passing ones to the byte") {
    const auto text = written({});
    CHECK(text.find("\n{\"type\":\"stranger\", \"v\":1, \"n\":1.50}\n") != std::string::npos);
    CHECK(std::ranges::count(text, '\n') == 3);
}

TEST_CASE("json is one array, and empty brackets when there is nothing") {
    const auto value = parse_json(written({.format = Format::Json}));
    CHECK(value.array()->size() == 3);
    const base::UniqueFd fd(::memfd_create("output", 0));
    Sink sink(fd.get(), true);
    RecordWriter(sink, {.format = Format::Json}).finish();
    CHECK(content_of(fd.get()) == "[]\n");
}

TEST_CASE("a table aligns, converts units and shows only what the tool adds") {
    CHECK(written({.format = Format::Table}) ==
          "PILOT  CPUS  MEMORY  STARTED\n"
          "A,\"b\"     8   16GiB  1h1m\n"
          "B        16   16GiB  1h1m\n");
}

TEST_CASE("csv quotes as RFC 4180 says and flattens nested keys") {
    CHECK(
        written({.format = Format::Csv}) ==
        "type,v,pilot,cpus,memory_bytes,started_at,shape.nodes,shape.tags\r\n"
        "pilot,1,\"A,\"\"b\"\"\",8,17179869184,2026-11-21T10:59:00Z,1,\"[\"\"x\"\",\"\"y\"\"]\"\r\n"
        "pilot,1,B,16,17179869184,2026-11-21T10:59:00Z,1,\"[\"\"x\"\",\"\"y\"\"]\"\r\n");
}

TEST_CASE("columns project and order in every format") {
    CHECK(written({.columns = {"cpus", "shape.nodes"}}) ==
          "{\"cpus\":8,\"shape.nodes\":1}\n{\"cpus\":16,\"shape.nodes\":1}\n");
    CHECK(written({.format = Format::Csv, .columns = {"cpus", "pilot"}}) ==
          "cpus,pilot\r\n8,\"A,\"\"b\"\"\"\r\n16,B\r\n");
    CHECK_THROWS_WITH(written({.columns = {"cpu"}}), "--columns: no field \"cpu\"");
}

TEST_CASE("only selects record types in every format") {
    CHECK(written({.only = {"stranger"}}) == "{\"type\":\"stranger\", \"v\":1, \"n\":1.50}\n");
    CHECK(written({.format = Format::Table, .only = {"stranger"}}) ==
          "TYPE      V    N\nstranger  1  1.5\n");
}

TEST_CASE("csv shows the type that a run is about") {
    const base::UniqueFd fd(::memfd_create("output", 0));
    Sink sink(fd.get(), true);
    RecordWriter writer(sink, {.format = Format::Csv, .types = {{"a", {}}, {"b", {}}, {"c", {}}}});
    writer.lead_with("b");
    writer.lead_with("stranger");
    for (const auto* type : {"a", "b", "c"}) {
        writer.write(new_record(type));
    }
    writer.finish();
    CHECK(content_of(fd.get()) == "type,v\r\nb,1\r\n");
}

TEST_CASE("text that is no record stands alone, whatever the format") {
    const base::UniqueFd fd(::memfd_create("output", 0));
    Sink sink(fd.get(), true);
    RecordWriter writer(sink, {.format = Format::Json});
    writer.write_text("<ads/>");
    writer.finish();
    CHECK(content_of(fd.get()) == "<ads/>");
}

TEST_CASE("a narrow terminal cuts the widest column and nothing else does") {
    const auto text = written({.format = Format::Table, .width = 26});
    CHECK(text.find("PILOT  CPUS  MEMORY  STAR") == 0);
}

TEST_CASE("a closed pipe stops a reader quietly and is forgotten by a doer") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    ::close(ends[0]);
    const auto old = ::signal(SIGPIPE, SIG_IGN);
    Sink reader(ends[1], true);
    reader.write("x");
    CHECK_THROWS_AS(reader.flush(), OutputClosed);
    Sink doer(ends[1], false);
    doer.write("x");
    CHECK_NOTHROW(doer.flush());
    ::close(ends[1]);
    ::signal(SIGPIPE, old);
}

TEST_CASE("a full disk is an error") {
    const base::UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    Sink sink(full.get(), true);
    sink.write("x");
    CHECK_THROWS_AS(sink.flush(), base::Error);
}

TEST_CASE("control characters in a cell never reach the terminal") {
    CHECK(cell_text("x", Value("a\x1B[2Jb"), kNow) == "a\\x1b[2Jb");
    CHECK(cell_text("until_at", Value("2026-11-21T14:00:00Z"), kNow) == "in 2h");
    CHECK(cell_text("x_seconds", Value(90), kNow) == "1m30s");
    CHECK(cell_text("x", Value(Array{"a", 1}), kNow) == "a,1");
}

}  // namespace tow::record
