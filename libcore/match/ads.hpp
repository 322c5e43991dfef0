// Records as ClassAds: what the two sides of a match look like to each other's expressions.
#pragma once

#include "classad/ad.hpp"
#include "model/entry.hpp"
#include "model/jobs.hpp"

#include <string>
#include <vector>

namespace tow::match {

// An expression that cannot be parsed becomes `error`; what was wrong is added to problems.
classad::Ad job_ad(const model::JobGroup& group, std::vector<std::string>& problems);

// The ad of the entry, and of its pilot's shape what the ad does not say itself, in HTCondor's
// names and units: Cpus, TotalCpus, Memory (MiB), Disk (KiB), GPUs.
classad::Ad entry_ad(const model::Entry& entry, std::vector<std::string>& problems);

}  // namespace tow::match
