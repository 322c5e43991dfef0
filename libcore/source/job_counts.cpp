#include "source/job_counts.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "model/fields.hpp"
#include "source/foreign_job.hpp"
#include "source/json_members.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tow::source {

namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 53U;

std::optional<JobState> panda_state(std::string_view status) noexcept {
    constexpr std::array<std::string_view, 5> kRunning{"starting", "sent", "running", "holding",
                                                       "transferring"};
    if (status == "activated") {
        return JobState::Idle;
    }
    return std::ranges::find(kRunning, status) == kRunning.end() ? std::nullopt
                                                                 : std::optional(JobState::Running);
}

// PanDA's queues are entries: the job goes where it was brokered to.
constexpr std::string_view kToItsSite =
    "TARGET.PandaSite =?= MY.PandaSite || TARGET.GLIDEIN_Entry_Name =?= MY.PandaSite";

// A number of jobs at the end of a path of site, label and resource type, and the status.
void add_panda_count(const std::vector<std::string>& path, std::string_view status,
                     std::int64_t jobs, JobGrouper& grouper) {
    constexpr std::int64_t kMultiCore = 8;  // what PanDA means by it where it does not say more
    const auto state = panda_state(status);
    if (!state || jobs == 0) {
        return;
    }
    ForeignJob job;
    job.state = *state;
    job.jobs = jobs;
    job.attributes.set("PandaSite", path.front());
    if (path.size() > 2) {
        job.attributes.set("PandaLabel", path[1]);
    }
    if (path.size() > 1) {
        job.attributes.set("PandaResourceType", path.back());
        job.cpus = path.back().starts_with("MCORE") ? kMultiCore : 1;
    }
    job.requirements = kToItsSite;
    add(grouper, job);
}

void add_panda_level(const record::Object& level, std::vector<std::string>& path,
                     JobGrouper& grouper, const JsonMembers& members) {
    constexpr std::size_t kMostLevels = 3;  // site, label, resource type
    for (const auto& [key, value] : level) {
        if (const auto* below = value.object()) {
            if (path.size() == kMostLevels) {
                members.reject("more levels than site, label and resource type");
            }
            path.push_back(key);
            add_panda_level(*below, path, grouper, members);
            path.pop_back();
        } else {
            const auto jobs = value.integer();
            if (!jobs || *jobs < 0 || *jobs > kMost) {
                members.reject(fmt::format("\"{}\" of \"{}\": expected a number of jobs",
                                           base::printable(key), base::printable(path.front())));
            }
            add_panda_count(path, key, *jobs, grouper);
        }
    }
}

void add_panda_site(const std::string& site, const record::Object& statistics, JobGrouper& grouper,
                    const JsonMembers& members) {
    std::vector<std::string> path{site};
    add_panda_level(statistics, path, grouper, members);
}

// What the server says of its answer.
struct PandaVerdict {
    bool is_good = true;
    std::string message;

    // False for a member that is none of it.
    bool takes(std::string_view key, const record::Value& value) {
        if (key == "success") {
            is_good = value.boolean().value_or(true);
        } else if (key == "message") {
            message = value.string() == nullptr ? "" : *value.string();
        } else {
            return key == "data";  // without an object: there is none if it failed
        }
        return true;
    }
};

std::optional<std::int64_t> scaled(const model::Fields& fields, std::string_view key, double unit) {
    const auto number = fields.known_number(key);
    if (!number) {
        return std::nullopt;
    }
    const auto value = std::ceil(*number * unit);
    if (!(value >= 0 && value <= static_cast<double>(kMost))) {
        fields.reject(key, "expected a number of at least 0");
    }
    return static_cast<std::int64_t>(value);
}

void add_pyglidein_row(const record::View row, JobGrouper& grouper) {
    constexpr double kMebi = 1048576;
    constexpr double kPyglideinDisk = 1024000;  // it divides HTCondor's KiB by 1000
    const model::Fields fields(row);
    ForeignJob job;
    job.jobs = fields.known_count("count").value_or(1);
    job.cpus = scaled(fields, "cpus", 1);
    job.memory_bytes = scaled(fields, "memory", kMebi);
    job.disk_bytes = scaled(fields, "disk", kPyglideinDisk);
    job.gpus = scaled(fields, "gpus", 1);
    if (const auto os = fields.known_text("os")) {
        job.attributes.set("PyglideinOS", *os);
    }
    add(grouper, job);
}

}  // namespace

const std::vector<std::string>& counted_job_attributes() {
    static const std::vector<std::string> names{"PandaSite", "PandaLabel", "PandaResourceType",
                                                "PyglideinOS"};
    return names;
}

void read_panda_statistics(int fd, const std::string& name, JobGrouper& grouper) {
    JsonMembers members(fd, name);
    PandaVerdict verdict;
    while (members.next()) {
        const auto value = members.value().value();
        if (const auto* object = value.object(); object != nullptr && members.key() == "data") {
            for (const auto& [site, statistics] : *object) {
                if (statistics.object() == nullptr) {
                    members.reject("expected an object for each site");
                }
                add_panda_site(site, *statistics.object(), grouper, members);
            }
        } else if (object != nullptr && !members.key().empty()) {
            add_panda_site(members.key(), *object, grouper, members);
        } else if (!verdict.takes(members.key(), value)) {
            members.reject("not job statistics of PanDA: expected an object for each site");
        }
    }
    if (!verdict.is_good) {
        base::fail(base::Kind::Unavailable, "{}: PanDA says: {}", base::printable(name),
                   verdict.message.empty() ? "no success" : base::printable(verdict.message));
    }
}

void read_pyglidein_state(int fd, const std::string& name, JobGrouper& grouper) {
    JsonMembers members(fd, name);
    while (members.next()) {
        const auto& key = members.key();
        if (key == "error" && !members.value().is_null()) {
            const auto message =
                members.value().find("message").string().value_or("no reason given");
            base::fail(base::Kind::Unavailable, "{}: the pyglidein server says: {}",
                       base::printable(name), base::printable(message));
        }
        if (key.empty() || key == "result") {
            if (!members.value().is_object()) {
                members.reject("expected an object for each kind of job");
            }
            base::with_context(members.where(),
                               [&] { add_pyglidein_row(members.value(), grouper); });
        } else if (key != "jsonrpc" && key != "id" && key != "error") {
            members.reject("not the state of a pyglidein server");
        }
    }
}

}  // namespace tow::source
