#include "source/foreign_job.hpp"

#include "record/object_writer.hpp"

#include <fmt/core.h>

namespace tow::source {

namespace {

// HTCondor counts memory in MiB and disk in KiB: an integer where it is one.
void set_scaled(record::Object& ad, std::string_view name, std::optional<std::int64_t> bytes,
                std::int64_t unit) {
    if (bytes && *bytes % unit == 0) {
        ad.set(name, *bytes / unit);
    } else if (bytes) {
        ad.set(name, static_cast<double>(*bytes) / static_cast<double>(unit));
    }
}

std::int64_t status_of(JobState state) noexcept {
    return state == JobState::Idle ? 1 : state == JobState::Running ? 2 : 5;
}

}  // namespace

std::optional<JobState> job_state(std::string_view word) noexcept {
    return word == "idle"      ? std::optional(JobState::Idle)
           : word == "running" ? std::optional(JobState::Running)
           : word == "held"    ? std::optional(JobState::Held)
                               : std::nullopt;
}

std::string job_ad_json(const ForeignJob& job) {
    constexpr std::int64_t kKibi = 1024;
    constexpr std::int64_t kMebi = kKibi * kKibi;
    auto ad = job.attributes;
    ad.set("JobStatus", status_of(job.state));
    ad.set_known("Owner", job.user);
    ad.set_known("RequestCpus", job.cpus);
    set_scaled(ad, "RequestMemory", job.memory_bytes, kMebi);
    set_scaled(ad, "RequestDisk", job.disk_bytes, kKibi);
    ad.set_known("RequestGPUs", job.gpus);
    if (job.walltime) {
        ad.set("AllowedExecuteDuration", std::int64_t{job.walltime->count()});
    }
    if (job.waiting_since) {
        ad.set("EnteredCurrentStatus", std::int64_t{job.waiting_since->time_since_epoch().count()});
    }
    std::string text;
    record::write_json(ad, text);
    if (!job.requirements.empty()) {
        // Only with these two slashes escaped it is an expression, and no writer of JSON escapes
        // slashes by itself.
        std::string expression;
        record::write_string(job.requirements, expression);
        const auto inside = std::string_view(expression).substr(1, expression.size() - 2);
        text.back() = ',';
        text += fmt::format(R"("Requirements":"\/Expr({})\/"}})", inside);
    }
    return text;
}

void add(JobGrouper& grouper, const ForeignJob& job) {
    grouper.add(job_ad_json(job), job.jobs);
}

}  // namespace tow::source
