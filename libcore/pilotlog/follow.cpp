#include "pilotlog/follow.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/stop.hpp"

#include <chrono>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tow::pilotlog {

namespace {

constexpr std::chrono::milliseconds kLook{250};
constexpr std::size_t kRead = std::size_t{256} << 10;

base::UniqueFd open_if_there(const std::string& path) {
    try {
        return base::open_for_reading(path);
    } catch (const base::Error& error) {
        if (error.kind() != base::Kind::NotFound) {
            throw;
        }
        return {};
    }
}

// Another file has this name now, or this one was emptied.
bool was_replaced(int fd, const std::string& path) {
    struct stat here {};
    struct stat there {};
    if (::fstat(fd, &here) != 0 || ::stat(path.c_str(), &there) != 0) {
        return false;  // renamed, and the new one has not come yet
    }
    return here.st_ino != there.st_ino || here.st_dev != there.st_dev ||
           ::lseek(fd, 0, SEEK_CUR) > here.st_size;
}

void rest() {
    pollfd stop{base::stop_descriptor(), POLLIN, 0};
    ::poll(&stop, stop.fd >= 0 ? 1 : 0, static_cast<int>(kLook.count()));
    base::check_stop();
}

}  // namespace

void follow(const std::string& path, const std::function<void(std::string_view)>& take,
            const std::function<bool()>& idle) {
    std::string buffer(kRead, '\0');
    base::UniqueFd fd;
    for (;;) {
        fd = fd ? std::move(fd) : open_if_there(path);
        while (fd) {
            const auto count = base::read_some(fd.get(), buffer);
            if (count == 0) {
                break;
            }
            take({buffer.data(), count});
        }
        if (fd && was_replaced(fd.get(), path)) {
            fd.reset();
            continue;
        }
        if (!idle()) {
            return;
        }
        rest();
    }
}

EventCounts follow_events(const std::string& path, const LogClock& clock,
                          const EventScanner::Visit& visit, const std::function<bool()>& idle) {
    EventScanner scanner(clock, visit);
    std::string pending;
    const auto take = [&](std::string_view piece) {
        pending += piece;
        const auto size = pending.size();
        pending.append(record::kPadding, '\0');
        const auto done = scanner.scan(std::string_view(pending).substr(0, size), false);
        pending.resize(size);
        pending.erase(0, done);
    };
    follow(path, take, idle);
    return scanner.counts();
}

}  // namespace tow::pilotlog
