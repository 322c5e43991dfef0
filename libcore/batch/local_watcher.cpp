#include "batch/local_watcher.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tow::batch {

namespace {

constexpr std::size_t kProcFile = 4096;

const std::string& boot_id() {
    static const std::string id(
        base::trim(base::read_file("/proc/sys/kernel/random/boot_id", kProcFile)));
    return id;
}

void write_json_file(const std::string& path, const record::Object& content) {
    base::write_file_atomically(path, record::to_json(content) + "\n");
}

// Everything from here on runs in the watcher, which must leave by _exit.

void send(int fd, const auto& report) {
    [[maybe_unused]] const auto written = ::write(fd, &report, sizeof report);
}

// False if the other end closed without a word.
bool receive(int fd, auto& report) {
    ssize_t count = 0;
    do {
        count = ::read(fd, &report, sizeof report);
    } while (count < 0 && errno == EINTR);
    return count == sizeof report;
}

std::string claim_text(const WatchedCommand& command) {
    const auto self = identify(::getpid());
    record::Object content{{"pilot", command.pilot},
                           {"entry", command.entry},
                           {"pid", std::int64_t{self->pid}},
                           {"start_ticks", self->start_ticks},
                           {"boot", self->boot},
                           {"started_at", base::format_time(base::wall_clock())}};
    if (command.walltime) {
        content.set("expires_at", base::format_time(base::wall_clock() + *command.walltime));
    }
    return record::to_json(content) + "\n";
}

// Leaves nothing of the run that started us: descriptors (its lock among them), signals, terminal.
void detach(int keep) {
    ::setsid();
    ::dup2(keep, 3);
    ::close_range(4, ~0U, 0);
    ::fcntl(3, F_SETFD, FD_CLOEXEC);
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        ::dup2(null, fd);
    }
    ::prctl(PR_SET_NAME, "pilot-watcher");
}

// error_fd gets errno if the command cannot be executed; it closes silently if it can.
[[noreturn]] void become_pilot(const WatchedCommand& command, int error_fd) {
    ::setpgid(0, 0);
    const auto open_output = [&](const char* name, int fd) {
        const auto path = command.folder + name;
        const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        return file >= 0 && ::dup2(file, fd) >= 0;
    };
    sigset_t none{};
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGINT, SIGTERM, SIGALRM, SIGPIPE, SIGHUP}) {
        ::signal(signal, SIG_DFL);
    }
    auto argv = command.argv;
    std::vector<char*> pointers(argv.size() + 1);  // the last one stays null
    std::ranges::transform(argv, pointers.begin(), [](auto& argument) { return argument.data(); });
    auto environment = command.environment;
    for (auto& variable : environment) {
        ::putenv(variable.data());
    }
    const auto work = command.folder + "/work";
    if (open_output("/out", STDOUT_FILENO) && open_output("/err", STDERR_FILENO) &&
        ::chdir(work.c_str()) == 0) {
        ::execvp(pointers[0], pointers.data());
    }
    send(error_fd, int{errno});
    ::_exit(127);
}

// Waits for the pilot's end: by itself, by SIGTERM to us, or when its wall time is over.
class Watch {
  public:
    Watch(const WatchedCommand& command, pid_t pilot) : command_(command), pilot_(pilot) {}

    void until_the_end() {
        sigset_t signals{};
        ::sigprocmask(SIG_BLOCK, nullptr, &signals);  // those that block_signals() holds back
        if (command_.walltime) {
            deadline_ = Clock::now() + *command_.walltime;
        }
        int status = 0;
        while (::waitpid(pilot_, &status, WNOHANG) == 0) {
            const int signal = wait_for(signals);
            if (signal == SIGTERM || signal == SIGINT) {
                end("removed");
            } else if (signal < 0) {  // the deadline
                end("walltime");
            }
        }
        ::kill(-pilot_, SIGKILL);  // what the pilot left behind in its group
        write_exit(status);
    }

  private:
    using Clock = std::chrono::steady_clock;

    // The signal, or -1 when the deadline has passed.
    int wait_for(const sigset_t& signals) const {
        if (!deadline_) {
            return ::sigwaitinfo(&signals, nullptr);
        }
        const auto left = std::max(*deadline_ - Clock::now(), Clock::duration::zero());
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        const timespec time{seconds.count(), (left - seconds).count()};
        return ::sigtimedwait(&signals, nullptr, &time);
    }

    // First SIGTERM, and SIGKILL when the grace is over as well.
    void end(const char* why) {
        if (reason_.empty()) {
            reason_ = why;
            ::kill(-pilot_, SIGTERM);
            deadline_ = Clock::now() + command_.grace;
        } else if (!deadline_ || Clock::now() >= *deadline_) {
            ::kill(-pilot_, SIGKILL);
            deadline_.reset();
        }
    }

    void write_exit(int status) const {
        record::Object content{{"ended_at", base::format_time(base::wall_clock())}};
        if (WIFSIGNALED(status)) {
            content.set("signal", WTERMSIG(status));
        } else {
            content.set("exit_code", WEXITSTATUS(status));
        }
        if (!reason_.empty()) {
            content.set("reason", reason_);
        }
        write_json_file(command_.folder + "/exit", content);
    }

    const WatchedCommand& command_;
    pid_t pilot_;
    std::optional<Clock::time_point> deadline_;
    std::string reason_;
};

void block_signals() {
    sigset_t signals{};
    ::sigemptyset(&signals);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) {
        ::sigaddset(&signals, signal);
    }
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
}

void watch(const WatchedCommand& command) {
    constexpr int kReport = 3;
    StartResult result{Start::ClaimedBefore, 0, ::getpid()};
    if (!make_claim(command.folder, claim_text(command))) {
        send(kReport, result);
        return;
    }
    std::array<int, 2> error{};
    if (::pipe2(error.data(), O_CLOEXEC) != 0) {
        return;
    }
    const pid_t pilot = ::fork();
    if (pilot < 0) {
        return;
    }
    if (pilot == 0) {
        become_pilot(command, error[1]);
    }
    ::setpgid(pilot, pilot);  // here as well, so that it is done whoever comes first
    ::close(error[1]);
    const bool refused = receive(error[0], result.error_number);
    ::close(error[0]);
    result.start = refused ? Start::Refused : Start::Running;
    Watch watch(command, pilot);
    if (refused) {  // it has ended already: who hears of it finds the folder at rest
        watch.until_the_end();
    }
    send(kReport, result);
    ::close(kReport);
    if (!refused) {
        watch.until_the_end();
    }
}

[[noreturn]] void run_watcher(const WatchedCommand& command, int report_fd) {
    // Blocked, not handled: sigwaitinfo takes them. First of all, so that no wish to end is lost.
    block_signals();
    detach(report_fd);
    try {
        watch(command);
    } catch (...) {  // no one to tell: a pilot without an exit file counts as failed
        ::_exit(1);
    }
    ::_exit(0);
}

}  // namespace

std::optional<ProcessIdentity> identify(pid_t pid) {
    std::string stat;
    try {
        stat = base::read_file(fmt::format("/proc/{}/stat", pid), kProcFile);
    } catch (const base::Error&) {
        return std::nullopt;
    }
    // proc(5): "pid (comm) state ...", where comm may hold anything; the start time is field 22.
    const auto rest = stat.substr(std::min(stat.rfind(')') + 2, stat.size()));
    const auto fields = base::split(rest, ' ');
    constexpr std::size_t kStartTime = 22 - 3;
    if (fields.size() <= kStartTime || fields[0] == "Z" || fields[0] == "X") {
        return std::nullopt;
    }
    return ProcessIdentity{pid, fields[kStartTime], boot_id()};
}

bool make_claim(const std::string& folder, std::string_view content) {
    const auto claim = folder + "/claim";
    const auto draft = fmt::format("{}/claim.{}", folder, ::getpid());
    base::write_file_atomically(draft, content);
    const bool made = ::link(draft.c_str(), claim.c_str()) == 0;
    const int reason = errno;
    ::unlink(draft.c_str());
    if (!made && reason != EEXIST) {
        base::fail_errno(base::Kind::Io, reason, claim);
    }
    return made;
}

StartResult start_watched(const WatchedCommand& command) {
    base::make_directories(command.folder + "/work");
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        base::fail_errno(base::Kind::Io, errno, "pipe");
    }
    const base::UniqueFd reading(ends[0]);
    base::UniqueFd writing(ends[1]);
    const pid_t watcher = ::fork();
    if (watcher == 0) {
        run_watcher(command, writing.get());
    }
    if (watcher < 0) {
        base::fail_errno(base::Kind::Unavailable, errno, "fork");
    }
    writing.reset();
    StartResult result;
    if (!receive(reading.get(), result)) {
        result = {Start::Unknown, 0, watcher};
    }
    return result;
}

}  // namespace tow::batch
