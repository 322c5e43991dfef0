// Commands of other systems (condor_q, squeue, ...), started with an argument vector, never a
// shell.
#pragma once

#include "base/file.hpp"

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

// A running command in its own process group. Its standard output is a pipe to us, its standard
// error is kept (the last 4 KiB of it), its standard input is /dev/null. The destructor kills the
// whole group.
class Child {
  public:
    // environment holds "NAME=value" additions. Error{Unavailable} if it cannot be started.
    explicit Child(const std::vector<std::string>& argv,
                   const std::vector<std::string>& environment = {});
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child();

    int output() const noexcept { return output_.get(); }

    // Waits for the end; read output() to its end first. Ends early as stop.hpp says.
    ExitStatus wait();

    // The last words on its standard error, made printable, on one line.
    std::string complaint() const;

  private:
    pid_t pid_ = -1;
    UniqueFd output_;
    UniqueFd errors_;
};

// Runs a command to its end and returns its whole output. Error{Unavailable} with its complaint if
// it fails, Error{Data} if it prints more than limit bytes.
std::string run_command(const std::vector<std::string>& argv, std::size_t limit);

// The argument vector as a person would type it, for messages: quoted where sh needs it.
std::string shell_quoted(const std::vector<std::string>& argv);

}  // namespace tow::base
