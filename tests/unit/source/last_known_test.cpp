#include "source/last_known.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "scratch.hpp"

#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

namespace tow::source {

namespace {

constexpr base::Time kThen{std::chrono::seconds{1'795'262'400}};

std::string replayed(const LastKnown& place, std::chrono::seconds later,
                     std::chrono::seconds max_age) {
    std::string result;
    place.replay(kThen + later, max_age, [&](std::string_view type, std::string_view line) {
        result.append(type).append(" ").append(line).append("\n");
    });
    return result;
}

void keep(const LastKnown& place, std::string_view line) {
    LastKnown::Writer writer(place, kThen);
    writer.add(line);
    writer.commit();
}

}  // namespace

TEST_CASE("the last answer to a question is kept, and marked when it is used") {
    const test::Scratch scratch;
    const LastKnown place(scratch / "cache", "jobs of a schedd");
    CHECK(replayed(place, std::chrono::seconds{0}, std::chrono::hours{1}).empty());
    keep(place, R"({"type":"x","v":1,"n":1})");
    keep(place, R"({"type":"x","v":1,"n":2})");
    CHECK(replayed(place, std::chrono::minutes{59}, std::chrono::hours{1}) ==
          "x {\"type\":\"x\",\"v\":1,\"n\":2,\"stale\":true}\n");
    CHECK(replayed(place, std::chrono::minutes{61}, std::chrono::hours{1}).empty());
    const LastKnown other(scratch / "cache", "jobs of another schedd");
    CHECK(replayed(other, std::chrono::seconds{0}, std::chrono::hours{1}).empty());
}

TEST_CASE("an answer that is not committed leaves the one before") {
    const test::Scratch scratch;
    const LastKnown place(scratch / "cache", "q");
    keep(place, R"({"type":"x","v":1})");
    {
        LastKnown::Writer writer(place, kThen);
        writer.add(R"({"type":"y","v":1})");
    }
    CHECK(replayed(place, std::chrono::seconds{1}, std::chrono::hours{1}).starts_with("x "));
}

TEST_CASE("answers that nobody has asked for in a month are removed") {
    const test::Scratch scratch;
    const LastKnown old(scratch / "cache", "old");
    keep(old, R"({"type":"x","v":1})");
    namespace fs = std::filesystem;
    for (const auto& file : fs::directory_iterator(scratch / "cache/sources")) {
        fs::last_write_time(file.path(),
                            fs::file_time_type::clock::now() - std::chrono::hours{24 * 31});
    }
    keep(LastKnown(scratch / "cache", "new"), R"({"type":"x","v":1})");
    CHECK(replayed(old, std::chrono::seconds{0}, std::chrono::hours{1}).empty());
}

TEST_CASE("what is torn or no answer is not used") {
    const test::Scratch scratch;
    const LastKnown place(scratch / "cache", "q");
    keep(place, R"({"type":"x","v":1})");
    namespace fs = std::filesystem;
    for (const auto& file : fs::directory_iterator(scratch / "cache/sources")) {
        base::write_file_atomically(file.path().string(), R"({"type":"x","v":1})");
    }
    CHECK(replayed(place, std::chrono::seconds{0}, std::chrono::hours{1}).empty());
}

}  // namespace tow::source
