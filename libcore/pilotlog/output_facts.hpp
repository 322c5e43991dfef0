// What the output of one pilot tells: a GlideinWMS glidein, a pilot of ours, or HTCondor's daemons
// on the node.
#pragma once

#include "base/clock.hpp"
#include "model/pilot_log.hpp"
#include "pilotlog/taxonomy.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tow::pilotlog {

// Jobs of one kind, and their time: slots times seconds, or that divided by the cores of the pilot.
struct JobSum {
    double jobs = 0;
    double seconds = 0;
};

// The lines that GlideinWMS prints of its jobs.
struct JobStats {
    enum Kind : std::uint8_t { Total, GoodZero, GoodNonZero, BadSignal, BadOther };

    enum Unit : std::uint8_t { Real, Normalized, Plain };  // Plain: the line does not say

    std::array<std::array<std::optional<JobSum>, 5>, 3> sums{};
    bool plain_is_normalized = false;

    bool empty() const noexcept;

    // Divided by cores, whichever lines there are. Nothing if none is, or cores are not known.
    std::optional<JobSum> normalized(Kind kind, std::optional<std::int64_t> cores) const noexcept;
    std::optional<double> jobs(Kind kind) const noexcept;
};

// A user job, as the StarterLog or a pilot of ours tells of it.
struct JobRuns {
    std::int64_t run = 0;
    std::int64_t good = 0;    // ended with 0
    double core_seconds = 0;  // cores of the job times its life
    double good_core_seconds = 0;
    double ended_core_seconds = 0;  // of those that ended by themselves, with any code
};

// What one node of a pilot of ours said of itself.
struct NodeReport {
    bool is_final = false;
    std::string outcome;
    std::string stage;
    std::string reason;
    std::string failed_check;
    std::optional<std::int64_t> exit_code;
    std::optional<base::Time> started_at, connected_at, first_job_at, retires_at, ended_at;
    std::optional<double> seconds;
    std::optional<double> preparing_seconds;  // probe to join
    std::int64_t cores = 0;
    std::int64_t jobs_ended = 0;
    std::int64_t jobs_good = 0;
    double busy_core_seconds = 0;
};

// What HTCondor's daemons on the node say.
struct DaemonFacts {
    bool startd_ran = false;
    bool was_claimed = false;
    std::optional<base::Time> first_at;  // stamps of all of their lines
    std::optional<base::Time> last_at;
    std::optional<base::Time> claimed_at;
    std::optional<base::Time> draining_at;
    std::optional<base::Time> failed_at;  // the last time that the collector could not be told
    std::optional<std::int64_t> exit_code;
    JobRuns jobs;
};

struct Hit {
    const Rule* rule = nullptr;
    std::int64_t count = 0;
};

struct OutputFacts {
    bool has_start = false;
    bool has_end = false;
    std::map<std::string, std::string, std::less<>> header;  // glidein_uuid, glidein_entry, ...
    std::string pilot;
    std::string entry;
    std::string node;
    std::string last_script;
    std::string failed_script;
    std::optional<base::Time> started_at, validated_at, condor_started_at, condor_ended_at,
        ended_at;
    std::optional<std::int64_t> validation_seconds, condor_seconds, wall_seconds;
    std::optional<std::int64_t> exit_code;
    std::optional<std::int64_t> cores;
    std::optional<std::int64_t> claims;
    std::optional<std::string> failure;  // of the OSG test result: WN_Resource, Network, ...
    JobStats stats;
    JobRuns own_jobs;  // of pilot_job lines
    std::map<std::string, NodeReport> nodes;
    DaemonFacts daemons;
    std::vector<Hit> hits;  // in order of first appearance
    std::vector<model::Evidence> evidence;
    std::vector<model::LogFile> files;
    std::vector<std::string> damage;

    const Hit* hit(std::string_view rule) const noexcept;
};

}  // namespace tow::pilotlog
