#include "report/attention.hpp"

#include "base/units.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::report {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kFewPilots = 5;  // of fewer that ended nothing is concluded
constexpr auto kStuckAfter = 2h;        // pilots wait that long, and none runs

std::string pilots_are(std::int64_t count) {
    return count == 1 ? "1 pilot is" : fmt::format("{} pilots are", count);
}

class Finder {
  public:
    Finder(const Snapshot& snapshot, base::Time now) : snapshot_(snapshot), now_(now) {}

    void look_at_sources(std::int64_t unmatched_jobs) {
        for (const auto& gap : snapshot_.input.situation.gaps) {
            add(Severity::Warning, gap.source,
                fmt::format("{} could not be seen: {}", gap.scope, gap.message),
                "nothing is decided on what is not seen");
        }
        if (snapshot_.work.stale_groups > 0) {
            add(Severity::Warning, "jobs",
                fmt::format("{} job groups are the last answer of a source that failed",
                            snapshot_.work.stale_groups));
        }
        if (unmatched_jobs > 0) {
            add(Severity::Warning, "jobs",
                fmt::format("{} idle jobs match no entry", unmatched_jobs),
                "tow-why --unmatched says what keeps them");
        }
        look_at_age();
    }

    void look_at_checks() {
        for (const auto& check : snapshot_.checks) {
            if (check.state == model::CheckState::Ok) {
                continue;
            }
            add(check.state == model::CheckState::Critical ? Severity::Critical : Severity::Warning,
                fmt::format("{} {}", check.check, check.target), check.message,
                check.advice.value_or(""));
        }
    }

    void look_at_pipelines() {
        for (const auto& run : snapshot_.runs) {
            if (run.failures == 0 && run.state != model::RunState::Killed) {
                continue;
            }
            const auto last = run.last_success_at
                                  ? "the last success was " +
                                        base::format_duration(now_ - *run.last_success_at) + " ago"
                                  : std::string("it has never succeeded");
            add(run.failures > 2 ? Severity::Critical : Severity::Warning, run.name,
                fmt::format("the pipeline ended {}, {} times in a row; {}",
                            model::run_state_name(run.state), run.failures, last),
                "tow-run --status shows its commands");
        }
    }

    void look_at_outcomes() {
        for (const auto& outcome : snapshot_.outcomes) {
            if (!outcome.error.empty()) {
                add(Severity::Critical, outcome.entry,
                    fmt::format("{} of {} pilots {}: {}", outcome.done, outcome.asked,
                                outcome.is_removal ? "removed" : "sent", outcome.error));
            }
        }
    }

    void look_at(const EntryLine& line) {
        look_at_breaker(line);
        look_at_ends(line);
        const auto& pilots = line.pilots;
        if (pilots.held > 0) {
            add(Severity::Warning, line.entry, fmt::format("{} held", pilots_are(pilots.held)),
                "tow-held says why, and what can be done");
        }
        if (pilots.running == 0 && pilots.pending > 0 && line.oldest_pending &&
            *line.oldest_pending >= kStuckAfter) {
            add(Severity::Warning, line.entry,
                fmt::format("{} pilots wait, the oldest for {}, and none runs", pilots.pending,
                            base::format_duration(*line.oldest_pending)));
        }
        if (pilots.connected && *pilots.connected < pilots.running) {
            add(Severity::Warning, line.entry,
                fmt::format("{} of {} running pilots do not show in the pool",
                            pilots.running - *pilots.connected, pilots.running));
        }
    }

    std::vector<Attention> found() {
        std::ranges::stable_sort(found_, std::ranges::greater{}, &Attention::severity);
        return std::move(found_);
    }

  private:
    void add(Severity severity, std::string about, std::string message, std::string advice = {}) {
        found_.push_back({severity, std::move(about), std::move(message), std::move(advice)});
    }

    void look_at_age() {
        const auto time = snapshot_.time();
        const auto most = snapshot_.input.recipe ? snapshot_.input.recipe->max_age : 900s;
        if (time && now_ - *time > most) {
            add(now_ - *time > 4 * most ? Severity::Critical : Severity::Warning, "decision",
                fmt::format("the last decision is {} old", base::format_duration(now_ - *time)),
                "tow-run --status says how the pipeline ended");
        }
    }

    void look_at_breaker(const EntryLine& line) {
        if (line.breaker == model::BreakerState::Open) {
            add(Severity::Critical, line.entry,
                "too many pilots failed or were held: nothing is sent (breaker open)");
        } else if (line.breaker == model::BreakerState::HalfOpen) {
            add(Severity::Note, line.entry, "is being tried again with a few pilots");
        }
    }

    void look_at_ends(const EntryLine& line) {
        const auto bad = line.pilots.failed + line.pilots.lost;
        const auto ended = bad + line.pilots.done;
        if (ended >= kFewPilots && bad * 5 >= ended) {
            add(bad * 2 >= ended ? Severity::Critical : Severity::Warning, line.entry,
                fmt::format("{} of {} pilots that ended failed or were lost", bad, ended));
        }
    }

    const Snapshot& snapshot_;
    base::Time now_;
    std::vector<Attention> found_;
};

}  // namespace

std::vector<Attention> attention_for(const Snapshot& snapshot,
                                     const std::map<std::string, EntryLine>& lines,
                                     std::int64_t unmatched_jobs, base::Time now) {
    Finder finder(snapshot, now);
    finder.look_at_sources(unmatched_jobs);
    finder.look_at_pipelines();
    finder.look_at_outcomes();
    for (const auto& [name, line] : lines) {
        finder.look_at(line);
    }
    finder.look_at_checks();
    return finder.found();
}

}  // namespace tow::report
