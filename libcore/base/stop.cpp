#include "base/stop.hpp"

#include "base/error.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <signal.h>
#include <string_view>
#include <sys/time.h>
#include <unistd.h>

namespace tow::base {

namespace {

// What a signal handler may touch: lock-free atomics and nothing else.
std::atomic<int> stop_signal{0};  // 0, SIGALRM for the deadline, or the signal received
std::atomic<int> critical_sections{0};
std::atomic<long> grace_ms{0};
std::array<int, 2> wake_pipe{-1, -1};
std::array<std::atomic<pid_t>, 64> groups{};

void arm_timer(long ms) noexcept {
    itimerval timer{};
    timer.it_value.tv_sec = ms / 1000;
    timer.it_value.tv_usec = (ms % 1000) * 1000;
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

[[noreturn]] void end_at_once(int reason) noexcept {
    for (const auto& group : groups) {
        if (const pid_t id = group.load(); id > 0) {
            ::kill(-id, SIGKILL);
        }
    }
    if (reason == SIGALRM) {
        constexpr std::string_view kMessage = "tow: error: the deadline passed (--timeout)\n";
        [[maybe_unused]] const auto written =
            ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
        ::_exit(exit_code::kTimeout);
    }
    die_of(reason);
}

extern "C" void on_stop_signal(int signal) {
    const int saved_errno = errno;
    int expected = 0;
    if (stop_signal.compare_exchange_strong(expected, signal)) {
        arm_timer(grace_ms.load());
        [[maybe_unused]] const auto written = ::write(wake_pipe[1], "x", 1);
    } else {
        end_at_once(expected);
    }
    errno = saved_errno;
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};

    action.sa_handler = handler;  // no SA_RESTART: blocking calls return with EINTR
    ::sigemptyset(&action.sa_mask);
    ::sigaction(signal, &action, nullptr);
}

}  // namespace

void install_stop_handlers(std::chrono::milliseconds grace) {
    if (::pipe2(wake_pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        fail_errno(Kind::Io, errno, "pipe");
    }
    grace_ms = static_cast<long>(grace.count());
    handle(SIGPIPE, SIG_IGN);
    handle(SIGINT, on_stop_signal);
    handle(SIGTERM, on_stop_signal);
    handle(SIGALRM, on_stop_signal);
}

void set_deadline(std::chrono::milliseconds from_now) {
    arm_timer(static_cast<long>(from_now.count()));
}

void set_grace(std::chrono::milliseconds grace) noexcept {
    grace_ms = static_cast<long>(grace.count());
}

bool stop_requested() noexcept {
    return stop_reason() != 0;
}

int stop_reason() noexcept {
    return stop_signal.load();
}

void check_stop() {
    const int signal = stop_signal.load();
    if (signal == 0 || critical_sections.load() > 0) {
        return;
    }
    if (signal == SIGALRM) {
        fail(Kind::Timeout, "the deadline passed (--timeout)");
    }
    throw Interrupted{signal};
}

CriticalSection::CriticalSection() noexcept {
    ++critical_sections;
}

CriticalSection::~CriticalSection() {
    --critical_sections;
}

int stop_descriptor() noexcept {
    return wake_pipe[0];
}

void watch_group(pid_t group) noexcept {
    for (auto& slot : groups) {
        pid_t empty = 0;
        if (slot.compare_exchange_strong(empty, group)) {
            return;
        }
    }
}

void unwatch_group(pid_t group) noexcept {
    for (auto& slot : groups) {
        pid_t expected = group;
        if (slot.compare_exchange_strong(expected, 0)) {
            return;
        }
    }
}

void die_of(int signal) {
    ::signal(signal, SIG_DFL);
    sigset_t only{};
    ::sigemptyset(&only);
    ::sigaddset(&only, signal);
    ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
    ::raise(signal);
    ::_exit(128 + signal);
}

}  // namespace tow::base
