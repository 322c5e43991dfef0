#include "base/process.hpp"

#include "base/error.hpp"
#include "base/stop.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
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
        const auto name = addition.substr(0, addition.find('=') + 1);
        std::erase_if(result, [&](const std::string& old) { return old.starts_with(name); });
        result.push_back(addition);
    }
    return result;
}

// posix_spawn's two option objects, with the settings every command of ours gets.
class SpawnOptions {
  public:
    SpawnOptions(int output, int errors) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
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

}  // namespace

std::string ExitStatus::describe() const {
    return signal != 0 ? fmt::format("killed by signal {}", signal)
                       : fmt::format("exit code {}", code);
}

Child::Child(const std::vector<std::string>& argv, const std::vector<std::string>& environment) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail_errno(Kind::Io, errno, "pipe");
    }
    output_ = UniqueFd(ends[0]);
    const UniqueFd write_end(ends[1]);
    // In memory, not a pipe: a command that complains at length never blocks on us.
    errors_ = UniqueFd(::memfd_create("stderr", MFD_CLOEXEC));
    const SpawnOptions options(write_end.get(), errors_.get());
    auto arguments = argv;
    auto variables = environment_with(environment);
    const int error =
        ::posix_spawnp(&pid_, arguments.at(0).c_str(), options.actions(), options.attributes(),
                       pointers(arguments).data(), pointers(variables).data());
    if (error != 0) {
        pid_ = -1;
        fail_errno(Kind::Unavailable, error, printable(argv[0]));
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
    unwatch_group(pid_);
    pid_ = -1;
    return WIFSIGNALED(status) ? ExitStatus{0, WTERMSIG(status)}
                               : ExitStatus{WEXITSTATUS(status), 0};
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

std::string run_command(const std::vector<std::string>& argv, std::size_t limit) {
    Child child(argv);
    std::string output;
    std::array<char, 65536> buffer{};
    while (const auto count = read_some(child.output(), buffer)) {
        if (output.size() + count > limit) {
            fail(Kind::Data, "{}: printed more than {} bytes", printable(argv[0]), limit);
        }
        output.append(buffer.data(), count);
    }
    if (const auto status = child.wait(); !status.ok()) {
        fail(Kind::Unavailable, "{}: {}: {}", shell_quoted(argv), status.describe(),
             child.complaint());
    }
    return output;
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
