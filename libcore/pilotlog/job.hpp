// What a batch system says of one job, whichever of its logs said it.
#pragma once

#include "base/clock.hpp"
#include "pilotlog/event.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tow::pilotlog {

enum class JobEnd {
    None,       // it lives, or nobody has said that it ended
    Exited,     // by itself, says the batch system
    Signalled,  // by a signal
    Removed,    // taken out of the queue
    Vanished,   // gone without a word
    TimeLimit,  // the batch system ended it at its time limit
    Cancelled,  // at the batch system, by its user or administrator
    NodeFailed,
    OutOfMemory,
    Preempted,
};

std::string_view job_end_name(JobEnd end) noexcept;

struct JobFacts {
    std::string id;     // "12.0", or the number that Slurm gave
    std::string name;   // as Slurm has it, or the entry that an ad names
    std::string pilot;  // the pilot it is, if its ad says so
    std::optional<base::Time> submitted_at;
    std::optional<base::Time> started_at;
    std::optional<base::Time> ended_at;
    JobEnd end = JobEnd::None;
    std::optional<std::int64_t> exit_code;
    std::optional<std::int64_t> signal;
    bool is_held = false;
    std::optional<std::int64_t> hold_code;  // of the last hold
    std::optional<std::int64_t> hold_subcode;
    std::string hold_reason;
    std::string end_reason;  // who removed it, and why
    std::string host;        // the node; for a grid job the resource it was sent to
    std::string grid_resource;
    std::string grid_job_id;  // what the resource calls it
    bool resource_is_down = false;
    bool status_is_unknown = false;
    std::int64_t starts = 0;
    std::int64_t holds = 0;
    std::int64_t disconnects = 0;
    std::optional<std::int64_t> cpus;
    std::optional<std::int64_t> wall_seconds;  // as the batch system counts
    std::string state;                         // its own word for it
    std::string pending_reason;                // Slurm's, of one that waits
    std::uint64_t log_offset = 0;              // of its first event, from where its log was read
    std::string output;                        // files it was told to write, as far as is known
    std::string error;
};

// The last token of "batch slurm ... slurm/20261121/42": what the batch system behind the grid
// calls the job. Empty if the id is of another kind.
std::string_view batch_job_of(std::string_view grid_job_id) noexcept;

// Lives of jobs, from their events in any order of logs. A number that is submitted again after its
// end is another job: schedds start from 1 again when their spool is renewed.
class JobTable {
  public:
    void add(const JobEvent& event);

    const std::vector<JobFacts>& jobs() const noexcept { return jobs_; }
    std::vector<JobFacts> take() { return std::move(jobs_); }

  private:
    JobFacts& job_of(const JobEvent& event);

    std::vector<JobFacts> jobs_;
    std::unordered_map<std::uint64_t, std::size_t> newest_;  // by cluster and proc
    std::uint64_t last_key_ = 0;
    std::size_t last_job_ = 0;
};

// Adds what other logs of the same job say: its history, the batch system behind the grid. What is
// known already stays, but for an end that is known better.
void merge(JobFacts& job, const JobFacts& other);

// The same of the batch system that really ran it: it knows when, where and how it ended, while
// those before it only saw it at their next look.
void merge_accounting(JobFacts& job, const JobFacts& accounting);

}  // namespace tow::pilotlog
