#include "base/file.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/stop.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace tow::base {

namespace {

std::string directory_of(const std::string& path) {
    auto parent = std::filesystem::path(path).parent_path().string();
    return parent.empty() ? "." : parent;
}

// False after this many milliseconds (negative: never) without a word of fd. Returns also when a
// stop was requested.
bool wait_for(int fd, int milliseconds) {
    std::array<pollfd, 2> wait{pollfd{fd, POLLIN, 0}, pollfd{stop_descriptor(), POLLIN, 0}};
    // Any failure shows in the read that follows.
    const int ready = ::poll(wait.data(), wait.size(), milliseconds);
    if ((wait[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0 || stop_requested()) {
        check_stop();
    }
    return ready != 0;
}

}  // namespace

IoCalls& io_calls() noexcept {
    static IoCalls calls{::write, ::fsync, std::rename};
    return calls;
}

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
        reset();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void UniqueFd::reset() noexcept {
    if (fd_ >= 0) {
        ::close(std::exchange(fd_, -1));
    }
}

UniqueFd open_for_reading(const std::string& path) {
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) {
        const int reason = errno;
        const auto kind = reason == ENOENT || reason == ENOTDIR ? Kind::NotFound
                          : reason == EACCES                    ? Kind::Permission
                                                                : Kind::Io;
        fail_errno(kind, reason, path);
    }

    struct stat status {};

    if (::fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode)) {
        fail_errno(Kind::NotFound, EISDIR, path);
    }
    return fd;
}

UniqueFd unnamed_file() {
    const auto directory = environment("TMPDIR").value_or("/tmp");
    UniqueFd file(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (!file) {  // some file systems have no such files
        file = UniqueFd(::memfd_create("spool", MFD_CLOEXEC));
    }
    if (!file) {
        fail_errno(Kind::CannotCreate, errno, directory);
    }
    return file;
}

std::optional<Time> modification_time(int fd) noexcept {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        return std::nullopt;
    }
    return Time{std::chrono::seconds{status.st_mtim.tv_sec}};
}

bool wait_readable(int fd, std::chrono::milliseconds at_most) {
    constexpr std::int64_t kMost = 86'400'000;  // a day
    return wait_for(fd, static_cast<int>(std::clamp<std::int64_t>(at_most.count(), 0, kMost)));
}

std::size_t read_some(int fd, std::span<char> buffer) {
    for (;;) {
        wait_for(fd, -1);
        const auto count = ::read(fd, buffer.data(), buffer.size());
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR && errno != EAGAIN) {
            fail_errno(Kind::Io, errno, "read");
        }
    }
}

std::string peek(int fd, std::size_t size) {
    std::string text(size, '\0');
    const auto at = ::lseek(fd, 0, SEEK_CUR);
    if (at >= 0) {
        text.resize(static_cast<std::size_t>(
            std::max<ssize_t>(0, ::pread(fd, text.data(), text.size(), at))));
        return text;
    }
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return {};
    }
    const UniqueFd read_end(ends[0]);
    const UniqueFd write_end(ends[1]);
    wait_for(fd, -1);
    const auto there = ::tee(fd, write_end.get(), size, SPLICE_F_NONBLOCK);
    const auto count = there > 0 ? ::read(read_end.get(), text.data(), text.size()) : 0;
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, count)));
    return text;
}

bool write_all(int fd, std::string_view data) {
    while (!data.empty()) {
        const auto count = io_calls().write(fd, data.data(), data.size());
        if (count >= 0) {
            data.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno == EPIPE) {
            return false;
        } else if (errno == EAGAIN) {
            pollfd wait{fd, POLLOUT, 0};
            ::poll(&wait, 1, -1);
            check_stop();
        } else if (errno == EINTR) {  // only a write that blocks is given up for a stop
            check_stop();
        } else {
            fail_errno(Kind::Io, errno, "write");
        }
    }
    return true;
}

std::string read_file(const std::string& path, std::size_t limit) {
    return read_all(open_for_reading(path).get(), path, limit);
}

std::string read_all(int fd, const std::string& name, std::size_t limit) {
    std::string content;
    std::array<char, 65536> buffer{};
    while (const auto count = with_context(name, [&] { return read_some(fd, buffer); })) {
        if (content.size() + count > limit) {
            fail(Kind::Data, "{}: larger than {} bytes", name, limit);
        }
        content.append(buffer.data(), count);
    }
    return content;
}

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)) {
    const auto name = std::filesystem::path(path_).filename().string();
    temporary_ = fmt::format("{}/.{}.XXXXXX", directory_of(path_), name);
    fd_ = UniqueFd(::mkostemp(temporary_.data(), O_CLOEXEC));
    if (!fd_) {
        const int reason = errno;
        temporary_.clear();
        fail_errno(Kind::CannotCreate, reason, path_);
    }
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::move(other.fd_)) {}

AtomicFile::~AtomicFile() {
    if (!temporary_.empty()) {
        ::unlink(temporary_.c_str());
    }
}

void AtomicFile::commit() {
    const auto mask = ::umask(0);
    ::umask(mask);
    const bool synced = ::fchmod(fd_.get(), 0666 & ~mask) == 0 && io_calls().fsync(fd_.get()) == 0;
    if (!synced || io_calls().rename(temporary_.c_str(), path_.c_str()) != 0) {
        fail_errno(Kind::Io, errno, path_);
    }
    temporary_.clear();
    const UniqueFd directory(
        ::open(directory_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || io_calls().fsync(directory.get()) != 0) {
        fail_errno(Kind::Io, errno, path_);
    }
}

void write_file_atomically(const std::string& path, std::string_view content) {
    AtomicFile file(path);
    with_context(path, [&] {
        if (!write_all(file.fd(), content)) {
            fail_errno(Kind::Io, EPIPE, "write");
        }
    });
    file.commit();
}

void make_directories(const std::string& path) {
    const std::filesystem::path whole(path);
    std::filesystem::path built;
    for (const auto& part : whole) {
        built /= part;
        if (::mkdir(built.c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR) {
            const int reason = errno;
            if (std::error_code ignored; !std::filesystem::is_directory(built, ignored)) {
                fail_errno(Kind::CannotCreate, reason, path);
            }
        }
    }
    if (std::error_code ignored; !std::filesystem::is_directory(whole, ignored)) {
        fail_errno(Kind::CannotCreate, ENOTDIR, path);
    }
}

}  // namespace tow::base
