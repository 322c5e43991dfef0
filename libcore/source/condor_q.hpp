// Jobs from a living HTCondor schedd, by condor_q with a projection.
#pragma once

#include "model/jobs.hpp"
#include "source/job_grouper.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tow::source {

struct CondorQueue {
    std::optional<std::string> schedd;      // by name; nothing: the local one
    std::optional<std::string> pool;        // collector to find it with
    std::optional<std::string> constraint;  // ClassAd text, evaluated by the schedd
};

// "condor", or "condor:<schedd>": what stands as source in records.
std::string source_name(const CondorQueue& queue);

// The command that asks for these attributes.
std::vector<std::string> condor_q_command(const CondorQueue& queue,
                                          const AttributeTable& attributes);

// Asks again, with more attributes, if Requirements mention some that were not asked for. trace
// gets each command, visit the groups. Error{Unavailable}, Error{Permission} or Error{Data}: the
// queue was not seen.
void query_jobs(const CondorQueue& queue, const GroupOptions& options,
                const std::function<void(const std::string&)>& trace, const VisitGroup& visit);

}  // namespace tow::source
