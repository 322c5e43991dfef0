#include "plan/guards.hpp"

#include "base/ulid.hpp"
#include "base/units.hpp"
#include "plan/recent.hpp"
#include "plan/workload.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

namespace tow::plan {

namespace {

using base::format_duration;
using model::BreakerState;

base::Time time_of(const model::Memory& memory) {
    return base::Time{std::chrono::seconds{base::ulid_time_ms(memory.plan).value_or(0) / 1000}};
}

std::string in_percent(double share) {
    return fmt::format("{:.0f} %", share * 100);
}

// Pilots wait, the oldest for long, and none has started since.
bool is_dead(const Sight& sight, base::Time now) {
    const auto& after = sight.terms.breaker.dead_after;
    const auto& count = sight.count;
    if (!after || count.pending == 0 || count.oldest_pending.value_or(*after) <= *after) {
        return false;
    }
    if (!count.oldest_pending || count.newest_start_at.value_or(base::Time{}) > now - *after) {
        return false;
    }
    return outcomes(sight.pilots, now - *after, now, sight.terms.breaker.short_life).started == 0;
}

// Why the breaker opens; empty: it does not. Looks at what started after `from` only.
std::string trouble(const Sight& sight, base::Time from, base::Time now) {
    const auto& terms = sight.terms.breaker;
    const auto recent = outcomes(sight.pilots, from, now, terms.short_life);
    const auto is_beyond = [&](std::int64_t hits, std::int64_t sample) {
        return sample >= terms.sample && lower_bound_of_share(hits, sample) > terms.bound;
    };
    if (is_beyond(recent.bad, recent.started)) {
        return fmt::format("{} of {} pilots that started since {} failed or lived less than {}",
                           recent.bad, recent.started, base::format_time(from),
                           format_duration(terms.short_life));
    }
    const auto& count = sight.count;
    if (is_beyond(count.held, count.held + count.pending + count.running)) {
        return fmt::format("{} of {} pilots are held", count.held,
                           count.held + count.pending + count.running);
    }
    if (is_dead(sight, now)) {
        return fmt::format("{} pilots wait, the oldest {}, and none starts: the resource is dead",
                           count.pending, format_duration(*count.oldest_pending));
    }
    return {};
}

Verdict open(const std::string& why, const Sight& sight, base::Time now, model::Memory& next) {
    next.breaker = BreakerState::Open;
    next.breaker_step = 0;
    next.breaker_since = now;
    return {fmt::format("circuit breaker: {}; tried again in {}", why,
                        format_duration(sight.terms.breaker.cool_down)),
            {},
            {},
            is_dead(sight, now)};
}

Verdict half_open(const Sight& sight, model::Memory& next) {
    static constexpr std::array<double, 3> kShares{0, 0.05, 0.25};
    const auto step = std::min<std::size_t>(static_cast<std::size_t>(next.breaker_step), 2);
    const auto share = static_cast<double>(sight.wanted) * kShares.at(step);
    const auto most = std::max<std::int64_t>(1, std::llround(std::floor(share)));
    // Of a trial only so many are on their way at once.
    const auto on_trial =
        next.breaker_since
            ? std::ranges::count_if(sight.pilots,
                                    [&](const model::Pilot* pilot) {
                                        return !model::has_ended(pilot->state) &&
                                               pilot->submitted_at &&
                                               *pilot->submitted_at >= *next.breaker_since;
                                    })
            : 0;
    return {{},
            std::max<std::int64_t>(0, most - on_trial),
            step == 0 ? "circuit breaker half open: one pilot on trial"
                      : fmt::format("circuit breaker half open: {} of what is wanted",
                                    in_percent(kShares.at(step))),
            false};
}

}  // namespace

std::string why_vanished(const Sight& sight, model::Memory& next) {
    const auto* before = sight.before;
    if (before == nullptr || before->vanished_looks > 0) {
        return {};  // nothing to compare with, or this is the second look
    }
    const auto had =
        std::min(before->pending, kMostOfAnything) + std::min(before->running, kMostOfAnything);
    const auto since = time_of(*before);
    const auto lost = lost_since(sight.pilots, since);
    const bool is_gone =
        had > 0 && existing_pilots(sight.count) == 0 && ended_since(sight.pilots, since) < had;
    const bool is_lost = lost >= 3 && 2 * lost > had;
    if (!is_gone && !is_lost) {
        return {};
    }
    next.vanished_looks = 1;
    return fmt::format(
        "{} pilots were there at the last decision and are gone without an end: "
        "that may be blindness, so a second look decides",
        had);
}

Verdict check_breaker(const Sight& sight, base::Time now, model::Memory& next) {
    const auto& terms = sight.terms.breaker;
    if (!terms.is_on) {
        return {};
    }
    if (sight.before != nullptr) {
        next.breaker = sight.before->breaker;
        next.breaker_step = sight.before->breaker_step;
        next.breaker_since = sight.before->breaker_since;
    }
    const auto window_from = now - terms.window;
    const auto from = std::max(window_from, next.breaker_since.value_or(window_from));
    if (next.breaker == BreakerState::Open && now - *next.breaker_since < terms.cool_down) {
        return {fmt::format("circuit breaker: open since {}, tried again at {}",
                            base::format_time(*next.breaker_since),
                            base::format_time(*next.breaker_since + terms.cool_down)),
                {},
                {},
                is_dead(sight, now)};
    }
    if (next.breaker == BreakerState::Open) {
        next.breaker = BreakerState::HalfOpen;
        next.breaker_step = 0;
        next.breaker_since = now;
        return half_open(sight, next);
    }
    if (next.breaker == BreakerState::Closed) {
        const auto why = trouble(sight, from, now);
        return why.empty() ? Verdict{} : open(why, sight, now, next);
    }
    const auto trial = outcomes(sight.pilots, from, now, terms.short_life);
    if (trial.bad > 0) {
        return open(fmt::format("{} of {} pilots on trial failed", trial.bad, trial.started), sight,
                    now, next);
    }
    if (trial.good > 0) {
        next.breaker_since = now;
        if (++next.breaker_step > 2) {
            next.breaker = BreakerState::Closed;
            next.breaker_step = 0;
            return {};
        }
    }
    return half_open(sight, next);
}

Fit fit_before_outage(const EntryTerms& terms, base::Time now) {
    const auto& entry = terms.entry;
    if (terms.downtime.ahead == Outage::Ignore || !entry.pilot.walltime) {
        return {};
    }
    std::optional<base::Time> begin;
    for (const auto& downtime : entry.downtimes) {
        if (downtime.severity != "warning" && downtime.from > now &&
            (!begin || downtime.from < *begin)) {
            begin = downtime.from;
        }
    }
    if (!begin || now + *entry.pilot.walltime <= *begin) {
        return {};
    }
    const auto left = *begin - now;
    if (terms.downtime.ahead == Outage::Refuse || left < terms.downtime.min_walltime) {
        return {
            fmt::format("an outage begins in {}, before a pilot would end", format_duration(left)),
            {},
            {}};
    }
    return {{},
            left,
            fmt::format("wall time shortened to {}: an outage begins then", format_duration(left))};
}

}  // namespace tow::plan
