#include "pilotlog/job.hpp"

#include "base/text.hpp"

#include <array>

#include <fmt/core.h>

namespace tow::pilotlog {

namespace {

constexpr std::array<std::string_view, 10> kEnds{
    "",           "exited",    "signalled",   "removed",       "vanished",
    "time_limit", "cancelled", "node_failed", "out_of_memory", "preempted"};

void set_if(std::string& target, std::string_view text) {
    if (!text.empty()) {
        target = text;
    }
}

void on_execute(JobFacts& job, const JobEvent& event) {
    job.started_at = event.at;
    ++job.starts;
    set_if(job.host, event.slot.empty() ? event.host : event.slot);
    job.resource_is_down = false;
}

void on_terminated(JobFacts& job, const JobEvent& event) {
    job.ended_at = event.at;
    job.end = event.signal ? JobEnd::Signalled : JobEnd::Exited;
    job.exit_code = event.exit_code;
    job.signal = event.signal;
    job.is_held = false;
}

void on_held(JobFacts& job, const JobEvent& event) {
    job.is_held = true;
    ++job.holds;
    job.hold_code = event.code;
    job.hold_subcode = event.subcode;
    job.hold_reason = event.reason;
}

// Of the facts that a pilot's own ad brings into the log.
void on_ad(JobFacts& job, const JobEvent& event) {
    for (const auto& [name, value] : event.attributes) {
        if (base::equal_nocase(name, "GlideinEntryName") ||
            base::equal_nocase(name, "AerotowEntry")) {
            job.name = value;
        } else if (base::equal_nocase(name, "AerotowPilotId")) {
            job.pilot = value;
        }
    }
}

void apply(JobFacts& job, const JobEvent& event) {
    switch (event.number) {
        case kSubmit:
            job.submitted_at = event.at;
            return;
        case kExecute:
            return on_execute(job, event);
        case kTerminated:
            return on_terminated(job, event);
        case kAborted:
            job.ended_at = event.at;
            job.end = JobEnd::Removed;
            job.end_reason = event.reason;
            return;  // one that was held is removed because of that: it stays so
        case kHeld:
            return on_held(job, event);
        case kReleased:
            job.is_held = false;
            return;
        case kDisconnected:
        case kReconnectFailed:
            ++job.disconnects;
            return;
        case kGlobusDown:
        case kResourceDown:
        case kGlobusUp:
        case kResourceUp:
            job.resource_is_down = event.number == kGlobusDown || event.number == kResourceDown;
            set_if(job.grid_resource, event.grid_resource);
            return;
        case kGlobusSubmit:
        case kGridSubmit:
            set_if(job.grid_resource, event.grid_resource);
            set_if(job.grid_job_id, event.grid_job_id);
            return;
        case kStatusUnknown:
        case kStatusKnown:
            job.status_is_unknown = event.number == kStatusUnknown;
            return;
        case kAdInformation:
            return on_ad(job, event);
        default:
            return;
    }
}

constexpr unsigned kProcBits = 24;

void fill(std::string& target, const std::string& text) {
    if (target.empty()) {
        target = text;
    }
}

template <class T>
void fill(std::optional<T>& target, const std::optional<T>& value) {
    if (!target) {
        target = value;
    }
}

}  // namespace

std::string_view job_end_name(JobEnd end) noexcept {
    return kEnds.at(static_cast<std::size_t>(end));
}

std::string_view batch_job_of(std::string_view grid_job_id) noexcept {
    if (!grid_job_id.starts_with("batch ")) {
        return {};
    }
    const auto token = grid_job_id.substr(grid_job_id.rfind(' ') + 1);
    const auto slash = token.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : token.substr(slash + 1);
}

JobFacts& JobTable::job_of(const JobEvent& event) {
    const auto key = (static_cast<std::uint64_t>(event.cluster) << kProcBits) ^
                     static_cast<std::uint64_t>(event.proc);
    const bool is_last = key == last_key_ && !jobs_.empty();
    const auto found = is_last ? newest_.end() : newest_.find(key);
    if (is_last || found != newest_.end()) {
        last_job_ = is_last ? last_job_ : found->second;
        last_key_ = key;
        auto& job = jobs_[last_job_];
        if (event.number != kSubmit || job.end == JobEnd::None) {
            return job;
        }
    }
    last_key_ = key;
    last_job_ = jobs_.size();
    newest_[key] = last_job_;
    auto& job = jobs_.emplace_back();
    job.id = fmt::format("{}.{}", event.cluster, event.proc);
    job.log_offset = event.offset;
    return job;
}

void JobTable::add(const JobEvent& event) {
    if (event.cluster > 0 && event.proc >= 0) {
        apply(job_of(event), event);
    }
}

void merge(JobFacts& job, const JobFacts& other) {
    if (job.end == JobEnd::None && other.end != JobEnd::None) {
        job.end = other.end;
        job.exit_code = other.exit_code;
        job.signal = other.signal;
        job.is_held = other.is_held;
    } else {
        job.is_held = job.is_held || (other.is_held && other.end == job.end);
    }
    fill(job.ended_at, other.ended_at);
    fill(job.end_reason, other.end_reason);
    fill(job.name, other.name);
    fill(job.pilot, other.pilot);
    fill(job.submitted_at, other.submitted_at);
    fill(job.started_at, other.started_at);
    fill(job.hold_code, other.hold_code);
    fill(job.hold_subcode, other.hold_subcode);
    fill(job.hold_reason, other.hold_reason);
    fill(job.host, other.host);
    fill(job.grid_resource, other.grid_resource);
    fill(job.grid_job_id, other.grid_job_id);
    fill(job.cpus, other.cpus);
    fill(job.wall_seconds, other.wall_seconds);
    fill(job.state, other.state);
    fill(job.pending_reason, other.pending_reason);
    fill(job.output, other.output);
    fill(job.error, other.error);
}

void merge_accounting(JobFacts& job, const JobFacts& accounting) {
    auto better = accounting;
    better.id = job.id;
    better.submitted_at = job.submitted_at ? job.submitted_at : accounting.submitted_at;
    better.resource_is_down = job.resource_is_down;
    better.status_is_unknown = job.status_is_unknown;
    better.starts = job.starts;
    better.holds = job.holds;
    better.disconnects = job.disconnects;
    merge(better, job);
    job = std::move(better);
}

}  // namespace tow::pilotlog
