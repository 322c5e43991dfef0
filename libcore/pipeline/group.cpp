#include "pipeline/group.hpp"

#include "base/error.hpp"
#include "base/stop.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <dirent.h>

namespace tow::pipeline {

namespace {

using namespace std::chrono_literals;

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGPIPE};

// Whether this process is a living member of the group: a zombie is none.
bool is_member(std::string_view process, pid_t group) {
    std::string text;
    try {
        text = base::read_file(fmt::format("/proc/{}/stat", process), 4096);
    } catch (const base::Error&) {
        return false;  // it has ended meanwhile
    }
    char state = 0;
    int parent = 0;
    int its_group = 0;
    const auto name_end = text.rfind(')');  // the name itself may hold anything
    return name_end != std::string::npos &&
           std::sscanf(text.c_str() + name_end + 1, " %c %d %d", &state, &parent, &its_group) ==
               3 &&
           its_group == group && state != 'Z' && state != 'X';
}

// Whether anybody but us is left in our group. Where nobody can tell: yes.
bool has_others() {
    struct Close {
        void operator()(DIR* directory) const { ::closedir(directory); }
    };
    const std::unique_ptr<DIR, Close> processes(::opendir("/proc"));
    const pid_t self = ::getpid();
    while (const auto* entry = processes ? ::readdir(processes.get()) : nullptr) {
        const std::string_view name = entry->d_name;
        int number = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (error == std::errc{} && end == name.data() + name.size() && number != self &&
            is_member(name, self)) {
            return true;
        }
    }
    return !processes;
}

[[noreturn]] void guard(int alive, std::chrono::milliseconds kill_after) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_NAME, "tow-run-guard");
    for (const int number : kSignals) {  // what the group gets is not meant for us
        ::signal(number, SIG_IGN);
    }
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        ::dup2(null, fd);
    }
    char none = 0;
    while (::read(alive, &none, 1) < 0 && errno == EINTR) {
    }
    ::kill(0, SIGTERM);
    const auto give_up = std::chrono::steady_clock::now() + kill_after;
    while (std::chrono::steady_clock::now() < give_up && has_others()) {
        std::this_thread::sleep_for(20ms);
    }
    ::kill(0, SIGKILL);
    ::_exit(0);
}

// Becomes the command. error_fd gets errno if that fails; it closes silently if not.
[[noreturn]] void become(std::vector<char*>& arguments, const ProcessGroup::Streams& streams,
                         int error_fd) {
    const std::array from{streams.input, streams.output, streams.errors};
    std::array<int, 3> safe{};  // none of them is 0, 1 or 2, wherever the originals are
    std::ranges::transform(from, safe.begin(),
                           [](int fd) { return ::fcntl(fd, F_DUPFD_CLOEXEC, 3); });
    for (std::size_t i = 0; i < safe.size(); ++i) {
        ::dup2(safe.at(i), static_cast<int>(i));
    }
    for (const int number : kSignals) {
        ::signal(number, SIG_DFL);
    }
    ::execvp(arguments[0], arguments.data());
    const int error = errno;
    [[maybe_unused]] const auto written = ::write(error_fd, &error, sizeof error);
    ::_exit(127);
}

std::array<base::UniqueFd, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        base::fail_errno(base::Kind::Unavailable, errno, "pipe");
    }
    return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

void wait_for(pid_t process) {
    while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace

ProcessGroup::ProcessGroup(std::chrono::milliseconds kill_after) : guardian_(-1) {
    auto [read_end, write_end] = make_pipe();
    guardian_ = ::fork();
    if (guardian_ < 0) {
        base::fail_errno(base::Kind::Unavailable, errno, "fork");
    }
    if (guardian_ == 0) {
        write_end.reset();
        guard(read_end.get(), kill_after);
    }
    ::setpgid(guardian_, guardian_);  // it does the same: whoever comes first
    alive_ = std::move(write_end);
    base::watch_group(guardian_);
}

ProcessGroup::~ProcessGroup() {
    signal(SIGKILL);
    wait_for(guardian_);
    base::unwatch_group(guardian_);
}

void ProcessGroup::signal(int number) const noexcept {
    ::kill(-guardian_, number);
}

void ProcessGroup::signal_if_gone(pid_t child, int number) const noexcept {
    if (::getpgid(child) != guardian_) {
        ::kill(child, number);
    }
}

pid_t ProcessGroup::start(const Command& command, const Streams& streams) const {
    auto [read_end, write_end] = make_pipe();
    auto words = command;
    std::vector<char*> arguments(words.size() + 1);  // the last one stays null
    std::ranges::transform(words, arguments.begin(), [](auto& word) { return word.data(); });
    const pid_t self = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) {
        base::fail_errno(base::Kind::Unavailable, errno, base::printable(command[0]));
    }
    if (child == 0) {
        // In the group before we look for our parent: if it dies later, the guardian sees us there.
        if (::setpgid(0, guardian_) != 0 || ::getppid() != self) {
            ::_exit(127);
        }
        become(arguments, streams, write_end.get());
    }
    write_end.reset();
    int error = 0;
    ssize_t size = 0;
    do {
        size = ::read(read_end.get(), &error, sizeof error);
    } while (size < 0 && errno == EINTR);
    if (size == sizeof error) {
        wait_for(child);
        base::fail_errno(error == ENOENT ? base::Kind::NotFound : base::Kind::Unavailable, error,
                         base::printable(command[0]));
    }
    return child;
}

}  // namespace tow::pipeline
