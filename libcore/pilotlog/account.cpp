#include "pilotlog/account.hpp"

#include "base/utf8.hpp"
#include "pilotlog/verdict.hpp"

#include <algorithm>

namespace tow::pilotlog {

namespace {

std::optional<std::string> known(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional{base::repair_utf8(text)};
}

template <class T>
void set_known(std::optional<T>& target, const std::optional<T>& value) {
    if (value) {
        target = value;
    }
}

std::string header_of(const OutputFacts& output, std::string_view key) {
    const auto found = output.header.find(key);
    return found == output.header.end() ? std::string() : found->second;
}

// Names: those that the pilot says of itself win over those of the batch system.
void take_names(const OutputFacts& output, model::PilotLog& log) {
    const auto uuid = header_of(output, "glidein_uuid");
    set_known(log.pilot, known(output.pilot.empty() ? uuid : output.pilot));
    const auto entry = header_of(output, "glidein_entry");
    set_known(log.entry, known(output.entry.empty() ? entry : output.entry));
    const auto cluster = header_of(output, "condorg_cluster");
    const auto proc = header_of(output, "condorg_subcluster");
    if (!log.backend_id && !cluster.empty()) {
        log.backend_id = known(cluster + "." + (proc.empty() ? "0" : proc));
    }
    set_known(log.node, known(output.node));
}

void take_node_times(const OutputFacts& output, model::PilotLog& log) {
    for (const auto& [key, node] : output.nodes) {
        const auto earliest = [](auto& target, const auto& value) {
            if (value && (!target || *value < *target)) {
                target = value;
            }
        };
        earliest(log.connected_at, node.connected_at);
        earliest(log.first_job_at, node.first_job_at);
        earliest(log.retired_at, node.retires_at);
        if (node.is_final) {
            log.ended_at = std::max(log.ended_at.value_or(*node.ended_at), *node.ended_at);
        }
    }
}

void take_times(const OutputFacts& output, model::PilotLog& log) {
    const auto& daemons = output.daemons;
    set_known(log.started_at, output.started_at                         ? output.started_at
                              : output.nodes.empty() && !output.has_end ? daemons.first_at
                                                                        : std::nullopt);
    log.validated_at = output.validated_at;
    log.connected_at = output.condor_started_at;
    log.first_job_at = daemons.claimed_at;
    log.retired_at = daemons.draining_at;
    set_known(log.ended_at, output.ended_at);
    take_node_times(output, log);
    if (log.retired_at && log.ended_at && *log.retired_at > *log.ended_at) {
        log.retired_at.reset();  // it ended before it would have retired
    }
    if (!log.ended_at && !output.has_start) {
        log.ended_at = daemons.last_at;
    }
    set_known(log.wall_seconds, output.wall_seconds);
    if (!log.wall_seconds && log.started_at && log.ended_at && *log.ended_at >= *log.started_at) {
        log.wall_seconds = (*log.ended_at - *log.started_at).count();
    }
}

std::int64_t to_count(double number) noexcept {
    constexpr double kMost = 9e15;
    return static_cast<std::int64_t>(std::clamp(number, 0.0, kMost));
}

void take_jobs(const OutputFacts& output, model::PilotLog& log) {
    log.claims = output.claims;
    std::int64_t cores = 0;
    std::int64_t ended = 0;
    std::int64_t good = 0;
    for (const auto& [key, node] : output.nodes) {
        cores += node.cores;
        ended += node.jobs_ended;
        good += node.jobs_good;
    }
    set_known(log.cores, output.cores);
    if (!output.nodes.empty()) {
        log.cores = cores > 0 ? std::optional{cores} : log.cores;
        log.jobs_run = std::max(ended, output.own_jobs.run);
        log.jobs_good = std::max(good, output.own_jobs.good);
    } else if (const auto total = output.stats.jobs(JobStats::Total)) {
        log.jobs_run = to_count(*total);
        if (const auto zero = output.stats.jobs(JobStats::GoodZero)) {
            log.jobs_good = to_count(*zero);
        }
    } else if (output.daemons.jobs.run > 0) {
        log.jobs_run = output.daemons.jobs.run;
        log.jobs_good = output.daemons.jobs.good;
    }
}

}  // namespace

void take_job(const JobFacts& job, model::PilotLog& log) {
    log.backend_id = job.id.starts_with("local ") ? std::nullopt : known(job.id);
    log.batch_id = known(std::string(batch_job_of(job.grid_job_id)));
    log.submitted_at = job.submitted_at;
    log.started_at = job.started_at;
    log.ended_at = job.ended_at;
    log.exit_code = job.exit_code;
    log.signal = job.signal;
    log.hold_code = job.hold_code;
    log.node = known(job.host);
    log.cores = job.cpus;
    log.wall_seconds = job.wall_seconds;
    if (!log.entry) {
        log.entry = known(job.name);
    }
    if (!log.pilot) {
        log.pilot = known(job.pilot);
    }
}

void take_output(const OutputFacts& output, model::PilotLog& log) {
    take_names(output, log);
    take_times(output, log);
    take_jobs(output, log);
    set_known(log.exit_code, output.exit_code);
    for (const auto& [key, node] : output.nodes) {
        if (node.exit_code) {
            log.exit_code = node.exit_code;
        }
    }
    log.evidence = output.evidence;
    log.files = output.files;
    log.damage = output.damage;
    const auto efforts = efforts_of(output);
    log.waste = waste_of(efforts);
    if (log.cores && efforts.life && efforts.good) {
        log.wasted_core_seconds = to_count(static_cast<double>(*log.cores) *
                                           std::max(0.0, *efforts.life - *efforts.good));
    }
}

}  // namespace tow::pilotlog
