// One run of a pipeline with all that is kept of it: history, output, and the report of a failure.
#pragma once

#include "base/error.hpp"
#include "pipeline/supervisor.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::pipeline {

struct Order {
    std::string name;
    std::vector<Stage> stages;
    Limits limits;
    std::string state_directory;
    base::Time started_at;
};

struct Account {
    model::Run run;
    std::vector<std::string> report;       // lines for a person; empty: all went well
    std::vector<base::Error> problems;     // what could not be kept; the pipeline ran all the same
    std::optional<base::Time> killed_run;  // the run before was killed; it started then
};

// The caller holds the lock of this name. hear gets what the commands say on standard error, as
// they say it.
Account carry_out(const Order& order, const std::function<void(std::string_view)>& hear);

// The folder of a pipeline: last.out, last.err; failed.out, failed.err of the last run that failed.
std::string output_folder(const std::string& state_directory, const std::string& name);

}  // namespace tow::pipeline
