#include "pilotlog/verdict.hpp"

#include <algorithm>

namespace tow::pilotlog {

namespace {

constexpr double kNeverRan = 5;  // seconds: HTCondor that ran for less did not run

std::optional<double> to_real(const std::optional<std::int64_t>& number) noexcept {
    return number ? std::optional{static_cast<double>(*number)} : std::nullopt;
}

std::optional<double> between(const std::optional<base::Time>& from,
                              const std::optional<base::Time>& to) noexcept {
    return from && to && *to >= *from ? std::optional{static_cast<double>((*to - *from).count())}
                                      : std::nullopt;
}

std::optional<double> share(double part, double whole) noexcept {
    return whole > 0 ? std::optional{std::clamp(part / whole, 0.0, 1.0)} : std::nullopt;
}

std::optional<double> seconds_of(const std::optional<JobSum>& sum) noexcept {
    return sum ? std::optional{sum->seconds} : std::nullopt;
}

// Of one node of a pilot of ours, or all of them: cores count as many times as there are.
Efforts own_efforts(const OutputFacts& output) noexcept {
    Efforts efforts;
    double cores = 0;
    double core_life = 0;
    double core_preparing = 0;
    double core_condor = 0;
    double busy = 0;
    for (const auto& [key, node] : output.nodes) {
        if (!node.is_final || !node.seconds) {
            continue;
        }
        const auto count = static_cast<double>(std::max<std::int64_t>(node.cores, 1));
        const auto preparing = node.preparing_seconds.value_or(0);
        cores += count;
        core_life += count * *node.seconds;
        core_preparing += count * preparing;
        core_condor += node.connected_at ? count * std::max(0.0, *node.seconds - preparing) : 0;
        busy += node.busy_core_seconds;
    }
    if (cores == 0) {
        return efforts;
    }
    efforts.life = core_life / cores;
    efforts.condor = core_condor / cores;
    efforts.validation = core_condor > 0 ? core_preparing / cores : efforts.life;
    efforts.jobs = busy / cores;
    efforts.good = output.own_jobs.good_core_seconds / cores;
    efforts.ended = output.own_jobs.ended_core_seconds / cores;
    return efforts;
}

}  // namespace

Efforts efforts_of(const OutputFacts& output) noexcept {
    if (!output.nodes.empty()) {
        return own_efforts(output);
    }
    Efforts efforts;
    efforts.life = output.wall_seconds ? to_real(output.wall_seconds)
                                       : between(output.started_at, output.ended_at);
    efforts.condor = output.condor_seconds
                         ? to_real(output.condor_seconds)
                         : between(output.condor_started_at, output.condor_ended_at);
    if (output.validation_seconds) {
        efforts.validation = to_real(output.validation_seconds);
    } else if (output.has_end && !output.validated_at && !output.condor_started_at) {
        efforts.validation = efforts.life;  // it never came to an end of it
    }
    const auto& stats = output.stats;
    efforts.jobs = seconds_of(stats.normalized(JobStats::Total, output.cores));
    efforts.good = seconds_of(stats.normalized(JobStats::GoodZero, output.cores));
    const auto other = seconds_of(stats.normalized(JobStats::GoodNonZero, output.cores));
    if (efforts.good || other) {
        efforts.ended = efforts.good.value_or(0) + other.value_or(0);
    }
    if (output.claims == 0 && !efforts.jobs) {
        efforts.jobs = efforts.good = efforts.ended = 0;
    }
    return efforts;
}

model::Waste waste_of(const Efforts& efforts) noexcept {
    model::Waste waste;
    if (!efforts.life || *efforts.life <= 0) {
        return waste;
    }
    if (efforts.condor && *efforts.condor < kNeverRan) {
        waste.validation_ratio = 1;
        waste.badput_ratio = 1;
        return waste;
    }
    if (efforts.validation) {
        waste.validation_ratio = share(*efforts.validation, *efforts.life);
        if (waste.validation_ratio == 1.0) {
            waste.badput_ratio = 1;
            return waste;
        }
    }
    if (efforts.condor && efforts.jobs) {
        waste.idle_ratio = share(*efforts.condor - *efforts.jobs, *efforts.condor);
    }
    if (efforts.jobs && efforts.good) {
        waste.nosuccess_ratio = share(*efforts.jobs - *efforts.good, *efforts.jobs);
    }
    if (efforts.ended) {
        waste.badput_ratio = share(*efforts.life - *efforts.ended, *efforts.life);
    }
    return waste;
}

}  // namespace tow::pilotlog
