// One decision as a report sees it: what its stream says of jobs, entries, pilots, requests and
// what became of them, and of checks and pipelines that somebody put beside it.
#pragma once

#include "base/clock.hpp"
#include "model/check.hpp"
#include "model/history.hpp"
#include "model/run.hpp"
#include "policy/input.hpp"
#include "record/reader.hpp"
#include "record/view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::report {

// Records may claim anything. Counts beyond this are taken as this, so that sums stay numbers.
std::int64_t bounded(std::int64_t count) noexcept;
double bounded(double amount) noexcept;

// Jobs of all groups together.
struct Work {
    std::int64_t groups = 0;  // none: nobody looked, and the numbers mean nothing
    std::int64_t idle = 0;
    std::int64_t running = 0;
    std::int64_t held = 0;
    std::int64_t stale_groups = 0;  // last answers of sources that failed
};

// What became of a request.
struct Outcome {
    std::string entry;
    bool is_removal = false;
    std::int64_t asked = 0;
    std::int64_t done = 0;
    std::string error;  // empty: there was none
};

struct PipelineRun {
    std::string name;
    model::RunState state = model::RunState::Running;
    std::optional<std::int64_t> exit_code;
    std::int64_t failures = 0;  // in a row
    std::optional<double> seconds;
    base::Time started_at;
    std::optional<base::Time> last_success_at;
};

PipelineRun read_run(record::View record);

struct Snapshot {
    policy::Input input;  // requests of the last decision in the stream only
    Work work;
    std::vector<Outcome> outcomes;
    std::vector<model::Memory> memories;  // also those that the decision itself left
    std::vector<model::Check> checks;
    std::vector<PipelineRun> runs;             // the last of each name
    std::optional<base::Time> observed_until;  // the latest observation in it

    // Takes in what it knows; other types are none of its business. Error{Data} with the place.
    void take(const record::RecordReader& reader);

    void take_run(PipelineRun run);

    // When the decision was taken; else when it was last looked; nothing if no record says.
    std::optional<base::Time> time() const;

  private:
    void take_work(record::View record);
};

}  // namespace tow::report
