// Jobs from a living HTCondor schedd, by condor_q with a projection.
#pragma once

#include "model/jobs.hpp"
#include "source/condor_schedds.hpp"
#include "source/job_grouper.hpp"
#include "source/query.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tow::source {

struct CondorQueue {
    std::optional<std::string> schedd;      // by name; nothing: the local one
    std::optional<std::string> pool;        // collector to find it with
    std::optional<std::string> constraint;  // ClassAd text, evaluated by the schedd
    bool job_by_job = false;                // else the schedd is asked to group what is alike
};

// "condor", or "condor:<schedd>": what stands as source in records.
std::string source_name(const CondorQueue& queue);

// Asks again, with more attributes, if Requirements mention some that were not asked for; and job
// by job if condor_q is too old to group. states, which may be null, marks the groups of a schedd
// that starts no more jobs; what it knows is looked up when the records are handed over.
std::unique_ptr<Query> make_condor_query(const CondorQueue& queue, const GroupOptions& options,
                                         std::shared_ptr<const ScheddStates> states);

}  // namespace tow::source
