#include "publish/socket.hpp"

#include "base/error.hpp"
#include "base/stop.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netdb.h>

namespace tow::publish {

namespace {

using std::chrono::milliseconds;

milliseconds left(Deadline deadline) {
    return std::max(milliseconds{0},
                    std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now()));
}

struct FreeAddresses {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

// A look-up with what it needs, which has to live until it ends.
struct LookUp {
    std::string host;
    std::string port;
    addrinfo hints{};
    gaicb request{};
};

// getaddrinfo() may take minutes where a name server is dead; this takes no longer than there is
// time.
Addresses resolve(const std::string& host, const std::string& port, int type, Deadline deadline) {
    auto look_up = std::make_unique<LookUp>();
    look_up->host = host;
    look_up->port = port;
    look_up->hints.ai_socktype = type;
    look_up->hints.ai_flags = AI_NUMERICSERV;
    look_up->request.ar_name = look_up->host.c_str();
    look_up->request.ar_service = look_up->port.c_str();
    look_up->request.ar_request = &look_up->hints;
    std::array<gaicb*, 1> list{&look_up->request};
    sigevent no_signal{};
    no_signal.sigev_notify = SIGEV_NONE;
    int result = ::getaddrinfo_a(GAI_NOWAIT, list.data(), 1, &no_signal);
    while (result == 0 && (result = ::gai_error(list[0])) == EAI_INPROGRESS) {
        base::check_stop();
        const auto time = std::min(left(deadline), milliseconds{100});
        if (left(deadline).count() == 0) {
            if (::gai_cancel(list[0]) != EAI_CANCELED) {
                [[maybe_unused]] const auto* abandoned = look_up.release();  // still in use
            }
            base::fail(base::Kind::Timeout, "{}: its address is not known in time", host);
        }
        const timespec wait{0, static_cast<long>(time.count()) * 1'000'000};
        ::gai_suspend(list.data(), 1, &wait);
        result = 0;
    }
    if (result != 0) {
        base::fail(base::Kind::Unavailable, "{}: {}", host, ::gai_strerror(result));
    }
    return Addresses(look_up->request.ar_result);
}

}  // namespace

Socket::Socket(const std::string& address, Means means, Deadline deadline)
    : address_(base::printable(address)), deadline_(deadline) {
    const auto colon = address.rfind(':');
    auto host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {  // an IPv6 address
        host = host.substr(1, host.size() - 2);
    }
    connect(host, address.substr(colon + 1), means);
}

void Socket::connect(const std::string& host, const std::string& port, Means means) {
    const int type = means == Means::Stream ? SOCK_STREAM : SOCK_DGRAM;
    const auto addresses = resolve(host, port, type, deadline_);
    int reason = EHOSTUNREACH;
    for (const auto* one = addresses.get(); one != nullptr; one = one->ai_next) {
        fd_ = base::UniqueFd(
            ::socket(one->ai_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, one->ai_protocol));
        if (!fd_) {
            reason = errno;
            continue;
        }
        if (::connect(fd_.get(), one->ai_addr, one->ai_addrlen) == 0) {
            return;
        }
        reason = errno;
        if (reason == EINPROGRESS) {
            wait(POLLOUT);
            socklen_t size = sizeof(reason);
            ::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &reason, &size);
        }
        if (reason == 0) {
            return;
        }
    }
    base::fail_errno(base::Kind::Unavailable, reason, address_);
}

void Socket::wait(short events) const {
    for (;;) {
        base::check_stop();
        std::array<pollfd, 2> ready{pollfd{fd_.get(), events, 0},
                                    pollfd{base::stop_descriptor(), POLLIN, 0}};
        const auto time = left(deadline_);
        if (time.count() == 0) {
            base::fail(base::Kind::Timeout, "{}: no answer in time", address_);
        }
        ::poll(ready.data(), base::stop_requested() ? 1 : 2, static_cast<int>(time.count()));
        if (ready[0].revents != 0) {
            return;
        }
    }
}

void Socket::send(std::string_view data) {
    while (!data.empty()) {
        const auto count = ::send(fd_.get(), data.data(), data.size(), MSG_NOSIGNAL);
        if (count >= 0) {
            data.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno == EAGAIN) {
            wait(POLLOUT);
        } else if (errno != EINTR) {
            base::fail_errno(base::Kind::Unavailable, errno, address_);
        }
    }
}

void Socket::finish() {
    if (::shutdown(fd_.get(), SHUT_WR) != 0) {
        base::fail_errno(base::Kind::Unavailable, errno, address_);
    }
    std::array<char, 4096> ignored{};
    for (;;) {
        const auto count = ::recv(fd_.get(), ignored.data(), ignored.size(), 0);
        if (count == 0) {
            return;
        }
        if (count < 0 && errno == EAGAIN) {
            wait(POLLIN);
        } else if (count < 0 && errno != EINTR) {
            base::fail_errno(base::Kind::Unavailable, errno, address_);
        }
    }
}

}  // namespace tow::publish
