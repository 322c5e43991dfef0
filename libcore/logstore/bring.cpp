#include "logstore/bring.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "batch/transport.hpp"
#include "pilotlog/file_kind.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/stat.h>

namespace tow::logstore {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestList = std::size_t{64} << 20;
constexpr std::size_t kLargestFile = std::size_t{256} << 20;

pilotlog::JobFacts job_of(const fleet::Row& row) {
    const auto& pilot = row.pilot;
    pilotlog::JobFacts job;
    job.pilot = pilot.id;
    job.name = pilot.entry;
    // A process of this machine has a number that others had before.
    job.id = row.backend == "local" ? "local " + pilot.id : pilot.backend_id.value_or(pilot.id);
    job.submitted_at = pilot.submitted_at;
    job.started_at = pilot.started_at;
    job.is_held = pilot.state == model::PilotState::Held;
    job.hold_code = pilot.hold_code;
    job.cpus = row.cores > 0 ? std::optional{row.cores} : std::nullopt;
    if (job.is_held) {
        job.hold_reason = pilot.reason.value_or("");
    }
    if (!model::has_ended(pilot.state)) {
        return job;
    }
    job.ended_at = pilot.ended_at;
    job.exit_code = pilot.exit_code;
    job.end_reason = pilot.reason.value_or("");
    job.end = row.removal                              ? pilotlog::JobEnd::Removed
              : pilot.state == model::PilotState::Lost ? pilotlog::JobEnd::Vanished
              : job.end_reason == "walltime"           ? pilotlog::JobEnd::TimeLimit
                                                       : pilotlog::JobEnd::Exited;
    job.state = pilot.state == model::PilotState::Failed ? "FAILED" : "";
    return job;
}

struct Listed {
    std::string path;
    std::int64_t size = 0;
    std::int64_t changed_ns = 0;
};

// "1234 1795291788.1234567890 relative/path", ended by a NUL
std::vector<Listed> read_list(std::string_view text) {
    std::vector<Listed> files;
    while (!text.empty()) {
        const auto end = std::min(text.find('\0'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto first = line.find(' ');
        const auto second = line.find(' ', first + 1);
        if (second == std::string_view::npos) {
            continue;
        }
        Listed file;
        file.path = line.substr(second + 1);
        double changed = 0;
        std::from_chars(line.data(), line.data() + first, file.size);
        std::from_chars(line.data() + first + 1, line.data() + second, changed);
        file.changed_ns = static_cast<std::int64_t>(std::clamp(changed, 0.0, 4e9)) * 1'000'000'000;
        // Nothing may be written outside of the folder.
        if (!file.path.empty() && file.path.front() != '/' &&
            file.path.find("..") == std::string::npos) {
            files.push_back(std::move(file));
        }
    }
    return files;
}

// What a pilot leaves is judged and stored together, so it is copied together: names that differ in
// their ending, and the logs of daemons in one folder.
std::string group_of(const std::string& path) {
    const auto name = pilotlog::last_part(path);
    const bool is_daemon_log = name.find("Log") != std::string_view::npos;
    return pilotlog::pilot_key(
        path, is_daemon_log ? pilotlog::FileKind::Daemon : pilotlog::FileKind::Output);
}

std::pair<std::string, std::string> split_url(const std::string& url) {
    constexpr std::string_view kScheme = "ssh://";
    const auto slash = url.find('/', kScheme.size());
    if (!url.starts_with(kScheme) || slash == std::string::npos || slash + 1 == url.size()) {
        base::fail(base::Kind::Usage, "{}: expected ssh://[user@]host[:port]/path", url);
    }
    return {url.substr(0, slash), url.substr(slash)};
}

void set_changed(const std::string& path, std::int64_t changed_ns) {
    constexpr std::int64_t kNanoseconds = 1'000'000'000;
    const std::array<timespec, 2> times{timespec{changed_ns / kNanoseconds, 0},
                                        timespec{changed_ns / kNanoseconds, 0}};
    ::utimensat(AT_FDCWD, path.c_str(), times.data(), 0);
}

}  // namespace

void add_journal(const fleet::Journal& journal, base::Time since, pilotlog::Gathering& gathering) {
    for (const auto& row : journal.living()) {
        gathering.jobs().add(job_of(row));
    }
    for (const auto& row : journal.ended_since(since)) {
        if (!row.never_sent()) {
            gathering.jobs().add(job_of(row));
        }
    }
}

Mirror mirror(const std::string& url, const std::string& folder, const LogStore& store,
              const batch::Surroundings& surroundings) {
    const auto [via, path] = split_url(url);
    std::error_code error;
    fs::remove_all(folder, error);  // a run that was killed may have left files of another host
    auto transport = batch::make_transport(via, surroundings);
    const auto listed = transport->run(
        {{"find", path, "-type", "f", "-printf", "%s %T@ %P\\0"}, {"LC_ALL=C"}}, kLargestList);
    if (!listed.status.ok()) {
        base::fail(base::Kind::NotFound, "{}: {}", url, listed.complaint);
    }
    base::make_directories(folder);
    Mirror result{folder, via + path + "/", {}};
    const auto files = read_list(listed.output);
    std::set<std::string> wanted;
    for (const auto& file : files) {
        if (!store.has({result.prefix + file.path, file.size, file.changed_ns})) {
            wanted.insert(group_of(file.path));
        }
    }
    for (const auto& file : files) {
        if (!wanted.contains(group_of(file.path))) {
            continue;
        }
        if (file.size > static_cast<std::int64_t>(kLargestFile)) {
            result.damage.push_back(fmt::format("{}: larger than {}, not copied",
                                                base::printable(file.path),
                                                base::format_bytes(kLargestFile)));
            continue;
        }
        const auto target = folder + "/" + file.path;
        base::make_directories(fs::path(target).parent_path().string());
        base::write_file_atomically(target,
                                    transport->read_file(path + "/" + file.path, kLargestFile));
        set_changed(target, file.changed_ns);
    }
    return result;
}

void remove_mirror(const Mirror& mirror) {
    std::error_code error;
    fs::remove_all(mirror.folder, error);
}

}  // namespace tow::logstore
