#include "base/process.hpp"

#include "base/error.hpp"
#include "base/stop.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tow::base {

namespace {

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> result;
    result.reserve(strings.size() + 1);
    std::ranges::transform(strings, std::back_inserter(result),
                           [](std::string& text) { return text.data(); });
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> environment_with(const std::vector<std::string>& additions) {
    std::vector<std::string> result;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        result.emplace_back(*variable);
    }
    for (const auto& addition : additions) {
        const auto name = addition.substr(0, addition.find('=')) + "=";
        std::erase_if(result, [&](const std::string& old) { return old.starts_with(name); });
        if (addition.find('=') != std::string::npos) {
            result.push_back(addition);
        }
    }
    return result;
}

// posix_spawn's two option objects, with the settings every command of ours gets.
class SpawnOptions {
  public:
    SpawnOptions(int input, int output, int errors) {
        ::posix_spawn_file_actions_init(&actions_);
        if (input >= 0) {
            ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        } else {
            ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        }
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
        ::posix_spawnattr_init(&attributes_);
        sigset_t defaults{};
        ::sigemptyset(&defaults);
        ::sigaddset(&defaults, SIGPIPE);
        ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }

    SpawnOptions(const SpawnOptions&) = delete;
    SpawnOptions& operator=(const SpawnOptions&) = delete;

    ~SpawnOptions() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }

    const posix_spawn_file_actions_t* actions() const { return &actions_; }

    const posix_spawnattr_t* attributes() const { return &attributes_; }

  private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

// In memory, not a pipe: neither side waits for the other.
UniqueFd memory_file(const char* name, std::string_view content) {
    UniqueFd file(::memfd_create(name, MFD_CLOEXEC));
    if (!file || !write_all(file.get(), content) || ::lseek(file.get(), 0, SEEK_SET) != 0) {
        fail_errno(Kind::Io, errno, name);
    }
    return file;
}

}  // namespace

std::string ExitStatus::describe() const {
    return signal != 0 ? fmt::format("killed by signal {}", signal)
                       : fmt::format("exit code {}", code);
}

Child::Child(const Command& command) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail_errno(Kind::Io, errno, "pipe");
    }
    output_ = UniqueFd(ends[0]);
    const UniqueFd write_end(ends[1]);
    errors_ = memory_file("stderr", "");
    const auto input = command.input.empty() ? UniqueFd() : memory_file("stdin", command.input);
    const SpawnOptions options(input.get(), write_end.get(), errors_.get());
    auto arguments = command.argv;
    auto variables = environment_with(command.environment);
    const int error =
        ::posix_spawnp(&pid_, arguments.at(0).c_str(), options.actions(), options.attributes(),
                       pointers(arguments).data(), pointers(variables).data());
    if (error != 0) {
        pid_ = -1;
        fail_errno(Kind::Unavailable, error, printable(arguments[0]));
    }
    watch_group(pid_);
}

Child::~Child() {
    if (pid_ > 0) {
        ::kill(-pid_, SIGKILL);
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
        unwatch_group(pid_);
    }
}

ExitStatus Child::wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0) {
        if (errno != EINTR) {
            fail_errno(Kind::Io, errno, "waitpid");
        }
        check_stop();
    }
    return ended(status);
}

std::optional<ExitStatus> Child::try_wait() {
    int status = 0;
    const auto pid = ::waitpid(pid_, &status, WNOHANG);
    if (pid < 0 && errno != EINTR) {
        fail_errno(Kind::Io, errno, "waitpid");
    }
    return pid > 0 ? std::optional(ended(status)) : std::nullopt;
}

ExitStatus Child::ended(int status) noexcept {
    unwatch_group(pid_);
    pid_ = -1;
    return WIFSIGNALED(status) ? ExitStatus{0, WTERMSIG(status)}
                               : ExitStatus{WEXITSTATUS(status), 0};
}

bool Child::has_ended() const noexcept {
    siginfo_t info{};
    const int got = ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    return got != 0 || info.si_pid != 0;
}

std::string Child::complaint() const {
    std::array<char, 4096> text{};
    const auto size = ::lseek(errors_.get(), 0, SEEK_END);
    const auto start = std::max<off_t>(0, size - static_cast<off_t>(text.size()));
    const auto count = ::pread(errors_.get(), text.data(), text.size(), start);
    auto words =
        std::string(trim({text.data(), static_cast<std::size_t>(std::max<ssize_t>(0, count))}));
    std::ranges::replace(words, '\n', ' ');
    return printable(words);
}

Finished run_to_end(const Command& command, const Allowance& allowance) {
    using Clock = std::chrono::steady_clock;
    const bool unlimited = allowance.time == std::chrono::milliseconds{0};
    const auto deadline = Clock::now() + allowance.time;
    const auto too_long = [&] {
        fail(Kind::Timeout, "{}: no end after {} s", printable(command.argv[0]),
             std::chrono::ceil<std::chrono::seconds>(allowance.time).count());
    };
    Child child(command);
    Finished result;
    std::array<char, 65536> buffer{};
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        if (!unlimited && !wait_readable(child.output(), left)) {
            too_long();
        }
        const auto count = read_some(child.output(), buffer);
        if (count == 0) {
            break;
        }
        if (result.output.size() + count > allowance.output) {
            fail(Kind::Data, "{}: printed more than {} bytes", printable(command.argv[0]),
                 allowance.output);
        }
        result.output.append(buffer.data(), count);
    }
    // It may have closed its output and go on all the same.
    while (!unlimited && !child.has_ended()) {
        if (Clock::now() >= deadline) {
            too_long();
        }
        constexpr int kTick = 5;
        ::poll(nullptr, 0, kTick);
    }
    result.status = child.wait();
    result.complaint = child.complaint();
    return result;
}

std::string run_command(const std::vector<std::string>& argv, std::size_t limit) {
    auto result = run_to_end({argv}, {limit, {}});
    if (!result.status.ok()) {
        fail(Kind::Unavailable, "{}: {}: {}", shell_quoted(argv), result.status.describe(),
             result.complaint);
    }
    return std::move(result.output);
}

std::string shell_quoted(const std::vector<std::string>& argv) {
    constexpr std::string_view kPlain = "-_./:=,+@%";
    std::vector<std::string> words;
    for (const auto& argument : argv) {
        const bool plain = !argument.empty() && std::ranges::all_of(argument, [&](char c) {
            return is_alpha(c) || is_digit(c) || kPlain.find(c) != std::string_view::npos;
        });
        std::string word = plain ? argument : "'";
        for (const char c : plain ? "" : argument) {
            word += c == '\'' ? "'\\''" : std::string(1, c);
        }
        words.push_back(plain ? word : word + "'");
    }
    return printable(join(words, " "));
}

}  // namespace tow::base
