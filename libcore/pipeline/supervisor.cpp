#include "pipeline/supervisor.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/stop.hpp"
#include "base/utf8.hpp"
#include "pipeline/group.hpp"
#include "pipeline/kept_output.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace tow::pipeline {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLastWords = 4096;
constexpr std::size_t kLongestLine = 65536;
constexpr std::size_t kLongestCommand = 500;
constexpr int kNotThere = 127;
constexpr int kNotStarted = 126;

struct Pipe {
    base::UniqueFd out;  // to read from
    base::UniqueFd in;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        base::fail_errno(base::Kind::Unavailable, errno, "pipe");
    }
    return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

// Only our end must not block, and that flag is shared with nobody.
void never_block(const base::UniqueFd& fd) {
    ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
}

// What can be read now goes to use; more than a pipe holds, but not all that an endless command can
// print meanwhile. False at the end of the stream.
bool drain(int fd, const std::function<void(std::string_view)>& use) {
    std::array<char, 65536> buffer{};
    for (int i = 0; i < 16; ++i) {
        const auto count = ::read(fd, buffer.data(), buffer.size());
        if (count > 0) {
            use({buffer.data(), static_cast<std::size_t>(count)});
        } else if (count == 0 || errno != EINTR) {
            return count < 0 && errno == EAGAIN;
        }
    }
    return true;
}

double seconds_since(Clock::time_point start) {
    const std::chrono::duration<double> seconds = Clock::now() - start;
    return std::round(seconds.count() * 1000) / 1000;
}

// A stage at work. Its pipes stay open here until its last command has been started.
struct Work {
    const Stage* stage = nullptr;
    std::size_t next = 0;   // of its commands
    std::size_t first = 0;  // the place of its first command among all commands
    base::UniqueFd input;
    base::UniqueFd output;
    Pipe errors;
    pid_t process = -1;    // that runs now
    base::UniqueFd ended;  // becomes readable when it has ended
    Clock::time_point started;
    Tail words{kLastWords};
    std::string line;  // the beginning of one
};

class Supervisor {
  public:
    Supervisor(const std::vector<Stage>& stages, const Limits& limits, const Listener& listener)
        : limits_(limits), listener_(listener), group_(limits.kill_after) {
        outcome_.commands = describe(stages);
        outcome_.last_words.resize(outcome_.commands.size());
        connect(stages);
        if (limits.deadline) {
            deadline_ = Clock::now() + *limits.deadline;
        }
    }

    Outcome run() {
        for (auto& work : works_) {
            start_next(work);
        }
        while (std::ranges::any_of(works_, [](const auto& work) { return work.process > 0; })) {
            look();
            keep_time();
        }
        finish_output();
        return std::move(outcome_);
    }

  private:
    void connect(const std::vector<Stage>& stages) {
        base::UniqueFd input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        std::size_t first = 0;
        for (const auto& stage : stages) {
            auto pipe = make_pipe();
            auto& work = works_.emplace_back();
            work.stage = &stage;
            work.first = first;
            work.input = std::exchange(input, std::move(pipe.out));
            work.output = std::move(pipe.in);
            work.errors = make_pipe();
            never_block(work.errors.out);
            first += stage.size();
        }
        output_ = std::move(input);
        never_block(output_);
    }

    // The next command of this stage, if there is one.
    void start_next(Work& work) {
        while (work.process < 0 && work.next < work.stage->size() && !stopping_) {
            start((*work.stage)[work.next++], work);
        }
        if (work.next == work.stage->size() || stopping_) {
            // Nobody but the last command has them now: its neighbours see it leave.
            work.input.reset();
            work.output.reset();
        }
    }

    void start(const Command& command, Work& work) {
        work.started = Clock::now();
        try {
            work.process =
                group_.start(command, {work.input.get(), work.output.get(), work.errors.in.get()});
        } catch (const base::Error& error) {
            outcome_.commands[current(work)].exit_code =
                error.kind() == base::Kind::NotFound ? kNotThere : kNotStarted;
            outcome_.last_words[current(work)] = error.what();
            return;
        }
        work.ended = base::UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, work.process, 0)));
        if (!work.ended) {
            base::fail_errno(base::Kind::Unavailable, errno, "pidfd_open");
        }
    }

    static std::size_t current(const Work& work) { return work.first + work.next - 1; }

    // Waits for something to happen, and takes it in.
    void look() {
        std::vector<pollfd> waits{{stopping_ ? -1 : base::stop_descriptor(), POLLIN, 0},
                                  {output_.get(), POLLIN, 0}};
        for (const auto& work : works_) {
            waits.push_back({work.errors.out.get(), POLLIN, 0});
            waits.push_back({work.process > 0 ? work.ended.get() : -1, POLLIN, 0});
        }
        ::poll(waits.data(), waits.size(), patience());
        if (waits[1].revents != 0 && !drain(output_.get(), listener_.output)) {
            output_.reset();
        }
        for (std::size_t i = 0; i < works_.size(); ++i) {
            if (waits[2 + 2 * i].revents != 0) {
                hear(works_[i]);
            }
            if (waits[3 + 2 * i].revents != 0) {
                reap(works_[i]);
            }
        }
    }

    // Milliseconds until keep_time() has something to do.
    int patience() const {
        if (!deadline_) {
            return -1;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - Clock::now());
        constexpr std::chrono::milliseconds kLongest{3'600'000};
        return static_cast<int>(
            std::clamp(left, std::chrono::milliseconds::zero(), kLongest).count());
    }

    void hear(Work& work) {
        drain(work.errors.out.get(), [&](std::string_view text) {
            work.words.append(text);
            work.line += text;
        });
        if (const auto end = work.line.rfind('\n'); end != std::string::npos) {
            listener_.errors(std::string_view(work.line).substr(0, end + 1));
            work.line.erase(0, end + 1);
        }
        if (work.line.size() > kLongestLine) {
            end_line(work);
        }
    }

    void end_line(Work& work) const {
        if (!work.line.empty()) {
            listener_.errors(work.line + "\n");
            work.line.clear();
        }
    }

    void reap(Work& work) {
        int status = 0;
        while (::waitpid(work.process, &status, 0) < 0 && errno == EINTR) {
        }
        work.process = -1;
        work.ended.reset();
        hear(work);
        end_line(work);
        auto& command = outcome_.commands[current(work)];
        command.seconds = seconds_since(work.started);
        if (WIFSIGNALED(status)) {
            command.signal = WTERMSIG(status);
        } else {
            command.exit_code = WEXITSTATUS(status);
        }
        outcome_.last_words[current(work)] = work.words.text();
        work.words = Tail(kLastWords);
        start_next(work);
    }

    void keep_time() {
        if (!stopping_ && base::stop_requested()) {
            stop_as_told();
        } else if (deadline_ && Clock::now() >= *deadline_) {
            if (stopping_) {
                signal(SIGKILL);
                deadline_.reset();
            } else {
                stop(SIGTERM, model::RunState::Timeout);
            }
        }
    }

    void stop_as_told() {
        const int reason = base::stop_reason();
        const bool by_time = reason == SIGALRM;
        outcome_.signal = by_time ? 0 : reason;
        stop(by_time ? SIGTERM : reason,
             by_time ? model::RunState::Timeout : model::RunState::Interrupted);
    }

    void stop(int number, model::RunState state) {
        stopping_ = true;
        outcome_.state = state;
        deadline_ = Clock::now() + limits_.kill_after;
        signal(number);
    }

    // Once to each: for tools like ours a second signal means at once.
    void signal(int number) {
        group_.signal(number);
        for (const auto& work : works_) {
            if (work.process > 0) {
                group_.signal_if_gone(work.process, number);
            }
        }
    }

    // What has been printed is all there is: those who could print more were no part of the run.
    void finish_output() {
        if (output_) {
            drain(output_.get(), listener_.output);
        }
        const auto last = outcome_.commands.back().stage;
        for (std::size_t i = outcome_.commands.size(); i-- > 0 && !outcome_.failed;) {
            if (const auto& command = outcome_.commands[i]; is_failure(command, last)) {
                outcome_.failed = i;
                const auto code = command.signal ? 128 + *command.signal : *command.exit_code;
                outcome_.exit_code = static_cast<int>(code);
            }
        }
        using enum model::RunState;
        if (outcome_.state == Timeout) {
            outcome_.exit_code = base::exit_code::kTimeout;
        } else if (outcome_.state == Interrupted) {
            outcome_.exit_code = 128 + outcome_.signal;
        } else if (outcome_.exit_code != 0) {
            outcome_.state = Failed;
        }
    }

    const Limits& limits_;
    const Listener& listener_;
    ProcessGroup group_;
    std::vector<Work> works_;
    base::UniqueFd output_;
    std::optional<Clock::time_point> deadline_;  // of the pipeline; then that of SIGKILL
    bool stopping_ = false;
    Outcome outcome_;
};

// If a command cannot be started, and that can be told before: nothing is started then.
std::optional<Outcome> cannot_start(const std::vector<Stage>& stages) {
    Outcome outcome;
    outcome.commands = describe(stages);
    outcome.last_words.resize(outcome.commands.size());
    std::size_t place = 0;
    for (const auto& stage : stages) {
        for (const auto& command : stage) {
            if (const int error = program_obstacle(command[0]); error != 0) {
                outcome.last_words[place] = fmt::format("{}: {}", base::printable(command[0]),
                                                        std::generic_category().message(error));
                outcome.exit_code = error == ENOENT ? kNotThere : kNotStarted;
                outcome.commands[place].exit_code = outcome.exit_code;
                outcome.failed = place;
            }
            ++place;
        }
    }
    if (!outcome.failed) {
        return std::nullopt;
    }
    outcome.state = model::RunState::Failed;
    return outcome;
}

}  // namespace

std::vector<model::RunCommand> describe(const std::vector<Stage>& stages) {
    std::vector<model::RunCommand> commands;
    std::int64_t number = 0;
    for (const auto& stage : stages) {
        ++number;
        for (const auto& command : stage) {
            auto& described = commands.emplace_back();
            described.stage = number;
            described.command = base::cut_to_width(base::shell_quoted(command), kLongestCommand);
        }
    }
    return commands;
}

bool is_failure(const model::RunCommand& command, std::int64_t last_stage) noexcept {
    if (command.signal) {
        return *command.signal != SIGPIPE || command.stage == last_stage;
    }
    return command.exit_code.value_or(0) != 0;
}

Outcome supervise(const std::vector<Stage>& stages, const Limits& limits,
                  const Listener& listener) {
    if (auto outcome = cannot_start(stages)) {
        return *outcome;
    }
    const base::CriticalSection whole;  // a stop is passed on, and waited for
    return Supervisor(stages, limits, listener).run();
}

}  // namespace tow::pipeline
