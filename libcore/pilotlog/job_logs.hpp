// Jobs as the records of batch systems have them: ads of condor_q and condor_history in any format,
// history files, the schedd's job queue log, and what sacct prints.
#pragma once

#include "pilotlog/job.hpp"
#include "pilotlog/stamp.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tow::pilotlog {

using VisitJob = std::function<void(JobFacts job)>;

struct JobCounts {
    std::uint64_t jobs = 0;
    std::uint64_t broken = 0;  // places that could not be understood
};

// JSON, XML or "Name = value" lines, also with the banners of a history file between.
JobCounts read_job_ads(int fd, const std::string& name, const VisitJob& visit);

// What the queue was at its end, and jobs that left it. A transaction without its end did not
// happen.
JobCounts read_job_queue_log(int fd, const VisitJob& visit);

// sacct --parsable or --parsable2, with its header. Steps are skipped.
JobCounts read_sacct_text(int fd, const LogClock& clock, const VisitJob& visit);

// sacct --json, of any version.
JobCounts read_sacct_json(int fd, const VisitJob& visit);

}  // namespace tow::pilotlog
