#include "pilotlog/job_ad.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace tow::pilotlog {

namespace {

constexpr std::size_t kLongest = 4096;  // of a value

// JobStatus
constexpr std::int64_t kIdle = 1;
constexpr std::int64_t kRemovedStatus = 3;
constexpr std::int64_t kCompleted = 4;
constexpr std::int64_t kHeldStatus = 5;

std::string unquoted(std::string_view literal) {
    std::string text;
    for (std::size_t i = 1; i < literal.size() && literal[i] != '"'; ++i) {
        i += literal[i] == '\\' && i + 1 < literal.size() ? 1 : 0;
        text += literal[i];
    }
    return text;
}

}  // namespace

const std::array<std::string_view, JobAd::kCount>& JobAd::names() noexcept {
    static constexpr std::array<std::string_view, kCount> kNames{"clusterid",
                                                                 "procid",
                                                                 "qdate",
                                                                 "jobstartdate",
                                                                 "jobcurrentstartdate",
                                                                 "completiondate",
                                                                 "enteredcurrentstatus",
                                                                 "jobstatus",
                                                                 "lastjobstatus",
                                                                 "exitcode",
                                                                 "exitbysignal",
                                                                 "exitsignal",
                                                                 "removereason",
                                                                 "holdreason",
                                                                 "holdreasoncode",
                                                                 "holdreasonsubcode",
                                                                 "lastholdreason",
                                                                 "lastholdreasoncode",
                                                                 "lastholdreasonsubcode",
                                                                 "gridresource",
                                                                 "gridjobid",
                                                                 "gridresourceunavailabletime",
                                                                 "remotehost",
                                                                 "lastremotehost",
                                                                 "requestcpus",
                                                                 "cpusprovisioned",
                                                                 "remotewallclocktime",
                                                                 "glideinentryname",
                                                                 "aerotowpilotid",
                                                                 "aerotowentry",
                                                                 "out",
                                                                 "err",
                                                                 "iwd",
                                                                 "numjobstarts"};
    return kNames;
}

std::size_t JobAd::index_of(std::string_view name) noexcept {
    const auto same = [&](std::string_view one) { return base::equal_nocase(one, name); };
    const auto* const found = std::ranges::find_if(names(), same);
    return static_cast<std::size_t>(found - names().begin());
}

void JobAd::set_text(std::string_view name, std::string_view text) {
    if (const auto index = index_of(name); index < kCount) {
        values_[index] = text.substr(0, kLongest);
    }
}

void JobAd::set(std::string_view name, std::string_view literal) {
    literal = base::trim(literal);
    if (base::equal_nocase(literal, "undefined")) {
        remove(name);
    } else if (literal.starts_with('"')) {
        set_text(name, unquoted(literal.substr(0, 2 * kLongest)));
    } else {
        set_text(name, literal);
    }
}

void JobAd::remove(std::string_view name) {
    if (const auto index = index_of(name); index < kCount) {
        values_[index].clear();
    }
}

void JobAd::inherit(const JobAd& cluster) {
    for (std::size_t i = 0; i < kCount; ++i) {
        if (values_[i].empty()) {
            values_[i] = cluster.values_[i];
        }
    }
}

const std::string& JobAd::text(std::string_view name) const {
    return values_.at(index_of(name));
}

std::optional<std::int64_t> JobAd::integer(std::string_view name) const {
    const auto& digits = text(name);
    std::int64_t number = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return end.ec == std::errc() ? std::optional{number} : std::nullopt;
}

// 0 stands for never.
std::optional<base::Time> JobAd::time(std::string_view name) const {
    constexpr std::int64_t kLatest = 253'402'300'799;  // the year 9999
    const auto seconds = integer(name);
    return seconds && *seconds > 0 && *seconds <= kLatest
               ? std::optional{base::Time{std::chrono::seconds{*seconds}}}
               : std::nullopt;
}

void JobAd::read_hold(JobFacts& job) const {
    const auto status = integer("jobstatus");
    job.is_held = status == kHeldStatus ||
                  (status == kRemovedStatus && integer("lastjobstatus") == kHeldStatus);
    const bool is_last = text("holdreason").empty();
    job.hold_reason = text(is_last ? "lastholdreason" : "holdreason");
    job.hold_code = integer(is_last ? "lastholdreasoncode" : "holdreasoncode");
    job.hold_subcode = integer(is_last ? "lastholdreasonsubcode" : "holdreasonsubcode");
    job.holds = job.hold_reason.empty() ? 0 : 1;
}

void JobAd::read_end(JobFacts& job) const {
    const auto status = integer("jobstatus");
    if (status == kCompleted) {
        const bool by_signal = base::equal_nocase(text("exitbysignal"), "true");
        job.end = by_signal ? JobEnd::Signalled : JobEnd::Exited;
        job.exit_code = by_signal ? std::nullopt : integer("exitcode");
        job.signal = by_signal ? integer("exitsignal") : std::nullopt;
        job.ended_at = time("completiondate");
    } else if (status == kRemovedStatus) {
        job.end = JobEnd::Removed;
        job.end_reason = text("removereason");
        job.ended_at = time("enteredcurrentstatus");
    }
}

std::optional<JobFacts> JobAd::facts() const {
    if (text("clusterid").empty() || text("procid").empty()) {
        return std::nullopt;
    }
    JobFacts job;
    job.id = text("clusterid") + "." + text("procid");
    job.name = text(text("aerotowentry").empty() ? "glideinentryname" : "aerotowentry");
    job.pilot = text("aerotowpilotid");
    job.submitted_at = time("qdate");
    job.started_at = time("jobstartdate") ? time("jobstartdate") : time("jobcurrentstartdate");
    read_hold(job);
    read_end(job);
    job.host = text(text("lastremotehost").empty() ? "remotehost" : "lastremotehost");
    job.grid_resource = text("gridresource");
    job.grid_job_id = text("gridjobid");
    job.resource_is_down = time("gridresourceunavailabletime").has_value() &&
                           integer("jobstatus").value_or(kIdle) != kCompleted;
    job.starts = integer("numjobstarts").value_or(0);
    job.cpus = integer("cpusprovisioned") ? integer("cpusprovisioned") : integer("requestcpus");
    job.wall_seconds = integer("remotewallclocktime");
    const auto in_folder = [&](const std::string& path) {
        return path.empty() || path.starts_with('/') || text("iwd").empty()
                   ? path
                   : text("iwd") + "/" + path;
    };
    job.output = in_folder(text("out"));
    job.error = in_folder(text("err"));
    return job;
}

}  // namespace tow::pilotlog
