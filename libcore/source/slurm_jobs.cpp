#include "source/slurm_jobs.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "source/foreign_job.hpp"
#include "source/json_members.hpp"
#include "source/lines.hpp"
#include "source/slurm_table.hpp"
#include "source/slurm_values.hpp"

#include <algorithm>
#include <charconv>

namespace tow::source::slurm {

namespace {

constexpr std::string_view kCut =
    "job arrays whose list of tasks Slurm has cut: more tasks than are counted";

void set_text(ForeignJob& job, std::string_view name, std::string_view text) {
    if (auto value = known(text)) {
        job.attributes.set(name, base::repair_utf8(*value));
    }
}

// What tells groups apart beside what is asked for. The reason is that of a job that waits.
void set_reason(ForeignJob& job, std::string_view reason) {
    if (job.state == JobState::Idle) {
        set_text(job, "SlurmReason", reason);
    }
}

void set_nodes(ForeignJob& job, std::optional<std::int64_t> nodes) {
    if (nodes && *nodes > 1) {
        job.attributes.set("SlurmNodes", *nodes);
    }
}

std::string_view text(record::View job, std::string_view key) {
    return job.find(key).string().value_or("");
}

std::optional<std::int64_t> times(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
    std::int64_t product = 0;
    return a && b && !__builtin_mul_overflow(*a, *b, &product) ? std::optional(product)
                                                               : std::nullopt;
}

// All memory of the job. The list of trackable resources says it at once; if a version leaves that
// empty, it is per node or per core.
std::optional<std::int64_t> memory_of(record::View job, const Tres& tres) {
    constexpr std::int64_t kMebi = 1048576;
    if (tres.memory_bytes) {
        return tres.memory_bytes;
    }
    if (const auto per_node = number(job.find("memory_per_node"))) {
        return times(times(per_node, kMebi), number(job.find("node_count")).value_or(1));
    }
    return times(times(number(job.find("memory_per_cpu")), kMebi),
                 number(job.find("cpus")).value_or(1));
}

std::optional<base::Time> time(record::View value) {
    const auto seconds = number(value);
    return seconds && *seconds > 0 ? std::optional(base::Time{std::chrono::seconds{*seconds}})
                                   : std::nullopt;
}

void add_json_job(const JsonMembers& members, JobGrouper& grouper, const Warn& warn) {
    constexpr std::int64_t kMebi = 1048576;
    const auto view = members.value();
    if (!view.is_object() || view.find("job_state").is_null()) {
        members.reject("expected a job: an object with \"job_state\"");
    }
    const auto reason = text(view, "state_reason");
    const auto state = job_state(view.find("job_state"), reason);
    if (!state) {
        return;
    }
    ForeignJob job;
    job.state = *state;
    const auto asked = tres(text(view, "tres_req_str"));
    const auto cpus = number(view.find("cpus"));
    job.cpus = cpus ? cpus : asked.cpus;
    job.memory_bytes = memory_of(view, asked);
    job.gpus = asked.gpus;
    if (const auto disk = number(view.find("minimum_tmp_disk_per_node")); disk && *disk > 0) {
        job.disk_bytes = times(disk, kMebi);
    }
    if (const auto minutes = times(number(view.find("time_limit")), 60)) {
        job.walltime = std::chrono::seconds{*minutes};
    }
    const auto eligible = time(view.find("eligible_time"));
    job.waiting_since = eligible ? eligible : time(view.find("submit_time"));
    job.user = known(text(view, "user_name"));
    set_text(job, "SlurmPartition", text(view, "partition"));
    set_text(job, "SlurmAccount", text(view, "account"));
    set_text(job, "SlurmQOS", text(view, "qos"));
    set_text(job, "SlurmFeatures", text(view, "features"));
    set_text(job, "SlurmReservation", text(view, "resv_name"));
    set_nodes(job, number(view.find("node_count")));
    set_reason(job, reason);
    if (const auto list = known(text(view, "array_task_string"))) {
        const auto array = base::with_context(members.where(), [&] { return tasks(*list); });
        job.jobs = array.count;
        if (array.is_cut) {
            warn(std::string(kCut));
        }
    }
    add(grouper, job);
}

// What squeue says went wrong on its side.
void check_errors(const JsonMembers& members) {
    const auto error = members.value();
    const auto what = error.find("error").string().value_or(
        error.find("description").string().value_or(error.string().value_or("no reason given")));
    base::fail(base::Kind::Unavailable, "{}: squeue reports an error: {}", members.where(),
               base::printable(what));
}

// Seconds since 1970, as SLURM_TIME_FORMAT=%s makes them, or RFC 3339 with a zone. Slurm's usual
// times have no zone: nobody knows which one the reader was in.
std::optional<base::Time> time(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error == std::errc{} && end == text.data() + text.size() && seconds > 0) {
        return base::Time{std::chrono::seconds{seconds}};
    }
    return base::parse_rfc3339(text);
}

std::optional<std::int64_t> count(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && value >= 0
               ? std::optional(value)
               : std::nullopt;
}

std::string_view either(std::string_view a, std::string_view b) {
    return a.empty() ? b : a;
}

// "(Resources)" in the column NODELIST(REASON) of a job that waits.
std::string_view reason_of(std::string_view place) {
    return place.size() > 1 && place.front() == '(' && place.back() == ')'
               ? place.substr(1, place.size() - 2)
               : std::string_view{};
}

void add_row(const Table& table, std::string_view line, JobGrouper& grouper, const Warn& warn) {
    const auto cells = table.cells(line);
    const auto value = [&](std::string_view title) { return table.value(cells, title); };
    const auto reason = either(value("REASON"), reason_of(value("NODELIST(REASON)")));
    const auto state = job_state({either(value("STATE"), value("ST"))}, reason);
    if (!state) {
        return;
    }
    ForeignJob job;
    job.state = *state;
    const auto asked = tres(value("TRES_ALLOC"));
    job.cpus = count(value("CPUS"));
    // MIN_MEMORY may be per core or per node, and does not say which.
    job.memory_bytes = asked.memory_bytes;
    job.gpus = asked.gpus;
    job.walltime = time_limit(value("TIME_LIMIT"));
    const auto eligible = time(value("ELIGIBLE_TIME"));
    job.waiting_since = eligible ? eligible : time(value("SUBMIT_TIME"));
    job.user = known(value("USER"));
    if (const auto disk = memory(value("MIN_TMP_DISK")); disk && *disk > 0) {
        job.disk_bytes = disk;
    }
    set_text(job, "SlurmPartition", value("PARTITION"));
    set_text(job, "SlurmAccount", value("ACCOUNT"));
    set_text(job, "SlurmQOS", value("QOS"));
    set_text(job, "SlurmFeatures", value("FEATURES"));
    set_text(job, "SlurmReservation", value("RESERVATION"));
    set_nodes(job, count(value("NODES")));
    set_reason(job, reason);
    const auto array = tasks_of_id(value("JOBID"));
    job.jobs = array.count;
    if (array.is_cut) {
        warn(std::string(kCut));
    }
    add(grouper, job);
}

}  // namespace

const std::vector<std::string>& job_attributes() {
    static const std::vector<std::string> names{"SlurmPartition", "SlurmAccount",     "SlurmQOS",
                                                "SlurmFeatures",  "SlurmReservation", "SlurmNodes",
                                                "SlurmReason"};
    return names;
}

void read_json_jobs(int fd, const std::string& name, JobGrouper& grouper, const Warn& warn) {
    JsonMembers members(fd, name);
    bool any_jobs = false;
    while (members.next()) {
        if (members.key() == "errors") {
            check_errors(members);
        }
        any_jobs = any_jobs || members.key() == "jobs" || members.key() == "meta";
        if (members.key() == "jobs") {
            add_json_job(members, grouper, warn);
        }
    }
    if (!any_jobs) {
        members.reject("not the output of squeue --json: neither \"jobs\" nor \"meta\"");
    }
}

void read_table_jobs(int fd, const std::string& name, JobGrouper& grouper, const Warn& warn) {
    Lines lines(fd, name);
    if (!lines.next()) {
        lines.reject("not the output of squeue: there is no header");
    }
    const Table table(lines.text());
    if (!table.has("JOBID") || !(table.has("STATE") || table.has("ST"))) {
        lines.reject("not the output of squeue: the header has no JOBID, or no STATE or ST");
    }
    while (lines.next()) {
        if (!base::trim(lines.text()).empty()) {
            base::with_context(lines.where(), [&] { add_row(table, lines.text(), grouper, warn); });
        }
    }
}

std::string_view table_format() {
    return "JobArrayID:|,State:|,NumCPUs:|,NumNodes:|,tres-alloc:|,TimeLimit:|,SubmitTime:|,"
           "EligibleTime:|,UserName:|,Account:|,Partition:|,QOS:|,Feature:|,MinTmpDisk:|,"
           "Reservation:|,Reason:|";
}

}  // namespace tow::source::slurm
