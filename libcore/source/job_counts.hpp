// Job numbers that other workload systems publish as one JSON document.
#pragma once

#include "source/job_grouper.hpp"

#include <string>
#include <vector>

namespace tow::source {

// Attributes that tell groups of these jobs apart: PandaSite, OpSysWanted and the like.
const std::vector<std::string>& counted_job_attributes();

// PanDA's job statistics by site, with or without levels for label and resource type, as its server
// gives them ({"success", "message", "data"}) or the data alone. Jobs that are activated wait for a
// pilot; those that are starting, sent, running, holding or transferring run. The others are not
// ready for one. Error{Data} with name; Error{Unavailable} if the server says that it failed.
void read_panda_statistics(int fd, const std::string& name, JobGrouper& grouper);

// The state of a pyglidein server: its answer to get_state, or the list alone. Jobs that wait.
void read_pyglidein_state(int fd, const std::string& name, JobGrouper& grouper);

}  // namespace tow::source
