// A pipeline as it is typed: commands, "|" between stages, ";" between the commands of a stage.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tow::pipeline {

using Command = std::vector<std::string>;  // an argument vector; no shell ever sees it

// Commands that run one after the other, with the same standard input and output.
using Stage = std::vector<Command>;

// The words "|" and ";" separate; any other word is an argument. Error{Usage} for an empty command.
std::vector<Stage> parse_stages(const std::vector<std::string>& words);

// What is wrong with the name of a pipeline, which is part of file names; empty: nothing.
std::string_view name_problem(std::string_view name) noexcept;

// errno of an attempt to execute a program, looked for as execvp(3) does; 0: nothing speaks against
// it.
int program_obstacle(const std::string& program);

}  // namespace tow::pipeline
