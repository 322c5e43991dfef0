// A connection to HOST:PORT, none of whose steps takes longer than there is time.
#pragma once

#include "base/file.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace tow::publish {

using Deadline = std::chrono::steady_clock::time_point;

class Socket {
  public:
    enum class Means { Stream, Datagrams };

    // Error{Unavailable} or Error{Timeout}, here and below.
    Socket(const std::string& address, Means means, Deadline deadline);

    void send(std::string_view data);  // all of it, or one datagram

    // Of a stream: says that nothing follows and waits until the other side, having read all of it,
    // closes its end. What it acknowledges otherwise is only that its kernel has the bytes.
    void finish();

  private:
    void connect(const std::string& host, const std::string& port, Means means);
    void wait(short events) const;

    std::string address_;
    Deadline deadline_;
    base::UniqueFd fd_;
};

}  // namespace tow::publish
