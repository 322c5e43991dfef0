// What Slurm says of pilots, in the words of squeue, of squeue --json and of sacct.
//
// The pilots of one call of submit() are the tasks of an array of jobs. Its name carries the id of
// the first of them, its comment the factory and the entry too; task k is the k-th id after it.
// What is left of an array when its tasks are cancelled or have records of their own is no pilot.
#pragma once

#include "batch/backend.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tow::batch {

// A pilot of any factory. A site may have put its own comment in the place of ours; then factory
// and entry are empty.
struct SlurmPilot {
    std::string factory;
    Seen seen;
};

// The largest array that is made or understood. Slurm's own limit is mostly 1000 tasks.
constexpr std::uint64_t kMostSlurmTasks = 100'000;

std::string slurm_job_name(std::string_view first_pilot);
std::string slurm_comment(std::string_view factory, std::string_view entry,
                          std::string_view first_pilot);

// Other jobs are skipped. Error{Data} for what cannot be understood where one of ours is told of.

// squeue --noheader --array --Format=<this>, with times of UTC in standard form.
std::string squeue_format();
std::vector<SlurmPilot> read_squeue(std::string_view text);

// The answer of squeue --json: versions 21.08 to 24.11, which differ.
std::vector<SlurmPilot> read_squeue_json(std::string_view json);

// sacct --allocations --parsable2 --noheader --format=<this>, likewise. Of several records of one
// job the last one counts.
std::string sacct_format();
std::vector<SlurmPilot> read_sacct(std::string_view text);

}  // namespace tow::batch
