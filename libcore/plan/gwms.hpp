// What the frontend of GlideinWMS would ask an entry for, number for number, for those who compare
// or move over. Its algorithm in our words, after compute_glidein_min_idle(),
// compute_glidein_max_run() and decide_removal_type() of its frontend/glideinFrontendElement.py
// (3.10.17); tests/data/gwms holds answers of its own functions. Left to the caller: an entry or
// frontend in downtime (both requests are 0) and removals that an operator asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::plan {

// Slots of the user pool. A partitionable slot and each of its dynamic slots count one each, so an
// 8-core pilot that runs 8 jobs is 9.
struct GwmsCounts {
    std::int64_t total = 0;
    std::int64_t idle = 0;
};

// From a max on nothing is asked for; from a curb on half as much, once for each curb.
struct GwmsBounds {
    std::int64_t max_total = 100'000;
    std::int64_t curb_total = 90'000;
    std::int64_t max_idle = 1000;
    std::int64_t curb_idle = 200;
};

// The limits of a group, with the defaults of its configuration.
struct GwmsLimits {
    std::int64_t max_running = 10'000;  // running_glideins_per_entry max: all slots of the entry
    std::int64_t min_running = 0;       // ... min: demand is taken to be at least that
    double fraction_running = 1.15;     // ... relative_to_queue: of the maximal number of pilots
    std::int64_t max_vms_idle = 100;    // idle_vms_per_entry max: idle slots of the entry
    std::int64_t curb_vms_idle = 5;     // ... curb
    std::int64_t max_idle = 100;        // idle_glideins_per_entry max: what is asked for at once
    std::int64_t reserve_idle = 5;      // ... reserve: at most so many more for old idle jobs
    double ramp_up_attenuation = 3;     // the share of the need that is asked for in one pass
    GwmsBounds group;                   // running_glideins_total, idle_vms_total
    GwmsBounds frontend;                // ..._total_global of one frontend: all its groups
    GwmsBounds global;                  // likewise: everything in the user pool
};

// What the pool holds as the pass begins; it is not counted down as entries are served.
struct GwmsTotals {
    GwmsCounts group;
    GwmsCounts frontend;
    GwmsCounts global;
};

// Pilots of the entry that idle jobs could fill besides its idle slots; never negative.
struct GwmsDemand {
    std::int64_t effective_idle = 0;
    std::int64_t effective_old_idle = 0;  // of jobs that have waited for ten minutes
};

// From the entry's proportional shares of idle and old idle jobs, in pilots (prop_mc).
GwmsDemand gwms_demand(const GwmsLimits& limits, std::int64_t share_idle,
                       std::int64_t share_old_idle, std::int64_t idle_slots) noexcept;

// A limit or curb that was hit, as GlideinWMS names it: "CurbIdleGlideinsPerEntry".
struct GwmsTrigger {
    std::string name;
    std::int64_t count = 0;
    std::int64_t bound = 0;
    bool is_curb = false;

    std::string text() const;  // "count=12, curb=5"
};

struct GwmsMinIdle {
    std::int64_t pilots = 0;             // that should wait in the queue of the site
    std::vector<GwmsTrigger> triggered;  // by name; curbs are looked at only if no limit is hit
};

// Error{Config} if the attenuation is not above 0.
GwmsMinIdle gwms_min_idle(const GwmsLimits& limits, const GwmsCounts& entry,
                          const GwmsTotals& totals, const GwmsDemand& demand);

// The most pilots that may wait and run. share_idle: the entry's share of idle jobs in pilots, at
// least min_running; running: pilots of the entry that run jobs. No limit is looked at.
std::int64_t gwms_max_run(double fraction_running, std::int64_t share_idle, std::int64_t running,
                          std::int64_t idle_slots) noexcept;

// How far the factory may go in taking pilots back; each level includes those before it.
enum class GwmsRemoval : std::int8_t {
    Disable = -1,      // only in a configuration: never, not even automatically
    No,                // nothing
    Wait,              // what is not submitted
    Idle,              // and what waits in the queue of the site
    All,               // and what runs
    Unregistered = 4,  // known to its code, not to its documents
};

std::string_view gwms_removal_name(GwmsRemoval level) noexcept;  // "NO", "WAIT", ...
std::optional<GwmsRemoval> gwms_removal(std::string_view name) noexcept;

// glideins_removal of a group.
struct GwmsRemovalPolicy {
    GwmsRemoval type = GwmsRemoval::No;
    std::int64_t wait = 0;  // passes without idle jobs before the type is sent
    // requests_tracking: the type is sent in every pass, and the factory compares. GlideinWMS keeps
    // the text of its configuration and asks only whether it is empty, so "False" switches it on.
    std::string tracking;
    std::int64_t margin = 0;  // pilots that tracking leaves alone
};

// Of one entry: for how many passes in a row things have been so.
struct GwmsHistory {
    std::int64_t no_idle_jobs = 0;   // no idle job matches the entry
    std::int64_t no_used_slots = 0;  // all its slots are idle, or it has none
    std::int64_t no_slots = 0;
};

struct GwmsRemovalAnswer {
    GwmsRemoval level = GwmsRemoval::No;
    std::int64_t margin = 0;
};

// One pass: counts in history, and answers the higher of what the counters and the policy want.
// idle_jobs: all that match the entry, not its share of them.
GwmsRemovalAnswer gwms_removal_pass(const GwmsRemovalPolicy& policy, std::int64_t idle_jobs,
                                    const GwmsCounts& entry, GwmsHistory& history) noexcept;

}  // namespace tow::plan
