// Jobs as anybody can write them: CSV with a header, or JSON objects, one a line or in an array.
// The fields state, count, user, cpus, memory, disk, gpus, walltime, waiting_since and requirements
// mean what they say; every other one becomes an attribute.
#pragma once

#include "source/job_grouper.hpp"

#include <string>

namespace tow::source {

// Error{Data} with "name:line".
void read_csv_jobs(int fd, const std::string& name, JobGrouper& grouper);
void read_json_lines_jobs(int fd, const std::string& name, JobGrouper& grouper);

}  // namespace tow::source
