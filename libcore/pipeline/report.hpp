// What a person reads when a pipeline has failed.
#pragma once

#include "pipeline/supervisor.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace tow::pipeline {

// "exit code 75 (TEMPFAIL)", "killed by signal 9 (KILL)"; names as sysexits(3) has them.
std::string describe_end(const model::RunCommand& command);

// The first line says what happened, the others tell more. folder: where the whole output is. The
// history in run may be unknown.
std::vector<std::string> failure_report(const model::Run& run, const Outcome& outcome,
                                        std::chrono::milliseconds deadline,
                                        const std::string& folder);

}  // namespace tow::pipeline
