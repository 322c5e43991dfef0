// Files of many kinds become pilots: outputs are paired with their jobs in event logs, histories
// and accounting, wherever these say something of the same pilot.
#pragma once

#include "base/file.hpp"
#include "pilotlog/event_log.hpp"
#include "pilotlog/file_kind.hpp"
#include "pilotlog/job.hpp"
#include "pilotlog/log_mark.hpp"
#include "pilotlog/output_analyzer.hpp"
#include "pilotlog/verdict.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tow::pilotlog {

// Jobs from all logs, looked up by whatever a pilot's files or journal know of them.
class Jobs {
  public:
    void add(JobFacts job);
    void add_accounting(JobFacts job);  // of the batch system behind the grid, or of ours

    // Merges what several logs say of one job. Once all are added.
    void settle();

    // Null if there is none.
    const JobFacts* of_pilot(const std::string& pilot) const;
    const JobFacts* of_id(const std::string& id) const;
    const JobFacts* of_output(const std::string& path) const;

    const std::vector<JobFacts>& all() const noexcept { return jobs_; }

  private:
    using Index = std::unordered_map<std::string, std::size_t>;

    const JobFacts* find(const Index& index, const std::string& key) const;

    std::vector<JobFacts> jobs_;
    std::vector<JobFacts> accounting_;
    Index by_id_;
    Index by_pilot_;
    Index by_output_;
};

// The files of one pilot.
struct PilotFiles {
    std::string key;                                      // what is common to their names
    std::vector<std::pair<std::string, FileKind>> files;  // path and kind
};

class Gathering {
  public:
    explicit Gathering(const LogClock& clock) : clock_(clock) {}

    // Event logs are read from where find() says, if it knows them. Before any is added.
    using FindMark = std::function<std::optional<LogMark>(const std::string& log)>;
    void read_on(FindMark find) { find_mark_ = std::move(find); }

    // Where they are to be read on once everything that was gathered is done with.
    const std::vector<LogMark>& marks() const noexcept { return marks_; }

    // A file, or all files in a folder and those in it.
    void add(const std::string& path);

    Jobs& jobs() noexcept { return jobs_; }
    const std::vector<PilotFiles>& pilots() const noexcept { return pilots_; }
    const std::vector<std::string>& damage() const noexcept { return damage_; }

    // The names of its files and the jobs that are known make a case of it. is_finished: it must be
    // over, because its files have not changed for long.
    PilotCase make_case(const PilotFiles& files, OutputFacts output, bool is_finished) const;

    // The job of these files, as far as their names tell. Null if they do not.
    const JobFacts* job_by_name(const PilotFiles& files) const { return job_of(files, {}); }

    // Every pilot, those without files last.
    void judge_all(const Taxonomy& taxonomy, bool are_finished,
                   const std::function<void(const model::PilotLog&)>& visit);

  private:
    void add_file(const std::string& path, FileKind plain_text);
    EventCounts add_events(int fd);
    void add_jobs(int fd, const std::string& path, FileKind kind);
    const JobFacts* job_of(const PilotFiles& files, const OutputFacts& output) const;

    LogClock clock_;
    Jobs jobs_;
    std::vector<PilotFiles> pilots_;
    std::unordered_map<std::string, std::size_t> by_key_;
    std::vector<std::string> damage_;
    FindMark find_mark_;
    std::vector<LogMark> marks_;
};

// Reads the files of a pilot. What cannot be opened is damage.
OutputFacts analyze(OutputAnalyzer& analyzer, const PilotFiles& files);

}  // namespace tow::pilotlog
