// What became of a pilot, from everything that is known of it. No single word is believed: a batch
// system's exit code 0 least of all.
#pragma once

#include "base/clock.hpp"
#include "model/pilot_log.hpp"
#include "pilotlog/job.hpp"
#include "pilotlog/output_facts.hpp"
#include "pilotlog/taxonomy.hpp"

#include <optional>
#include <string>

namespace tow::pilotlog {

struct PilotCase {
    std::string pilot;  // its id, as far as the names of its files or our journal tell
    std::string entry;
    std::optional<JobFacts> job;        // as the batch system that we talk to sees it
    std::optional<OutputFacts> output;  // nothing: there are no files
    bool is_finished = false;           // even if nothing says so: its output has not changed
};

model::PilotLog judge(const PilotCase& pilot, const Taxonomy& taxonomy);

// Shares of a pilot's time, as GlideinWMS counts them. What cannot be told is absent: statistics
// that are missing are not waste.
struct Efforts {
    std::optional<double> life;        // seconds of the pilot
    std::optional<double> validation;  // until it could take jobs
    std::optional<double> condor;      // with HTCondor
    std::optional<double> jobs;        // core seconds of jobs divided by cores of the pilot
    std::optional<double> good;        // of jobs that ended with 0
    std::optional<double> ended;       // of jobs that ended by themselves
};

model::Waste waste_of(const Efforts& efforts) noexcept;
Efforts efforts_of(const OutputFacts& output) noexcept;

}  // namespace tow::pilotlog
