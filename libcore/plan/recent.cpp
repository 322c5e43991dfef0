#include "plan/recent.hpp"

#include <algorithm>
#include <cmath>

namespace tow::plan {

Outcomes outcomes(const std::vector<const model::Pilot*>& pilots, base::Time from, base::Time now,
                  std::chrono::seconds short_life) {
    Outcomes result;
    for (const auto* pilot : pilots) {
        if (!pilot->started_at || *pilot->started_at < from) {
            continue;
        }
        const bool has_ended = model::has_ended(pilot->state);
        const auto life = (has_ended ? pilot->ended_at.value_or(now) : now) - *pilot->started_at;
        const bool is_brief = has_ended && life < short_life;
        const bool is_bad = is_brief || pilot->state == model::PilotState::Failed ||
                            pilot->state == model::PilotState::Lost;
        ++result.started;
        result.brief += is_brief ? 1 : 0;
        result.bad += is_bad ? 1 : 0;
        result.good += !is_bad && life >= short_life ? 1 : 0;
    }
    return result;
}

std::int64_t ended_since(const std::vector<const model::Pilot*>& pilots, base::Time since) {
    return std::ranges::count_if(pilots, [since](const model::Pilot* pilot) {
        return model::has_ended(pilot->state) && pilot->state != model::PilotState::Lost &&
               pilot->ended_at && *pilot->ended_at >= since;
    });
}

std::int64_t lost_since(const std::vector<const model::Pilot*>& pilots, base::Time since) {
    return std::ranges::count_if(pilots, [since](const model::Pilot* pilot) {
        return pilot->state == model::PilotState::Lost && pilot->ended_at &&
               *pilot->ended_at >= since;
    });
}

PilotsByEntry by_entry(const std::vector<model::Pilot>& pilots) {
    PilotsByEntry result;
    for (const auto& pilot : pilots) {
        result[pilot.entry].push_back(&pilot);
    }
    return result;
}

double lower_bound_of_share(std::int64_t hits, std::int64_t sample) {
    if (sample <= 0) {
        return 0;
    }
    constexpr double kZ = 1.96;
    const auto n = static_cast<double>(sample);
    const auto share = static_cast<double>(hits) / n;
    const auto middle = share + kZ * kZ / (2 * n);
    const auto spread = kZ * std::sqrt((share * (1 - share) + kZ * kZ / (4 * n)) / n);
    return std::max(0.0, (middle - spread) / (1 + kZ * kZ / n));
}

}  // namespace tow::plan
