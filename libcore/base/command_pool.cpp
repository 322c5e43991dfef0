#include "base/command_pool.hpp"

#include "base/stop.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace tow::base {

namespace {

// Fewer than base/stop.hpp can watch. A client of a batch system is mostly waiting.
constexpr std::size_t kMostAtOnce = 48;

// How often to look whether a command that has closed its output has ended.
constexpr std::chrono::milliseconds kTick{10};

}  // namespace

CommandPool::Running::Running(Waiting waiting, UniqueFd file)
    : what(std::move(waiting)),
      child(what.command),
      spool(std::move(file)),
      deadline(Clock::now() + what.allowance.time) {}

void CommandPool::add(Command command, const Allowance& allowance, OnEnd on_end) {
    waiting_.push_back({std::move(command), allowance, std::move(on_end)});
}

void CommandPool::run() {
    while (!waiting_.empty() || !running_.empty()) {
        try {
            check_stop();
            start_waiting();
            wait_for_any();
        } catch (const Error& error) {
            fail_all(error);
            continue;
        }
        for (auto& running : running_) {
            advance(running);
        }
        end_finished();
    }
}

void CommandPool::start_waiting() {
    while (!waiting_.empty() && running_.size() < kMostAtOnce) {
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        const auto on_end = next.on_end;
        try {
            running_.emplace_back(std::move(next), unnamed_file());
        } catch (const Error& error) {
            on_end({{}, {}, {}, error});
        }
    }
}

// Until one of them prints or ends, a deadline passes, or the run is to stop.
void CommandPool::wait_for_any() {
    if (running_.empty()) {
        return;
    }
    std::vector<pollfd> ready{{stop_descriptor(), POLLIN, 0}};
    auto next = Clock::time_point::max();
    for (const auto& running : running_) {
        if (!running.is_at_end) {
            ready.push_back({running.child.output(), POLLIN, 0});
        }
        next = std::min(next, running.is_at_end ? Clock::now() + kTick : running.deadline);
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
    constexpr std::int64_t kLongest = 3'600'000;
    const auto ms = std::clamp<std::int64_t>(left.count(), 0, kLongest);
    if (::poll(ready.data(), ready.size(), static_cast<int>(ms)) < 0 && errno != EINTR) {
        fail_errno(Kind::Io, errno, "poll");
    }
}

void CommandPool::advance(Running& running) {
    try {
        pollfd ready{running.child.output(), POLLIN, 0};
        if (!running.is_at_end && ::poll(&ready, 1, 0) > 0) {
            read_output(running);
        }
        if (running.is_at_end) {
            running.status = running.child.try_wait();
        }
        if (!running.status && Clock::now() >= running.deadline) {
            fail(Kind::Timeout, "{}: no answer within {} ms",
                 printable(running.what.command.argv[0]), running.what.allowance.time.count());
        }
    } catch (const Error& error) {
        running.error = error;
    }
}

void CommandPool::read_output(Running& running) {
    std::array<char, 65536> buffer{};
    const auto count = ::read(running.child.output(), buffer.data(), buffer.size());
    if (count < 0) {
        if (errno != EINTR && errno != EAGAIN) {
            fail_errno(Kind::Io, errno, "read");
        }
        return;
    }
    running.is_at_end = count == 0;
    running.printed += static_cast<std::size_t>(count);
    if (running.printed > running.what.allowance.output) {
        fail(Kind::Data, "{}: printed more than {}", printable(running.what.command.argv[0]),
             format_bytes(static_cast<std::int64_t>(running.what.allowance.output)));
    }
    // A regular file: there is no reader that could go away.
    static_cast<void>(
        write_all(running.spool.get(), {buffer.data(), static_cast<std::size_t>(count)}));
}

void CommandPool::end_finished() {
    for (auto at = running_.begin(); at != running_.end();) {
        if (!at->status && !at->error) {
            ++at;
            continue;
        }
        CommandEnd end{{}, at->status.value_or(ExitStatus{}), at->child.complaint(), at->error};
        if (!end.error) {
            ::lseek(at->spool.get(), 0, SEEK_SET);
            end.output = std::move(at->spool);
        }
        const auto on_end = std::move(at->what.on_end);
        at = running_.erase(at);  // kills the command if it still runs
        on_end(std::move(end));
    }
}

void CommandPool::fail_all(const Error& error) {
    std::vector<OnEnd> open;
    for (auto& running : running_) {
        open.push_back(std::move(running.what.on_end));
    }
    for (auto& waiting : waiting_) {
        open.push_back(std::move(waiting.on_end));
    }
    running_.clear();
    waiting_.clear();
    for (const auto& on_end : open) {
        on_end({{}, {}, {}, error});
    }
}

}  // namespace tow::base
