// Several commands at once, each with its own deadline: one that hangs, fails or never stops to
// print costs the others nothing.
#pragma once

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace tow::base {

// How a command ended. What it printed is a file to be read from its beginning.
struct CommandEnd {
    UniqueFd output;
    ExitStatus status;
    std::string complaint;       // its last words on standard error
    std::optional<Error> error;  // why it did not come to its own end; then there is no output
};

class CommandPool {
  public:
    using OnEnd = std::function<void(CommandEnd)>;

    // It starts as soon as there is room: what is added first starts first. Its time counts from
    // its start.
    void add(Command command, const Allowance& allowance, OnEnd on_end);

    // Until all have ended, those that an on_end adds included. When the deadline of the whole run
    // passes, all that have not ended fail with it; a signal is thrown on as stop.hpp says.
    void run();

  private:
    using Clock = std::chrono::steady_clock;

    struct Waiting {
        Command command;
        Allowance allowance;
        OnEnd on_end;
    };

    struct Running {
        Waiting what;
        Child child;
        UniqueFd spool;
        Clock::time_point deadline;
        std::size_t printed = 0;
        bool is_at_end = false;  // of its output; the exit status is still to come
        std::optional<Error> error;
        std::optional<ExitStatus> status;

        Running(Waiting waiting, UniqueFd file);
    };

    void start_waiting();
    void wait_for_any();
    void advance(Running& running);
    void read_output(Running& running);
    void end_finished();
    void fail_all(const Error& error);

    std::deque<Waiting> waiting_;
    std::list<Running> running_;
};

}  // namespace tow::base
