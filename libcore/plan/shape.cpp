#include "plan/shape.hpp"

#include "base/units.hpp"
#include "plan/recent.hpp"
#include "plan/workload.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

namespace tow::plan {

namespace {

using Kind = Step::Kind;

constexpr std::array<std::string_view, 12> kNames{
    "scale",      "ramp",       "min_per_cycle", "max_per_cycle", "min_pending", "max_pending",
    "min_pilots", "max_pilots", "keep_running",  "test_mode",     "throttle",    "curb"};

std::int64_t rounded_down(double value) {
    constexpr double kRounding = 1e-9;  // of the multiplication: 3.0 must not become 2
    return static_cast<std::int64_t>(std::floor(std::min(value, 1e15) + kRounding));
}

std::int64_t rounded_up(double value) {
    constexpr double kRounding = 1e-9;
    return static_cast<std::int64_t>(std::ceil(std::min(value, 1e15) - kRounding));
}

// A part of what is needed, and for jobs that wait long a little more; never more than is needed.
std::int64_t ramp(const Step& step, std::int64_t pilots, const Figures& figures) {
    if (pilots == 0) {
        return 0;
    }
    const auto part = rounded_down(static_cast<double>(pilots) * step.factor);
    const auto old = rounded_down(static_cast<double>(figures.for_old_jobs) * step.factor);
    return std::min(pilots, std::max(step.floor, part + std::min(old, step.reserve)));
}

// As long as short lives are too many: a few; as they become fewer: no more than have lived well.
std::int64_t throttled(const Step& step, const Figures& figures, std::string& why) {
    const auto recent = outcomes(figures.pilots, figures.now - step.window, figures.now, step.age);
    const auto share = lower_bound_of_share(recent.brief, recent.started);
    if (recent.started < step.sample || share <= step.factor / 2) {
        return kUnlimited;
    }
    why = fmt::format("{} of {} pilots of the last {} lived less than {}", recent.brief,
                      recent.started, base::format_duration(step.window),
                      base::format_duration(step.age));
    return share > step.factor ? step.count : std::max(step.count, recent.good);
}

struct Result {
    std::int64_t pilots;
    std::string why;
};

Result apply(const Step& step, std::int64_t pilots, const Figures& figures) {
    const auto& count = figures.count;
    const auto up_to = [&](std::int64_t have, std::string_view verb) {
        return Result{std::max<std::int64_t>(0, step.count - have),
                      fmt::format("{} {}, {} {}", step_name(step.kind), step.count, have, verb)};
    };
    switch (step.kind) {
        case Kind::Scale:
            return {rounded_up(static_cast<double>(pilots) * step.factor),
                    fmt::format("times {}", step.factor)};
        case Kind::Ramp:
            return {ramp(step, pilots, figures),
                    fmt::format("{} of what is needed, at least {}", step.factor, step.floor)};
        case Kind::MinPerCycle:
        case Kind::MaxPerCycle:
            return {step.count, fmt::format("{} {}", step_name(step.kind), step.count)};
        case Kind::MinPending:
        case Kind::MaxPending:
        case Kind::TestMode:
            return up_to(count.pending, "wait");
        case Kind::MinPilots:
        case Kind::MaxPilots:
            return up_to(existing_pilots(count), "exist");
        case Kind::KeepRunning:
            return up_to(count.pending + count.running, "wait or run");
        case Kind::Throttle: {
            std::string why;
            const auto most = throttled(step, figures, why);
            return {most, why};
        }
        case Kind::Curb:
            break;
    }
    return {count.pending >= step.count ? pilots / 2 + pilots % 2 : pilots,
            fmt::format("half: {} wait, curb {}", count.pending, step.count)};
}

}  // namespace

bool is_minimum(Kind kind) noexcept {
    return kind == Kind::MinPerCycle || kind == Kind::MinPending || kind == Kind::MinPilots;
}

bool is_maximum(Kind kind) noexcept {
    return kind == Kind::MaxPerCycle || kind == Kind::MaxPending || kind == Kind::MaxPilots ||
           kind == Kind::Throttle;
}

std::string_view step_name(Kind kind) noexcept {
    return kNames.at(static_cast<std::size_t>(kind));
}

Shaped shape(const std::vector<Step>& chain, std::int64_t pilots, const Figures& figures) {
    Shaped shaped{pilots, {}};
    for (const auto& step : chain) {
        auto [value, why] = apply(step, shaped.pilots, figures);
        value = is_minimum(step.kind)   ? std::max(shaped.pilots, value)
                : is_maximum(step.kind) ? std::min(shaped.pilots, value)
                                        : value;
        if (value != shaped.pilots) {
            shaped.pilots = value;
            shaped.because.push_back({std::string(step_name(step.kind)), value, std::move(why)});
        }
    }
    return shaped;
}

std::int64_t most_of(const std::vector<Step>& chain, const Figures& figures, std::string& limit) {
    auto most = kUnlimited;
    for (const auto& step : chain) {
        const bool bounds =
            is_maximum(step.kind) || step.kind == Kind::KeepRunning || step.kind == Kind::TestMode;
        if (!bounds) {
            continue;
        }
        if (auto [value, why] = apply(step, most, figures); value < most) {
            most = value;
            limit = std::move(why);
        }
    }
    return most;
}

std::int64_t too_many(const std::vector<Step>& chain, const Figures& figures) {
    std::int64_t result = 0;
    for (const auto& step : chain) {
        if (step.kind == Kind::KeepRunning) {
            result = figures.count.pending + figures.count.running - step.count;
        }
    }
    return std::max<std::int64_t>(0, result);
}

}  // namespace tow::plan
