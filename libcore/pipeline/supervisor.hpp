// Runs the stages of a pipeline side by side, connected by pipes, and waits for all of them.
#pragma once

#include "model/run.hpp"
#include "pipeline/stages.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::pipeline {

struct Limits {
    std::optional<std::chrono::milliseconds> deadline;  // of the whole pipeline
    std::chrono::milliseconds kill_after{10'000};       // from SIGTERM to SIGKILL
};

// Who gets what the commands print.
struct Listener {
    std::function<void(std::string_view)> output;  // of the last stage
    std::function<void(std::string_view)> errors;  // of all of them, whole lines
};

struct Outcome {
    model::RunState state = model::RunState::Done;
    int exit_code = 0;
    int signal = 0;  // that ended us, if state is Interrupted
    std::vector<model::RunCommand> commands;
    std::vector<std::string> last_words;  // of each command: the end of its standard error
    std::optional<std::size_t> failed;    // the command whose exit code is that of the pipeline
};

// The exit code is that of the last command which failed, 128 + n for one that signal n killed; 124
// when the deadline passed. A command that cannot be started: 127 if it is not there, else 126;
// nothing is started if that can be told before. SIGINT, SIGTERM and --timeout are passed on to the
// commands, and waited for.
Outcome supervise(const std::vector<Stage>& stages, const Limits& limits, const Listener& listener);

// Commands and stages as they would be recorded if none of them was ever started.
std::vector<model::RunCommand> describe(const std::vector<Stage>& stages);

// Whether it counts: SIGPIPE does not, unless in the last stage, for whoever was behind has left.
bool is_failure(const model::RunCommand& command, std::int64_t last_stage) noexcept;

}  // namespace tow::pipeline
