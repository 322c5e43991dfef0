// Hands parts of batches to a monitoring system.
#pragma once

#include "publish/socket.hpp"
#include "publish/spool.hpp"
#include "publish/target.hpp"

#include <functional>
#include <memory>
#include <string>

namespace tow::publish {

using Log = std::function<void(const std::string& line)>;  // from any thread

// Error{Data}: the part is refused and always will be. Any other Error: worth another try.
class Sender {
  public:
    Sender() = default;
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;
    virtual ~Sender() = default;

    virtual void send(const Part& part) = 0;
    virtual void finish() {}  // the end of a batch: has all of it arrived?
};

// target outlives it.
std::unique_ptr<Sender> make_sender(const Target& target, Deadline deadline, const Log& log);

// The URL of a part of this target.
std::string url_of(const Target& target, const Part& part, const std::string& host);

}  // namespace tow::publish
