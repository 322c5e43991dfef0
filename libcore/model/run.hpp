// The record type of tow-run: one run of a pipeline, and how its commands ended.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"
#include "record/view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::model {

enum class RunState {
    Running,
    Done,         // exit code 0
    Failed,       // any other
    Timeout,      // ended by its deadline
    Interrupted,  // ended by a signal to tow-run
    Killed,       // tow-run itself was killed, or the machine went down
};

std::string_view run_state_name(RunState state) noexcept;
std::optional<RunState> run_state(std::string_view name) noexcept;

// One command. Those that were never started have neither exit code nor signal.
struct RunCommand {
    std::int64_t stage = 1;
    std::string command;  // as a person would type it; a long one is cut
    std::optional<std::int64_t> exit_code;
    std::optional<std::int64_t> signal;  // that killed it
    std::optional<double> seconds;
};

struct Run {
    std::string name;
    RunState state = RunState::Running;
    std::optional<std::int64_t> exit_code;
    std::vector<RunCommand> stages;
    std::optional<double> seconds;
    base::Time started_at;
    // What the history of its name tells, this run included.
    std::optional<std::int64_t> failures;  // in a row
    std::optional<base::Time> last_success_at;
};

record::Object to_record(const Run& run);

// The list at "stages", as the state file keeps it.
record::Array stages_array(const std::vector<RunCommand>& stages);
std::vector<RunCommand> read_stages(record::View list);  // Error{Data}

}  // namespace tow::model
