#include "pilotlog/gathering.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/ulid.hpp"
#include "base/utf8.hpp"
#include "pilotlog/job_logs.hpp"
#include "pilotlog/lines.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <unistd.h>

#include <fmt/core.h>

namespace tow::pilotlog {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRead = std::size_t{256} << 10;
constexpr std::chrono::hours kSameSubmit{26};  // logs may be of another time zone

bool are_same(const JobFacts& a, const JobFacts& b) {
    if (!a.submitted_at || !b.submitted_at) {
        return true;
    }
    const auto apart = *a.submitted_at - *b.submitted_at;
    return apart <= kSameSubmit && apart >= -kSameSubmit;
}

std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> paths;
    for (auto at = fs::recursive_directory_iterator(folder,
                                                    fs::directory_options::skip_permission_denied);
         at != fs::recursive_directory_iterator(); ++at) {
        if (at->is_regular_file()) {
            paths.push_back(at->path().string());
        }
    }
    std::ranges::sort(paths);
    return paths;
}

// "job.1234.0" of glideins, "12_3" of Slurm, "12.0"
std::string id_in(std::string_view name) {
    if (name.starts_with("job.")) {
        name.remove_prefix(4);
    }
    const auto mark = name.find_first_of("._");
    if (mark == std::string_view::npos) {
        return whole_number(name) ? std::string(name) : std::string();
    }
    return whole_number(name.substr(0, mark)) && whole_number(name.substr(mark + 1))
               ? std::string(name)
               : std::string();
}

// ".../entry_X/job.1.0" of a factory, ".../output/X/<pilot>" of ours
std::string entry_in(std::string_view key) {
    const auto folder = last_part(key.substr(
        0, key.size() - last_part(key).size() - (key.find('/') == std::string_view::npos ? 0 : 1)));
    if (folder.starts_with("entry_")) {
        return std::string(folder.substr(6));
    }
    return base::is_ulid(last_part(key)) && folder != "local" ? std::string(folder) : std::string();
}

}  // namespace

void Jobs::add(JobFacts job) {
    jobs_.push_back(std::move(job));
}

void Jobs::add_accounting(JobFacts job) {
    accounting_.push_back(std::move(job));
}

// Of jobs of one number the newest is found: older ones had it before the spool was renewed.
void Jobs::settle() {
    std::vector<JobFacts> all;
    all.swap(jobs_);
    for (auto& job : all) {
        const auto found = by_id_.find(job.id);
        if (found != by_id_.end() && are_same(jobs_[found->second], job)) {
            merge(jobs_[found->second], job);
            continue;
        }
        by_id_[job.id] = jobs_.size();
        jobs_.push_back(std::move(job));
    }
    std::unordered_map<std::string, std::size_t> behind;
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
        if (const auto id = batch_job_of(jobs_[i].grid_job_id); !id.empty()) {
            behind[std::string(id)] = i;
        }
    }
    for (auto& job : accounting_) {
        if (const auto found = behind.find(job.id); found != behind.end()) {
            merge_accounting(jobs_[found->second], job);
        } else if (by_id_.contains(job.id)) {
            merge_accounting(jobs_[by_id_[job.id]], job);
        } else {
            by_id_[job.id] = jobs_.size();
            jobs_.push_back(std::move(job));
        }
    }
    accounting_.clear();
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
        if (!jobs_[i].pilot.empty()) {
            by_pilot_[jobs_[i].pilot] = i;
        }
        if (!jobs_[i].output.empty()) {
            by_output_[std::string(last_part(jobs_[i].output))] = i;
        }
    }
}

const JobFacts* Jobs::find(const Index& index, const std::string& key) const {
    const auto found = index.find(key);
    return found == index.end() ? nullptr : &jobs_[found->second];
}

const JobFacts* Jobs::of_pilot(const std::string& pilot) const {
    return find(by_pilot_, pilot);
}

const JobFacts* Jobs::of_id(const std::string& id) const {
    return find(by_id_, id);
}

const JobFacts* Jobs::of_output(const std::string& path) const {
    return find(by_output_, std::string(last_part(path)));
}

void Gathering::add(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
        add_file(path, FileKind::Output);
        return;
    }
    for (const auto& file : files_in(path)) {
        try {
            add_file(file, FileKind::Other);
        } catch (const base::Error& failure) {
            damage_.push_back(base::printable(failure.what()));
        }
    }
}

void Gathering::add_file(const std::string& path, FileKind plain_text) {
    const auto fd = base::open_for_reading(path);
    auto kind = kind_of(base::peek(fd.get(), kKindBytes), path);
    kind = kind == FileKind::Text ? plain_text : kind;
    switch (kind) {
        case FileKind::Output:
        case FileKind::Error:
        case FileKind::Daemon: {
            const auto key = pilot_key(path, kind);
            const auto [at, is_new] = by_key_.emplace(key, pilots_.size());
            if (is_new) {
                pilots_.push_back({key, {}});
            }
            pilots_[at->second].files.emplace_back(path, kind);
            return;
        }
        case FileKind::Text:
        case FileKind::Other:
            return;
        default:
            add_jobs(fd.get(), path, kind);
    }
}

EventCounts Gathering::add_events(int fd) {
    const auto log = find_mark_ ? log_identity(fd) : std::nullopt;
    const auto mark = log ? find_mark_(*log) : std::nullopt;
    const auto begin = mark && fits(*mark, fd) ? mark->offset : 0;
    if (begin > 0) {
        ::lseek(fd, static_cast<off_t>(begin), SEEK_SET);
    }
    JobTable table;
    const auto counts =
        read_event_log(fd, clock_, [&](const JobEvent& event) { table.add(event); });
    if (log) {
        const auto needed = first_needed(table.jobs(), counts.complete, clock_.now);
        if (auto next = make_mark(fd, begin + needed)) {
            marks_.push_back(*std::move(next));
        }
    }
    for (auto& job : table.take()) {
        jobs_.add(std::move(job));
    }
    return counts;
}

void Gathering::add_jobs(int fd, const std::string& path, FileKind kind) {
    std::uint64_t broken = 0;
    const auto add = [&](JobFacts job) { jobs_.add(std::move(job)); };
    const auto account = [&](JobFacts job) { jobs_.add_accounting(std::move(job)); };
    if (kind == FileKind::Events) {
        const auto counts = add_events(fd);
        broken = counts.broken + counts.oversized + (counts.is_cut ? 1 : 0);
    } else if (kind == FileKind::JobAds) {
        broken = read_job_ads(fd, path, add).broken;
    } else if (kind == FileKind::JobQueue) {
        broken = read_job_queue_log(fd, add).broken;
    } else if (kind == FileKind::Sacct) {
        broken = read_sacct_text(fd, clock_, account).broken;
    } else {
        broken = read_sacct_json(fd, account).broken;
    }
    if (broken > 0) {
        damage_.push_back(
            fmt::format("{}: {} places could not be read", base::printable(path), broken));
    }
}

const JobFacts* Gathering::job_of(const PilotFiles& files, const OutputFacts& output) const {
    const std::string name(last_part(files.key));
    const auto header = [&](std::string_view key) {
        const auto found = output.header.find(key);
        return found == output.header.end() ? std::string() : found->second;
    };
    if (const auto* job = jobs_.of_pilot(output.pilot.empty() ? name : output.pilot)) {
        return job;
    }
    if (const auto id = id_in(name); !id.empty()) {
        return jobs_.of_id(id);
    }
    if (const auto cluster = header("condorg_cluster"); !cluster.empty()) {
        const auto proc = header("condorg_subcluster");
        return jobs_.of_id(cluster + "." + (proc.empty() ? "0" : proc));
    }
    for (const auto& [path, kind] : files.files) {
        if (const auto* job = kind == FileKind::Output ? jobs_.of_output(path) : nullptr) {
            return job;
        }
    }
    return nullptr;
}

PilotCase Gathering::make_case(const PilotFiles& files, OutputFacts output,
                               bool is_finished) const {
    PilotCase result;
    const std::string name(last_part(files.key));
    if (const auto* job = job_of(files, output)) {
        result.job = *job;
    }
    result.pilot = base::is_ulid(name) || (!result.job && output.header.empty()) ? name : "";
    result.entry = entry_in(files.key);
    result.output = std::move(output);
    result.is_finished = is_finished;
    return result;
}

void Gathering::judge_all(const Taxonomy& taxonomy, bool are_finished,
                          const std::function<void(const model::PilotLog&)>& visit) {
    jobs_.settle();
    OutputAnalyzer analyzer(taxonomy, clock_);
    std::set<std::string> told;
    for (const auto& files : pilots_) {
        const auto one = make_case(files, analyze(analyzer, files), are_finished);
        if (one.job) {
            told.insert(one.job->id);
        }
        visit(judge(one, taxonomy));
    }
    for (const auto& job : jobs_.all()) {
        if (!told.contains(job.id)) {
            PilotCase one;
            one.job = job;
            visit(judge(one, taxonomy));
        }
    }
}

OutputFacts analyze(OutputAnalyzer& analyzer, const PilotFiles& files) {
    analyzer.begin_pilot();
    std::vector<std::string> unreadable;
    std::string buffer(kRead, '\0');
    for (const auto& [path, kind] : files.files) {
        try {
            const auto fd = base::open_for_reading(path);
            const auto place = kind == FileKind::Error    ? Place::Err
                               : kind == FileKind::Daemon ? Place::Daemon
                                                          : Place::Out;
            analyzer.begin_file(place, std::string(last_part(path)));
            while (const auto count = base::read_some(fd.get(), buffer)) {
                analyzer.add({buffer.data(), count});
            }
            analyzer.end_file();
        } catch (const base::Error& error) {
            unreadable.push_back(base::printable(error.what()));
        }
    }
    auto facts = analyzer.end_pilot();
    std::ranges::move(unreadable, std::back_inserter(facts.damage));
    return facts;
}

}  // namespace tow::pilotlog
