// What a user can name as a source of jobs, and how it is asked.
#pragma once

#include "source/job_grouper.hpp"
#include "source/query.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::source {

struct JobSources {
    // condor, condor:POOL, slurm, FORMAT:FILE, FORMAT:URL, or a file or URL in the format from; "-"
    // is standard input.
    std::vector<std::string> sources;
    std::string from = "auto";
    std::vector<std::string> schedds;       // by name; "all": those that the collector knows
    std::optional<std::string> pool;        // collector to find them with
    std::optional<std::string> constraint;  // ClassAd text for schedds
    bool job_by_job = false;                // do not let schedds group jobs
    std::optional<std::string> name;        // what to call files and URLs in records
    std::optional<base::Time> observed_at;  // of files
    GroupOptions groups;                    // constraint: of all but schedds
};

// What is worth a word but no failure, and how often.
using CountOdd = std::function<void(const std::string& what, std::size_t times)>;

// The queries of these sources, in order. Where schedds are to be found they are asked for first;
// the gap of a pool that does not answer goes to events, and its kind to failed.
// Error{Usage} for a source that makes no sense.
std::vector<std::unique_ptr<Query>> job_queries(const JobSources& sources,
                                                const AskOptions& options, const AskEvents& events,
                                                const CountOdd& odd,
                                                std::vector<std::optional<base::Kind>>& failed);

}  // namespace tow::source
