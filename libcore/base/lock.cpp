#include "base/lock.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/stop.hpp"
#include "base/utf8.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

namespace tow::base {

namespace {

std::string holder_of(int fd) {
    std::array<char, 120> text{};
    const auto size = ::pread(fd, text.data(), text.size(), 0);
    return size > 0 ? printable({text.data(), static_cast<std::size_t>(size)}) : "another run";
}

}  // namespace

FileLock::FileLock(const std::string& path, std::chrono::milliseconds wait)
    : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (!fd_) {
        fail_errno(Kind::CannotCreate, errno, path);
    }
    const auto give_up = std::chrono::steady_clock::now() + wait;
    while (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            fail_errno(Kind::Io, errno, path);
        }
        if (std::chrono::steady_clock::now() >= give_up) {
            fail(Kind::Busy, "{}: held by {}", path, holder_of(fd_.get()));
        }
        // flock has no timed form; a stop request ends the nap
        pollfd stop{stop_descriptor(), POLLIN, 0};
        ::poll(&stop, 1, 50);
        check_stop();
    }
    const auto holder = fmt::format("process {} since {}", ::getpid(), format_time(wall_clock()));
    // The text is a courtesy for the message above; the lock holds without it.
    [[maybe_unused]] const bool named =
        ::ftruncate(fd_.get(), 0) == 0 && ::pwrite(fd_.get(), holder.data(), holder.size(), 0) > 0;
}

bool is_locked(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) {
        if (errno == ENOENT) {
            return false;
        }
        fail_errno(Kind::Io, errno, path);
    }
    return ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0;
}

}  // namespace tow::base
