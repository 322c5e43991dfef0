// Jobs that are no HTCondor jobs, as job ads: so everything else about them (constraints, groups,
// wall time, ages) works as for HTCondor's.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"
#include "source/job_grouper.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tow::source {

enum class JobState { Idle, Running, Held };

// "idle", "running" or "held"; nothing for any other word.
std::optional<JobState> job_state(std::string_view word) noexcept;

struct ForeignJob {
    JobState state = JobState::Idle;
    std::int64_t jobs = 1;  // that are like this one
    std::optional<std::string> user;
    std::optional<std::int64_t> cpus;
    std::optional<std::int64_t> memory_bytes;
    std::optional<std::int64_t> disk_bytes;
    std::optional<std::int64_t> gpus;
    std::optional<std::chrono::seconds> walltime;
    std::optional<base::Time> waiting_since;
    std::string requirements;   // ClassAd text; empty: none
    record::Object attributes;  // further ones; they tell groups apart if GroupOptions name them
};

// The job as a JSON object as condor_q prints it.
std::string job_ad_json(const ForeignJob& job);

void add(JobGrouper& grouper, const ForeignJob& job);

}  // namespace tow::source
