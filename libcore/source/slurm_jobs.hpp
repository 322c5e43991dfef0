// Jobs of Slurm, from what squeue prints: --json of versions 21.08 to 24.11, or a table with its
// header, with columns in places or with '|' between them.
#pragma once

#include "source/job_grouper.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace tow::source::slurm {

// Attributes of Slurm's jobs that tell groups apart: SlurmPartition and the like.
const std::vector<std::string>& job_attributes();

using Warn = std::function<void(const std::string& what)>;

// Counts the jobs that wait, run or are held; a job array as its tasks. name stands in messages.
// warn gets what is not as exact as it should be. Error{Data} with "name:line"; Error{Unavailable}
// if squeue says that it could not ask.
void read_json_jobs(int fd, const std::string& name, JobGrouper& grouper, const Warn& warn);
void read_table_jobs(int fd, const std::string& name, JobGrouper& grouper, const Warn& warn);

// The columns that the table of a living Slurm is asked for, for squeue's --Format.
std::string_view table_format();

}  // namespace tow::source::slurm
