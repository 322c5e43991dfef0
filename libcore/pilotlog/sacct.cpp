// What Slurm's accounting says of jobs.
#include "base/error.hpp"
#include "base/text.hpp"
#include "pilotlog/job_logs.hpp"
#include "pilotlog/lines.hpp"
#include "record/input.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/core.h>

namespace tow::pilotlog {

namespace {

struct StateEnd {
    std::string_view state;
    JobEnd end;
};

constexpr std::array<StateEnd, 11> kStates{{{"COMPLETED", JobEnd::Exited},
                                            {"FAILED", JobEnd::Exited},
                                            {"CANCELLED", JobEnd::Cancelled},
                                            {"REVOKED", JobEnd::Cancelled},
                                            {"TIMEOUT", JobEnd::TimeLimit},
                                            {"DEADLINE", JobEnd::TimeLimit},
                                            {"NODE_FAIL", JobEnd::NodeFailed},
                                            {"BOOT_FAIL", JobEnd::NodeFailed},
                                            {"LAUNCH_FAILED", JobEnd::NodeFailed},
                                            {"OUT_OF_MEMORY", JobEnd::OutOfMemory},
                                            {"PREEMPTED", JobEnd::Preempted}}};

// "CANCELLED by 5"
void set_state(std::string_view state, std::string_view reason, JobFacts& job) {
    job.state = state;
    if (state.starts_with("PENDING")) {
        job.pending_reason = reason == "None" ? std::string_view{} : reason;
        job.started_at.reset();
    }
    const auto word = state.substr(0, state.find_first_of(" +"));
    const auto* const found = std::ranges::find(kStates, word, &StateEnd::state);
    if (found != kStates.end()) {
        job.end = found->end;
        job.end_reason = base::lower(state);
    }
    if (job.end == JobEnd::None) {
        job.ended_at.reset();  // of one that runs: when it will have to
    }
    // It never ran, so nothing was cut off. Slurm says then that it started when it ended.
    if (job.end == JobEnd::Cancelled &&
        (!job.started_at || (job.started_at == job.ended_at && job.host.empty()))) {
        job.end = JobEnd::Removed;
        job.started_at.reset();
    }
}

void set_exit(std::int64_t code, std::int64_t signal, JobFacts& job) {
    if (job.end == JobEnd::None) {
        return;
    }
    if (signal > 0) {
        job.signal = signal;
        job.end = job.end == JobEnd::Exited ? JobEnd::Signalled : job.end;
    } else {
        job.exit_code = code;
    }
}

class Table {
  public:
    explicit Table(const LogClock& clock) : clock_(clock) {}

    // False if it is the header, or a step.
    std::optional<JobFacts> row(std::string_view line) {
        split(line);
        if (columns_.empty()) {
            for (const auto cell : cells_) {
                columns_.push_back(base::lower(cell));
            }
            return std::nullopt;
        }
        JobFacts job;
        job.id = cell("jobid").empty() ? cell("jobidraw") : cell("jobid");
        if (job.id.empty() || job.id.find('.') != std::string::npos) {
            return std::nullopt;
        }
        job.submitted_at = time("submit");
        job.started_at = time("start");
        job.ended_at = time("end");
        job.host = cell("nodelist") == "None assigned" ? "" : cell("nodelist");
        job.wall_seconds = seconds(cell("elapsed"));
        set_state(cell("state"), cell("reason"), job);
        const auto exit = cell("exitcode");
        const auto colon = exit.find(':');
        if (const auto code = whole_number(exit.substr(0, colon))) {
            set_exit(*code,
                     colon == std::string_view::npos
                         ? 0
                         : whole_number(exit.substr(colon + 1)).value_or(0),
                     job);
        }
        job.cpus = whole_number(cell("alloccpus"));
        return job;
    }

    bool has_header() const {
        return std::ranges::find(columns_, "jobid") != columns_.end() ||
               std::ranges::find(columns_, "jobidraw") != columns_.end();
    }

    std::size_t cells() const noexcept { return cells_.size(); }
    std::size_t columns() const noexcept { return columns_.size(); }

  private:
    void split(std::string_view line) {
        cells_.clear();
        for (std::size_t begin = 0; begin <= line.size();) {
            const auto end = std::min(line.find('|', begin), line.size());
            cells_.push_back(line.substr(begin, end - begin));
            begin = end + 1;
        }
        if (cells_.size() == columns_.size() + 1 || (columns_.empty() && cells_.back().empty())) {
            cells_.pop_back();  // --parsable ends every line with a bar
        }
    }

    std::string_view cell(std::string_view column) const {
        const auto at =
            static_cast<std::size_t>(std::ranges::find(columns_, column) - columns_.begin());
        return at < cells_.size() && at < columns_.size() ? cells_[at] : std::string_view{};
    }

    std::optional<base::Time> time(std::string_view column) const {
        auto text = cell(column);
        return take_stamp(text, clock_);
    }

    // "1-02:03:04", "02:03:04", "03:04"
    static std::optional<std::int64_t> seconds(std::string_view text) {
        std::int64_t days = 0;
        if (const auto dash = text.find('-'); dash != std::string_view::npos) {
            days = whole_number(text.substr(0, dash)).value_or(0);
            text.remove_prefix(dash + 1);
        }
        std::int64_t sum = 0;
        for (const auto& part : base::split(text, ':')) {
            const auto number = whole_number(part);
            if (!number || *number < 0 || *number > 1'000'000) {
                return std::nullopt;
            }
            sum = sum * 60 + *number;
        }
        return text.empty() || days < 0 || days > 100'000 ? std::nullopt
                                                          : std::optional{days * 86'400 + sum};
    }

    LogClock clock_;
    std::vector<std::string> columns_;
    std::vector<std::string_view> cells_;
};

// 7, or {"set": true, "infinite": false, "number": 7} since 23.11.
std::optional<std::int64_t> number_of(record::View view) {
    return view.is_object() ? view.find("number").integer() : view.integer();
}

std::optional<base::Time> time_of(record::View view) {
    constexpr std::int64_t kLatest = 253'402'300'799;
    const auto seconds = number_of(view);
    return seconds && *seconds > 0 && *seconds <= kLatest
               ? std::optional{base::Time{std::chrono::seconds{*seconds}}}
               : std::nullopt;
}

std::string text_of(record::View view) {
    if (view.is_array()) {
        const auto elements = view.elements();
        return elements.empty() ? std::string() : text_of(elements.front());
    }
    return std::string(view.string().value_or(""));
}

JobFacts json_job(record::View object) {
    JobFacts job;
    const auto task = number_of(object.find("array").find("task_id"));
    const auto array = number_of(object.find("array").find("job_id"));
    const auto id = number_of(object.find("job_id"));
    job.id = array.value_or(0) > 0 && task ? fmt::format("{}_{}", *array, *task)
                                           : std::to_string(id.value_or(0));
    const auto time = object.find("time");
    job.submitted_at = time_of(time.find("submission"));
    job.started_at = time_of(time.find("start"));
    job.ended_at = time_of(time.find("end"));
    job.wall_seconds = number_of(time.find("elapsed"));
    job.host = text_of(object.find("nodes"));
    job.host = job.host == "None assigned" ? "" : job.host;
    const auto state = object.find("state");
    set_state(text_of(state.find("current")), text_of(state.find("reason")), job);
    const auto exit = object.find("exit_code");
    const auto signal = exit.find("signal");
    const auto signal_id = number_of(signal.find("id")) ? number_of(signal.find("id"))
                                                        : number_of(signal.find("signal_id"));
    if (const auto code = number_of(exit.find("return_code")); code || signal_id) {
        set_exit(code.value_or(0), signal_id.value_or(0), job);
    }
    job.cpus = number_of(object.find("required").find("CPUs"));
    return job;
}

}  // namespace

JobCounts read_sacct_text(int fd, const LogClock& clock, const VisitJob& visit) {
    JobCounts counts;
    Table table(clock);
    record::InputBuffer input(fd);
    each_line(input, [&](std::string_view line) {
        if (base::trim(line).empty()) {
            return;
        }
        auto job = table.row(line);
        if (!table.has_header()) {
            base::fail(base::Kind::Data, "no column JobID: sacct was told to leave its header out");
        }
        if (job) {
            ++counts.jobs;
            visit(*std::move(job));
        } else if (table.cells() != table.columns()) {
            ++counts.broken;
        }
    });
    return counts;
}

namespace {

// Hands over the objects of the list "jobs", and returns how much of the text is done with.
class JsonJobs {
  public:
    JsonJobs(const VisitJob& visit, JobCounts& counts) : visit_(visit), counts_(counts) {}

    std::size_t scan(std::string_view text) {
        std::size_t done = 0;
        if (!in_list_) {
            const auto key = text.find("\"jobs\"");
            const auto bracket = text.find('[', key);
            if (key == std::string_view::npos || bracket == std::string_view::npos) {
                constexpr std::size_t kKept = 4096;  // the key may be cut in two
                return text.size() > kKept && key == std::string_view::npos ? text.size() - kKept
                                                                            : 0;
            }
            in_list_ = true;
            done = bracket + 1;
        }
        while (!is_finished_ && done < text.size()) {
            const char c = text[done];
            const auto size = c == '{' ? inner_object_size(text.substr(done)) : std::size_t{1};
            if (size == 0) {
                break;
            }
            is_finished_ = c == ']';
            if (c == '{') {
                visit_object(text.substr(done, size));
            }
            done += size;
        }
        return is_finished_ ? text.size() : done;
    }

  private:
    void visit_object(std::string_view text) {
        try {
            parser_.parse_padded(text);
            const auto root = parser_.root();
            ++counts_.jobs;
            visit_(json_job(root));
        } catch (const base::Error&) {
            ++counts_.broken;
        }
    }

    const VisitJob& visit_;
    JobCounts& counts_;
    record::JsonParser parser_;
    bool in_list_ = false;
    bool is_finished_ = false;
};

}  // namespace

JobCounts read_sacct_json(int fd, const VisitJob& visit) {
    constexpr std::size_t kLongestJob = std::size_t{16} << 20;
    JobCounts counts;
    JsonJobs jobs(visit, counts);
    record::InputBuffer input(fd);
    while (input.fill()) {
        input.consume(jobs.scan(input.pending()));
        if (input.pending().size() > kLongestJob) {
            ++counts.broken;
            return counts;
        }
    }
    counts.broken += base::trim(input.pending()).empty() ? 0 : 1;
    return counts;
}

}  // namespace tow::pilotlog
