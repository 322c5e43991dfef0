#include "plan/workload.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include <fmt/core.h>

namespace tow::plan {

std::int64_t existing_pilots(const model::PilotCount& count) noexcept {
    return count.pending + count.running + count.held + count.removing;
}

std::int64_t cores_of_pilot(const model::Entry& entry) {
    return std::min(entry.pilot.cpus, kMostNodes) * std::min(entry.nodes, kMostNodes);
}

bool is_stale(const std::optional<base::Time>& observed_at, const Terms& terms, base::Time now) {
    return observed_at && now - *observed_at > terms.max_age;
}

Workload workload(const Situation& situation, const Terms& terms, base::Time now) {
    std::unordered_map<std::string_view, std::uint32_t> positions;
    for (const auto& entry : terms.entries) {
        positions.emplace(entry.entry.name, static_cast<std::uint32_t>(positions.size()));
    }
    Workload result;
    result.matching.resize(terms.entries.size());
    for (const auto& job_class : situation.classes) {
        if (is_stale(job_class.observed_at, terms, now)) {
            result.warnings.push_back(
                fmt::format("job class {}: seen {} ago, not counted", job_class.id,
                            base::format_duration(now - *job_class.observed_at)));
            continue;
        }
        const auto jobs = std::min(job_class.idle_jobs, kMostOfAnything);
        if (job_class.entries.empty()) {
            result.unmatched_jobs += jobs;
            continue;
        }
        Demand demand{&job_class, jobs, {}};
        demand.entries.reserve(job_class.entries.size());
        for (const auto& name : job_class.entries) {
            if (const auto found = positions.find(name); found != positions.end()) {
                demand.entries.push_back(found->second);
                result.matching[found->second] += jobs;
            }
        }
        result.demands.push_back(std::move(demand));
    }
    return result;
}

}  // namespace tow::plan
