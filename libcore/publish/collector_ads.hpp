// Metrics as ClassAds for an HTCondor collector: one ad for each entry, and one for all else.
#pragma once

#include "metrics/registry.hpp"
#include "publish/graphite.hpp"
#include "publish/spool.hpp"

#include <cstdint>
#include <string_view>

namespace tow::publish {

// As condor_advertise -multiple reads them: MyType "Aerotow", Name "ENTRY@HOST", and attributes
// such as TowPilots_cms_running.
Batch collector_ads(const metrics::Registry& registry, std::string_view host, std::int64_t now_ms,
                    Collisions& collisions);

}  // namespace tow::publish
