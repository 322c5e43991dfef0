#include "plan/gwms.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include <fmt/core.h>

namespace tow::plan {

namespace {

// Passes after which the counters ask for removal by themselves.
constexpr std::int64_t kPassesToWait = 5;
constexpr std::int64_t kPassesToGoOn = 10;

// int() of Python: towards zero. What no count can reach stays within range.
std::int64_t truncated(double number) noexcept {
    constexpr double kMost = 9.2e18;
    return static_cast<std::int64_t>(std::clamp(number, -kMost, kMost));
}

// One of the places where slots are counted and bounded.
struct Level {
    const char* name;
    GwmsCounts counts;
    GwmsBounds bounds;
};

using Levels = std::array<Level, 4>;

Levels levels_of(const GwmsLimits& limits, const GwmsCounts& entry, const GwmsTotals& totals) {
    const GwmsBounds of_entry{
        .max_total = limits.max_running,
        .curb_total = std::numeric_limits<std::int64_t>::max(),  // there is none
        .max_idle = limits.max_vms_idle,
        .curb_idle = limits.curb_vms_idle,
    };
    return {{
        {"PerEntry", entry, of_entry},
        {"PerGroup", totals.group, limits.group},
        {"PerFrontend", totals.frontend, limits.frontend},
        {"Global", totals.global, limits.global},
    }};
}

class Triggers {
  public:
    void add(const std::string& name, std::int64_t count, std::int64_t bound, bool is_curb) {
        if (count >= bound) {
            found_.push_back({name, count, bound, is_curb});
        }
    }

    std::vector<GwmsTrigger> sorted() {
        std::ranges::sort(found_, {}, &GwmsTrigger::name);
        return std::move(found_);
    }

  private:
    std::vector<GwmsTrigger> found_;
};

std::vector<GwmsTrigger> limits_hit(const Levels& levels) {
    Triggers triggers;
    for (const auto& [name, counts, bounds] : levels) {
        triggers.add(fmt::format("TotalGlideins{}", name), counts.total, bounds.max_total, false);
        triggers.add(fmt::format("IdleGlideins{}", name), counts.idle, bounds.max_idle, false);
    }
    return triggers.sorted();
}

std::vector<GwmsTrigger> curbs_hit(const Levels& levels) {
    Triggers triggers;
    for (const auto& [name, counts, bounds] : levels) {
        triggers.add(fmt::format("CurbTotalGlideins{}", name), counts.total, bounds.curb_total,
                     true);
        triggers.add(fmt::format("CurbIdleGlideins{}", name), counts.idle, bounds.curb_idle, true);
    }
    return triggers.sorted();
}

// What the counters ask for.
GwmsRemoval automatic(const GwmsHistory& history) noexcept {
    if (history.no_idle_jobs <= kPassesToWait) {
        return GwmsRemoval::No;
    }
    if (history.no_slots > kPassesToGoOn) {
        return GwmsRemoval::All;
    }
    return history.no_used_slots > kPassesToGoOn ? GwmsRemoval::Idle : GwmsRemoval::Wait;
}

GwmsRemoval configured(const GwmsRemovalPolicy& policy, const GwmsHistory& history) noexcept {
    const bool is_always = policy.type == GwmsRemoval::Disable || !policy.tracking.empty();
    return is_always || history.no_idle_jobs > policy.wait ? policy.type : GwmsRemoval::No;
}

constexpr std::array kRemovals{
    std::pair{GwmsRemoval::Disable, std::string_view("DISABLE")},
    std::pair{GwmsRemoval::No, std::string_view("NO")},
    std::pair{GwmsRemoval::Wait, std::string_view("WAIT")},
    std::pair{GwmsRemoval::Idle, std::string_view("IDLE")},
    std::pair{GwmsRemoval::All, std::string_view("ALL")},
    std::pair{GwmsRemoval::Unregistered, std::string_view("UNREG")},
};

}  // namespace

std::string GwmsTrigger::text() const {
    return fmt::format("count={}, {}={}", count, is_curb ? "curb" : "limit", bound);
}

GwmsDemand gwms_demand(const GwmsLimits& limits, std::int64_t share_idle,
                       std::int64_t share_old_idle, std::int64_t idle_slots) noexcept {
    // Idle slots are taken off both, although a job can only be one of them.
    const auto share = std::max(share_idle, limits.min_running);
    return {.effective_idle = std::max<std::int64_t>(share - idle_slots, 0),
            .effective_old_idle = std::max<std::int64_t>(share_old_idle - idle_slots, 0)};
}

GwmsMinIdle gwms_min_idle(const GwmsLimits& limits, const GwmsCounts& entry,
                          const GwmsTotals& totals, const GwmsDemand& demand) {
    if (!(limits.ramp_up_attenuation > 0)) {
        base::fail(base::Kind::Config, "ramp_up_attenuation must be above 0, not {}",
                   limits.ramp_up_attenuation);
    }
    const auto levels = levels_of(limits, entry, totals);
    GwmsMinIdle result;
    result.triggered = limits_hit(levels);
    if (!result.triggered.empty() || demand.effective_idle <= 0) {
        return result;
    }
    // The idle slots of the entry itself have a limit, but what is left of it does not count.
    auto room = std::min(demand.effective_idle, limits.max_running - entry.total);
    for (const auto& [name, counts, bounds] : std::span(levels).subspan(1)) {
        room = std::min({room, bounds.max_total - counts.total, bounds.max_idle - counts.idle});
    }
    const auto ramped = truncated(static_cast<double>(room) / limits.ramp_up_attenuation);
    const auto reserve = std::min(demand.effective_old_idle / 3, limits.reserve_idle);
    auto wanted = static_cast<double>(std::min(ramped + reserve, limits.max_idle));
    result.triggered = curbs_hit(levels);
    for (std::size_t i = 0; i < result.triggered.size(); ++i) {
        wanted /= 2;
    }
    result.pilots = truncated(std::max(1.0, wanted));
    return result;
}

std::int64_t gwms_max_run(double fraction_running, std::int64_t share_idle, std::int64_t running,
                          std::int64_t idle_slots) noexcept {
    if (share_idle + running <= 0) {
        return 0;
    }
    if (share_idle <= 0) {
        return running;
    }
    const auto wanted = std::max<std::int64_t>(share_idle - idle_slots, 0) + running;
    return truncated(static_cast<double>(wanted) * fraction_running + 1);
}

std::string_view gwms_removal_name(GwmsRemoval level) noexcept {
    const auto* found = std::ranges::find(kRemovals, level, [](auto& each) { return each.first; });
    return found == kRemovals.end() ? "" : found->second;
}

std::optional<GwmsRemoval> gwms_removal(std::string_view name) noexcept {
    const auto* found = std::ranges::find(kRemovals, name, [](auto& each) { return each.second; });
    return found == kRemovals.end() ? std::nullopt : std::optional(found->first);
}

GwmsRemovalAnswer gwms_removal_pass(const GwmsRemovalPolicy& policy, std::int64_t idle_jobs,
                                    const GwmsCounts& entry, GwmsHistory& history) noexcept {
    const auto count = [](std::int64_t& passes, bool is_so) { passes = is_so ? passes + 1 : 0; };
    count(history.no_idle_jobs, idle_jobs == 0);
    count(history.no_used_slots, entry.idle >= entry.total);
    count(history.no_slots, entry.total == 0);
    const auto from_counters = automatic(history);
    const auto from_policy = configured(policy, history);
    if (from_policy == GwmsRemoval::Disable) {
        return {};
    }
    if (from_counters > from_policy) {
        return {.level = from_counters};
    }
    // The margin goes along with "NO" as well, where it means nothing.
    const auto margin = policy.tracking.empty() ? 0 : std::max<std::int64_t>(policy.margin, 0);
    return {.level = from_policy, .margin = margin};
}

}  // namespace tow::plan
