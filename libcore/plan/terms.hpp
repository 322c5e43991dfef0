// Policy as numbers: what holds for each entry of this situation, every pattern and expression
// applied. The planner knows nothing else of policy; policy/resolve.hpp makes it.
#pragma once

#include "base/clock.hpp"
#include "model/decision.hpp"
#include "model/entry.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace tow::plan {

// Records may claim anything. Counts beyond this are taken as this, so that sums stay numbers.
constexpr std::int64_t kMostOfAnything = 1'000'000'000;
constexpr std::int64_t kMostOfADay = 1'000'000'000'000;  // core seconds, or micro money
constexpr std::int64_t kMostNodes = 30'000;              // of one pilot, and cores of a node

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int32_t>::max();

// One link of the chain that turns the number of pilots the jobs need into the number that is sent.
struct Step {
    enum class Kind {
        Scale,        // times factor, rounded up
        Ramp,         // factor of it, at least floor; and for old jobs up to reserve more
        MinPerCycle,  // at least count
        MaxPerCycle,  // at most count
        MinPending,   // so many that count wait
        MaxPending,   // no more than until count wait
        MinPilots,    // so many that count exist
        MaxPilots,    // no more than until count exist
        KeepRunning,  // so many that count wait or run, whatever the jobs need; more are surplus
        TestMode,     // so many that count wait, whatever the jobs need
        Throttle,     // count, while more than factor of the pilots of the window lived short
        Curb,         // half, once count wait
    };

    Kind kind = Kind::Scale;
    std::int64_t count = 0;
    double factor = 1;
    std::int64_t floor = 1;             // of Ramp
    std::int64_t reserve = 0;           // of Ramp
    std::chrono::seconds age{600};      // Ramp: older jobs are old; Throttle: lives below are short
    std::chrono::seconds window{3600};  // of Throttle
    std::int64_t sample = 5;            // of Throttle: with fewer pilots nothing is concluded
};

// Whether the step can only make the number larger, or only smaller; Scale and Ramp are neither.
bool is_minimum(Step::Kind kind) noexcept;
bool is_maximum(Step::Kind kind) noexcept;
std::string_view step_name(Step::Kind kind) noexcept;

// Which pilots go back when there are more than the jobs need.
struct RemovalTerms {
    model::RemoveWhat what = model::RemoveWhat::None;
    std::int64_t after_looks = 1;  // decisions in a row that saw the surplus
    std::int64_t most = 10;        // per decision, unless the entry has a limit of its own
    std::int64_t margin = 0;       // surplus that may stay
    std::optional<std::chrono::seconds> stuck_after;  // the oldest waits longer, and none started
    std::int64_t stuck_keep = 0;  // pilots that may go on waiting at such an entry
};

// The circuit breaker of an entry. A pilot is bad if it failed or lived shorter than short_life.
struct BreakerTerms {
    bool is_on = true;
    std::chrono::seconds window{3600};
    std::chrono::seconds short_life{60};
    std::chrono::seconds cool_down{1800};                  // from open to half open
    std::optional<std::chrono::seconds> dead_after{7200};  // waiting so long without any start
    double bound = 0.5;       // lower confidence limit of the bad share, or of the held share
    std::int64_t sample = 5;  // with fewer pilots nothing is concluded
};

enum class Outage { Refuse, Shorten, Ignore };

struct DowntimeTerms {
    Outage ahead = Outage::Shorten;           // pilots that would reach into an announced outage
    std::chrono::seconds min_walltime{3600};  // shorter ones are not worth sending
};

struct EntryTerms {
    model::Entry entry;                   // with overrides and rules applied
    std::vector<model::Because> remarks;  // what they changed
    std::string vetoed;                   // why nothing is sent; empty: it may be
    std::vector<Step> chain;
    RemovalTerms removal;
    BreakerTerms breaker;
    DowntimeTerms downtime;
};

enum class Measure {
    Pilots,
    Cores,
    CoreSeconds,
    MicroCost,  // a millionth of the unit
    Charge      // seconds, as the allocation of the entry is charged for its nodes
};
enum class Scope { Existing, Pending, Decision, Window };

// A limit over several entries together.
struct CapTerms {
    std::string name;  // "max_pilots of cloud": as it stands in explanations
    std::vector<std::size_t> entries;
    Measure measure = Measure::Pilots;
    Scope scope = Scope::Existing;
    std::int64_t limit = 0;
    bool is_curb = false;      // not a limit: once reached, what each entry gets is halved
    base::Time window_from{};  // of Scope::Window: days from this on count
    std::string currency;      // of Measure::MicroCost
};

// "Up to a limit here; when full, there": stages in order.
struct SpillTerms {
    struct Stage {
        std::vector<std::size_t> entries;
        std::optional<std::int64_t> enough;  // with so many running here, the next stays closed
    };

    std::string name;
    std::vector<Stage> stages;
    std::int64_t min_full_pending = 1;      // an entry is full if so many wait,
    std::chrono::seconds full_after{1800};  // the oldest this long,
    std::chrono::seconds quiet_for{120};    // none has started for this long,
    std::int64_t looks = 2;                 // seen that often in a row; likewise to reopen
};

enum class Merit {
    None,     // entries of a tier are equal
    Price,    // price per core hour over performance
    HepCloud  // that, times (pilots + 1) / max_pilots: cheap and empty first
};

struct Terms {
    std::chrono::seconds max_age{900};  // an older observation is a gap
    std::chrono::seconds valid_for{600};
    Merit merit = Merit::None;
    bool by_health = false;           // shares shrink with bad and dead entries
    std::vector<EntryTerms> entries;  // in order of name, each once
    std::vector<CapTerms> caps;
    std::vector<SpillTerms> spills;
    std::vector<std::string> warnings;
};

}  // namespace tow::plan
