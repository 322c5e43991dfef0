// Commands of other systems (condor_q, squeue, ...), started with an argument vector, never a
// shell.
#pragma once

#include "base/file.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace tow::base {

struct ExitStatus {
    int code = 0;    // exit code, if signal is 0
    int signal = 0;  // the signal that killed it

    bool ok() const noexcept { return code == 0 && signal == 0; }
    std::string describe() const;  // "exit code 3", "killed by signal 9"
};

struct Command {
    std::vector<std::string> argv;
    // Additions to ours, "NAME=value", and names of variables that it must not see.
    std::vector<std::string> environment = {};
    std::string input = {};  // its standard input; empty: /dev/null
};

// A running command in its own process group. Its standard output is a pipe to us, its standard
// error is kept (the last 4 KiB of it). The destructor kills the whole group.
class Child {
  public:
    explicit Child(const Command& command);  // Error{Unavailable} if it cannot be started
    explicit Child(const std::vector<std::string>& argv) : Child(Command{argv}) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child();

    int output() const noexcept { return output_.get(); }

    bool has_ended() const noexcept;  // before wait()

    // Waits for the end; read output() to its end first. Ends early as stop.hpp says.
    ExitStatus wait();

    // The same without waiting: nothing if it still runs.
    std::optional<ExitStatus> try_wait();

    // The last words on its standard error, made printable, on one line.
    std::string complaint() const;

  private:
    ExitStatus ended(int status) noexcept;

    pid_t pid_ = -1;
    UniqueFd output_;
    UniqueFd errors_;
};

struct Finished {
    ExitStatus status;
    std::string output;
    std::string complaint;  // what Child::complaint() says
};

struct Allowance {
    std::size_t output = 0;             // bytes
    std::chrono::milliseconds time{0};  // zero: as long as the run itself may take
};

// Runs a command to its end, whatever that is. Error{Unavailable} if it cannot be started,
// Error{Data} or Error{Timeout} if it exceeds its allowance; then it has been killed.
Finished run_to_end(const Command& command, const Allowance& allowance);

// The output of a command that must succeed: Error{Unavailable} with its complaint if it fails.
std::string run_command(const std::vector<std::string>& argv, std::size_t limit);

// The argument vector as a person would type it, for messages: quoted where sh needs it.
std::string shell_quoted(const std::vector<std::string>& argv);

}  // namespace tow::base
