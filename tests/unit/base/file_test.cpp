#include "base/file.hpp"

#include "base/error.hpp"
#include "base/lock.hpp"
#include "scratch.hpp"

#include <array>
#include <cerrno>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace tow::base {

namespace {

// Puts the real calls back at the end of a test.
struct RealIo {
    IoCalls saved = io_calls();
    RealIo() = default;
    RealIo(const RealIo&) = delete;
    RealIo& operator=(const RealIo&) = delete;

    ~RealIo() { io_calls() = saved; }
};

ssize_t full_disk(int /*fd*/, const void* /*data*/, std::size_t /*size*/) {
    errno = ENOSPC;
    return -1;
}

ssize_t one_byte_at_a_time(int fd, const void* data, std::size_t size) {
    return ::write(fd, data, size > 0 ? 1 : 0);
}

int failing_rename(const char* /*from*/, const char* /*to*/) {
    errno = EIO;
    return -1;
}

}  // namespace

TEST_CASE("an atomic file appears whole or not at all") {
    const test::Scratch scratch;
    const auto path = scratch / "a.txt";
    write_file_atomically(path, "one");
    CHECK(read_file(path, 100) == "one");
    {
        AtomicFile file(path);
        REQUIRE(write_all(file.fd(), "half of tw"));
    }  // not committed
    CHECK(read_file(path, 100) == "one");
    CHECK(scratch.count() == 1);
}

TEST_CASE("a full disk leaves the old content and nothing else") {
    const test::Scratch scratch;
    const RealIo restore;
    const auto path = scratch / "a.txt";
    write_file_atomically(path, "one");
    io_calls().write = full_disk;
    CHECK_THROWS_WITH(write_file_atomically(path, "two"), Catch::Contains("No space left"));
    CHECK(read_file(path, 100) == "one");
    CHECK(scratch.count() == 1);
}

TEST_CASE("short writes are continued") {
    const test::Scratch scratch;
    const RealIo restore;
    io_calls().write = one_byte_at_a_time;
    write_file_atomically(scratch / "a.txt", "all of it");
    CHECK(read_file(scratch / "a.txt", 100) == "all of it");
}

TEST_CASE("a failing rename is an error and leaves no litter") {
    const test::Scratch scratch;
    const RealIo restore;
    io_calls().rename = failing_rename;
    CHECK_THROWS_AS(write_file_atomically(scratch / "a.txt", "x"), Error);
    CHECK(scratch.count() == 0);
}

TEST_CASE("files that cannot be read or made say which and why") {
    const test::Scratch scratch;
    CHECK_THROWS_WITH(read_file(scratch / "none", 10),
                      Catch::EndsWith("none: No such file or directory"));
    CHECK_THROWS_AS(AtomicFile(scratch / "no/such/dir/file"), Error);
    write_file_atomically(scratch / "big", "12345");
    CHECK_THROWS_WITH(read_file(scratch / "big", 4), Catch::Contains("larger than 4 bytes"));
    CHECK_THROWS_AS(make_directories(scratch / "big/x"), Error);
}

TEST_CASE("what is peeked at is still there") {
    const auto file = unnamed_file();
    REQUIRE(write_all(file.get(), "a file"));
    ::lseek(file.get(), 2, SEEK_SET);
    CHECK(peek(file.get(), 100) == "file");
    CHECK(peek(file.get(), 2) == "fi");
    std::array<char, 10> rest{};
    CHECK(read_some(file.get(), rest) == 4);
    CHECK(peek(file.get(), 10).empty());

    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    REQUIRE(write_all(write_end.get(), "a pipe"));
    CHECK(peek(read_end.get(), 100) == "a pipe");
    CHECK(read_some(read_end.get(), rest) == 6);
    write_end.reset();
    CHECK(peek(read_end.get(), 100).empty());
}

TEST_CASE("a lock that is held names its holder") {
    const test::Scratch scratch;
    const auto path = scratch / "tool.lock";
    {
        const FileLock first(path, std::chrono::milliseconds{0});
        CHECK_THROWS_WITH(FileLock(path, std::chrono::milliseconds{60}),
                          Catch::Contains("held by process " + std::to_string(::getpid())));
    }
    CHECK_NOTHROW(FileLock(path, std::chrono::milliseconds{0}));
}

}  // namespace tow::base
