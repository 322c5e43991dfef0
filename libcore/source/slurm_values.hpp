// Values as Slurm's commands print them, in the JSON of every version and in text.
#pragma once

#include "base/clock.hpp"
#include "record/view.hpp"
#include "source/foreign_job.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::source::slurm {

// A number: plain up to 22.05, {"set", "infinite", "number"} later. Nothing where it is not set,
// unlimited, or one of the values that stand for these.
std::optional<std::int64_t> number(record::View value);

// The states of a job: one word up to 23.02, a list of words later; compact ones ("PD") of text.
// Nothing for a job that has ended, or is about to: those are no work.
std::optional<JobState> job_state(const std::vector<std::string_view>& states,
                                  std::string_view reason);
std::optional<JobState> job_state(record::View states, std::string_view reason);

// How many tasks of a job array a line stands for.
struct Tasks {
    std::int64_t count = 1;
    bool is_cut = false;  // Slurm cut the list: there are at least so many
};

// "3-4%2", "1,5-9,20-40:2", "0x1f". Error{Data} if it is nothing like that.
Tasks tasks(std::string_view list);

// How many a JOBID of squeue stands for: "25_[3-4%2]" for the tasks of an array that still wait
// together, any other for one. (squeue --array, which writes them out, loses the last task of
// "1-399:2".)
Tasks tasks_of_id(std::string_view id);

// Of "cpu=4,mem=62.50G,node=1,billing=4,gres/gpu:a100=2,gres/gpu=2".
struct Tres {
    std::optional<std::int64_t> cpus;
    std::optional<std::int64_t> memory_bytes;
    std::optional<std::int64_t> gpus;
    std::optional<std::int64_t> nodes;
};

Tres tres(std::string_view text);

// "4000", "200M", "62.50G": MiB without a unit. Nothing for anything else.
std::optional<std::int64_t> memory(std::string_view text);

// "30:00", "1:00:00", "2-00:00:00", "1-12"; nothing for UNLIMITED and for anything else.
std::optional<std::chrono::seconds> time_limit(std::string_view text);

// A text, or nothing for "", "(null)", "N/A" and the like.
std::optional<std::string> known(std::string_view text);

}  // namespace tow::source::slurm
