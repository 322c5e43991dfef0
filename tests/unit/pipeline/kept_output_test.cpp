#include "pipeline/kept_output.hpp"

#include "scratch.hpp"

#include <cerrno>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace tow::pipeline {

namespace {

constexpr std::size_t kMuch = std::size_t{64} << 20;

// A disk that is full after so many bytes.
class FullDisk {
  public:
    explicit FullDisk(std::size_t bytes) {
        room = bytes;
        base::io_calls().write = [](int fd, const void* data, std::size_t size) -> ssize_t {
            if (room == 0) {
                errno = ENOSPC;
                return -1;
            }
            const auto count = ::write(fd, data, std::min(size, room));
            room -= static_cast<std::size_t>(std::max<ssize_t>(0, count));
            return count;
        };
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() { base::io_calls().write = ::write; }

  private:
    static inline std::size_t room = 0;
};

}  // namespace

TEST_CASE("a tail is the last bytes, however they come") {
    Tail tail(5);
    CHECK(tail.text().empty());
    tail.append("abc");
    CHECK(tail.text() == "abc");
    tail.append("defgh");
    CHECK(tail.text() == "defgh");
    for (const char c : std::string("0123456789")) {
        tail.append({&c, 1});
    }
    CHECK(tail.text() == "56789");
    tail.append(std::string(100, 'x') + "end");
    CHECK(tail.text() == "xxend");
    CHECK(tail.total() == 121);
}

TEST_CASE("output that fits is kept as it is, and there as soon as it came") {
    const test::Scratch scratch;
    KeptOutput output(scratch / "out");
    output.append("one\n");
    CHECK(base::read_file(scratch / "out", 100) == "one\n");
    output.append("two");
    output.finish();
    CHECK(base::read_file(scratch / "out", 100) == "one\ntwo");
    CHECK_FALSE(output.problem());
}

TEST_CASE("of much output the first and the last part are kept, and how much is not") {
    const test::Scratch scratch;
    KeptOutput output(scratch / "out");
    const std::size_t half = KeptOutput::kMost / 2;
    output.append(std::string(half - 1, 'a'));
    output.append("bc");
    for (int i = 0; i < 20; ++i) {
        output.append(std::string(100'000, 'd'));
    }
    output.append("end");
    output.finish();
    const auto text = base::read_file(scratch / "out", kMuch);
    const auto note = fmt::format("\n[{} bytes are left out here]\n", 2'000'004 - half);
    CHECK(text.size() == KeptOutput::kMost + note.size());
    CHECK(text.substr(half - 1, 1) == "b");
    CHECK(text.substr(half, note.size()) == note);
    CHECK(text.ends_with("dend"));
}

TEST_CASE("a new file does not touch the other name of the old one") {
    const test::Scratch scratch;
    KeptOutput(scratch / "last").append("old");
    REQUIRE(::link((scratch / "last").c_str(), (scratch / "failed").c_str()) == 0);
    KeptOutput(scratch / "last").append("new");
    CHECK(base::read_file(scratch / "failed", 10) == "old");
    CHECK(base::read_file(scratch / "last", 10) == "new");
}

TEST_CASE("a full disk is a problem, and stops nobody") {
    const test::Scratch scratch;
    const FullDisk disk(3);
    KeptOutput output(scratch / "out");
    output.append("12345");
    output.append("6");
    output.finish();
    REQUIRE(output.problem());
    CHECK(output.problem()->kind() == base::Kind::Io);
    CHECK(std::string(output.problem()->what()).ends_with("No space left on device"));
    CHECK(base::read_file(scratch / "out", 10) == "123");
}

TEST_CASE("a file that cannot be created is a problem as well") {
    KeptOutput output("/proc/no/such/out");
    output.append("x");
    output.finish();
    REQUIRE(output.problem());
    CHECK(output.problem()->kind() == base::Kind::CannotCreate);
}

}  // namespace tow::pipeline
