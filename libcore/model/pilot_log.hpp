// The record type of what became of a pilot: pilot_log.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"
#include "record/view.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::model {

enum class PilotOutcome {
    Ok,                // ran jobs, and left by itself
    NoWork,            // was in the pool, and no job came
    Unproven,          // the batch system says that all went well, and nothing shows it
    ValidationFailed,  // the node, or what the pilot was given, is not fit
    CredentialFailed,
    NoHtcondor,      // HTCondor could not be had
    NeverConnected,  // the pool never saw it
    HtcondorFailed,  // the daemons died
    TooShort,        // too little time was left
    NeverStarted,    // it never ran
    Held,
    Removed,    // by those who sent it, or by its batch system with a word to it
    TimeLimit,  // cut off at the time limit of the batch system
    Killed,     // cut off from outside, without a closing word
    Lost,       // the batch system does not know what became of it
    Failed,     // in any other way
    Broken,     // by an error of the pilot itself
    Waiting,    // not started yet
    Running,
};

std::string_view outcome_name(PilotOutcome outcome) noexcept;
std::optional<PilotOutcome> outcome_named(std::string_view name) noexcept;

constexpr bool has_ended(PilotOutcome outcome) noexcept {
    return outcome < PilotOutcome::Waiting;
}

// It did what it was sent for, as far as that was up to it.
constexpr bool is_good(PilotOutcome outcome) noexcept {
    return outcome == PilotOutcome::Ok || outcome == PilotOutcome::NoWork;
}

// It could not take jobs, or broke while it did. One that was taken back or cut off has not failed.
constexpr bool has_failed(PilotOutcome outcome) noexcept {
    switch (outcome) {
        case PilotOutcome::ValidationFailed:
        case PilotOutcome::CredentialFailed:
        case PilotOutcome::NoHtcondor:
        case PilotOutcome::NeverConnected:
        case PilotOutcome::HtcondorFailed:
        case PilotOutcome::Failed:
        case PilotOutcome::Broken:
            return true;
        default:
            return false;
    }
}

struct Evidence {
    std::string file;       // out, err, a log in them, events, hold, ...
    std::int64_t line = 0;  // from 1; 0: it is no line of a file
    std::string text;
    std::string cause;  // what it is evidence of
};

// Shares of the time of a pilot, as GlideinWMS counts them, but in core seconds.
struct Waste {
    std::optional<double> validation_ratio;  // of its life, before it could take jobs
    std::optional<double> idle_ratio;        // of its cores' time with HTCondor: no job
    std::optional<double> nosuccess_ratio;   // of its jobs' time: those that did not end with 0
    std::optional<double> badput_ratio;      // of its life: not in jobs that came to an end
};

struct LogFile {
    std::string name;
    std::int64_t bytes = 0;
    std::vector<std::string> logs;  // that are packed into it
};

struct PilotLog {
    std::optional<std::string> pilot;
    std::optional<std::string> entry;
    std::optional<std::string> backend_id;
    std::optional<std::string> batch_id;  // behind the grid
    PilotOutcome outcome = PilotOutcome::Unproven;
    std::optional<std::string> cause;     // the class of the taxonomy
    std::optional<std::string> severity;  // note, warning or error
    std::optional<std::string> actor;     // who should act: site, vo, factory, user
    std::optional<std::string> advice;
    std::optional<std::string> reason;  // in one line
    std::vector<Evidence> evidence;
    std::optional<base::Time> submitted_at;
    std::optional<base::Time> started_at;
    std::optional<base::Time> validated_at;
    std::optional<base::Time> connected_at;
    std::optional<base::Time> first_job_at;
    std::optional<base::Time> retired_at;
    std::optional<base::Time> ended_at;
    std::optional<std::int64_t> exit_code;
    std::optional<std::int64_t> signal;
    std::optional<std::int64_t> hold_code;
    std::optional<std::string> node;
    std::optional<std::int64_t> cores;
    std::optional<std::int64_t> claims;
    std::optional<std::int64_t> jobs_run;
    std::optional<std::int64_t> jobs_good;  // that ended with 0
    std::optional<std::int64_t> wall_seconds;
    std::optional<std::int64_t> wasted_core_seconds;
    Waste waste;
    std::vector<LogFile> files;
    std::vector<std::string> damage;  // what could not be read
};

record::Object to_record(const PilotLog& log);
PilotLog read_pilot_log(record::View record);

}  // namespace tow::model
