// What a pilot's job and its output say of it, as fields of its record. Internal.
#pragma once

#include "model/pilot_log.hpp"
#include "pilotlog/job.hpp"
#include "pilotlog/output_facts.hpp"

namespace tow::pilotlog {

void take_job(const JobFacts& job, model::PilotLog& log);

// After its job: what the pilot says of itself wins.
void take_output(const OutputFacts& output, model::PilotLog& log);

}  // namespace tow::pilotlog
