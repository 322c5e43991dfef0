// Files of jobs in any format that is known here.
#pragma once

#include "source/job_grouper.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::source {

// "auto", which tells HTCondor's own apart by the first bytes, and those that can be named.
const std::vector<std::string>& job_formats();

bool is_job_format(std::string_view word);

// The format of a file as "auto" finds it; any other word stands for itself.
std::string job_format(int fd, std::string_view word);

// Counts the jobs of the file, in a format that is not "auto". warn gets what is not as exact as it
// should be. Error{Data} with "name:line".
void read_jobs(int fd, const std::string& name, std::string_view format, JobGrouper& grouper,
               const std::function<void(const std::string&)>& warn);

// Attributes by which jobs of this format are told apart beside those of HTCondor.
const std::vector<std::string>& attributes_of_format(std::string_view format);

}  // namespace tow::source
