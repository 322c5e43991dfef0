// A web server on loopback that answers as badly as a test wants it to.
#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <functional>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <vector>

namespace tow::test {

// The connection that asked. Nothing it does blocks longer than the server lives.
class Peer {
  public:
    Peer(int fd, const std::atomic<bool>& stopping) : fd_(fd), stopping_(stopping) {}

    bool send(std::string_view bytes) {
        while (!bytes.empty() && !stopping_) {
            const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count < 0 && errno != EAGAIN) {
                return false;
            }
            if (count < 0) {
                pollfd ready{fd_, POLLOUT, 0};
                ::poll(&ready, 1, 20);
            } else {
                bytes.remove_prefix(static_cast<std::size_t>(count));
            }
        }
        return !stopping_;
    }

    void answer(std::string_view status, std::string_view body, std::string_view headers = "") {
        send("HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers) +
             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
    }

    // Until the other side goes away.
    void hang() {
        while (!stopping_) {
            pollfd ready{fd_, POLLIN | POLLRDHUP, 0};
            if (::poll(&ready, 1, 20) > 0) {
                return;
            }
        }
    }

    std::string read() {
        std::array<char, 65536> buffer{};
        while (!stopping_) {
            pollfd ready{fd_, POLLIN, 0};
            if (::poll(&ready, 1, 20) > 0) {
                const auto count = ::recv(fd_, buffer.data(), buffer.size(), 0);
                return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(0, count))};
            }
        }
        return {};
    }

  private:
    int fd_;
    const std::atomic<bool>& stopping_;
};

class Loopback {
  public:
    // Returns whether the connection stays open.
    using Handler = std::function<bool(const std::string& request, Peer& peer)>;

    explicit Loopback(Handler handler)
        : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address_);
        if (::bind(listener_.get(), generic(), size) != 0 || ::listen(listener_.get(), 64) != 0 ||
            ::getsockname(listener_.get(), generic(), &size) != 0) {
            base::fail_errno(base::Kind::Io, errno, "loopback");
        }
        acceptor_ = std::thread([this] { accept(); });
    }
    Loopback(const Loopback&) = delete;
    Loopback& operator=(const Loopback&) = delete;
    ~Loopback() {
        stopping_ = true;
        acceptor_.join();
        for (auto& one : connections_) {
            one.join();
        }
    }

    std::string url(const std::string& path = "/") const {
        return "http://127.0.0.1:" + std::to_string(::ntohs(address_.sin_port)) + path;
    }

    std::vector<std::string> requests() const {  // each up to its blank line, and its body
        const std::lock_guard guard(mutex_);
        return requests_;
    }

    int connections() const { return accepted_; }

  private:
    sockaddr* generic() { return static_cast<sockaddr*>(static_cast<void*>(&address_)); }

    void accept() {
        while (!stopping_) {
            pollfd ready{listener_.get(), POLLIN, 0};
            if (::poll(&ready, 1, 20) > 0) {
                const int fd = ::accept(listener_.get(), nullptr, nullptr);
                ++accepted_;
                connections_.emplace_back([this, fd] { serve(fd); });
            }
        }
    }

    void serve(int fd) {
        const base::UniqueFd owner(fd);
        Peer peer(fd, stopping_);
        std::string unread;
        bool goes_on = true;
        while (goes_on && !stopping_) {
            const auto more = peer.read();
            unread += more;
            if (more.empty()) {
                return;
            }
            if (const auto size = request_size(unread); size > 0 && unread.size() >= size) {
                const auto request = unread.substr(0, size);
                unread.erase(0, size);
                {
                    const std::lock_guard guard(mutex_);
                    requests_.push_back(request);
                }
                goes_on = handler_(request, peer);
            }
        }
    }

    static std::size_t request_size(const std::string& text) {
        const auto end = text.find("\r\n\r\n");
        if (end == std::string::npos) {
            return 0;
        }
        const auto length = text.find("Content-Length: ");
        return end + 4 + (length < end ? std::stoul(text.substr(length + 16)) : 0);
    }

    Handler handler_;
    base::UniqueFd listener_;
    sockaddr_in address_{};
    std::atomic<bool> stopping_{false};
    std::atomic<int> accepted_{0};
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::list<std::thread> connections_;
    std::thread acceptor_;
};

}  // namespace tow::test
