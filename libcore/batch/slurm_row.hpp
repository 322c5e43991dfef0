// One job of Slurm's, before it is a pilot: what the readers of its several languages have in
// common.
#pragma once

#include "batch/slurm_jobs.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::batch {

struct SlurmTag {
    std::string factory;  // empty, as the entry: the comment is not ours
    std::string entry;
    std::string first;  // pilot of the array
};

// Nothing if it is no job of aerotow's.
std::optional<SlurmTag> read_slurm_tag(std::string_view name, std::string_view comment);

struct SlurmRow {
    SlurmTag tag;
    std::string job;                   // the number of the array
    std::vector<std::uint64_t> tasks;  // none: it is no array, or all are cancelled or apart
    std::string state;
    std::string reason;
    bool on_hold = false;
    std::optional<base::Time> submitted_at;
    std::optional<base::Time> started_at;
    std::optional<base::Time> ended_at;  // of one that runs: when it will have to
    bool is_endless = false;             // Slurm then says that it ends in a year
    std::optional<std::int64_t> exit_code;
    std::optional<std::int64_t> signal;
};

// "0-99%5", "1,3,5-9:2", "[0-3]". Error{Data} also if it was cut ("0-3,...") or has too many.
std::vector<std::uint64_t> expand_slurm_tasks(std::string_view text);

// The state that counts of those that a job has at once, as squeue's text has it.
std::string leading_slurm_state(const std::vector<std::string_view>& states);

// What wait(2) tells; some versions say the exit code itself.
void read_wait_status(std::int64_t status, SlurmRow& row);

// Its pilots, behind those. Error{Data} if there are more of them than anybody has.
void append_pilots(const SlurmRow& row, std::vector<SlurmPilot>& pilots);

}  // namespace tow::batch
