// The runs of pipelines, as the state file keeps them.
#pragma once

#include "model/run.hpp"
#include "store/database.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tow::pipeline {

class History {
  public:
    // Of each name, and the last success; nothing that is older, so that retired pipelines vanish.
    static constexpr std::int64_t kMostRuns = 1000;
    static constexpr std::chrono::days kForgottenAfter{90};

    explicit History(const store::Database& database) : database_(database) {}

    struct Begun {
        std::int64_t number;                   // of the run that begins, for end()
        std::optional<base::Time> killed_run;  // when the run before started, if it was killed
    };

    // A run begins; the caller holds the lock of its name. One that is still said to run was
    // killed.
    Begun begin(const model::Run& run) const;
    void end(std::int64_t number, const model::Run& run) const;

    // The latest run of a name, with what its history tells; nothing if there is none. One that is
    // said to run, but does not, was killed.
    using IsRunning = std::function<bool(const std::string& name)>;
    std::optional<model::Run> latest(const std::string& name, const IsRunning& is_running) const;

    std::vector<std::string> names() const;  // of all that have any run, in order

  private:
    struct Row {
        std::int64_t number;
        model::Run run;
    };

    std::optional<Row> read_latest(const std::string& name) const;
    void forget(const std::string& name, base::Time now) const;

    const store::Database& database_;
};

}  // namespace tow::pipeline
