// The texts of squeue and sacct.
#include "base/error.hpp"
#include "base/text.hpp"
#include "batch/slurm_row.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tow::batch {

namespace {

struct Column {
    std::string_view field;
    std::size_t width;  // bytes
};

// Of fixed width, because squeue's --format with separators has no exit code. What may be wider
// than bytes tell, the reason, is the last one.
enum SqueueColumn {
    Job,
    Task,
    State,
    Priority,
    Exit,
    Submit,
    Start,
    End,
    Limit,
    Name,
    Comment,
    Reason
};

constexpr std::array kSqueue{
    Column{"ArrayJobID", 12},   Column{"ArrayTaskID", 12}, Column{"State", 16},
    Column{"PriorityLong", 22}, Column{"exit_code", 12},   Column{"SubmitTime", 20},
    Column{"StartTime", 20},    Column{"EndTime", 20},     Column{"TimeLimit", 16},
    Column{"Name", 40},         Column{"Comment", 300},    Column{"Reason", 80}};

enum SacctColumn { Id, Status, ExitCode, Submitted, Started, Ended, JobName };

constexpr std::size_t kSacctColumns = JobName + 1;
constexpr std::string_view kSacct = "JobID,State,ExitCode,Submit,Start,End,JobName";

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, base::is_digit);
}

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && rest == end ? std::optional(number) : std::nullopt;
}

// "2026-11-22T07:30:25" of UTC; nothing for N/A, NONE and Unknown.
std::optional<base::Time> time_of(std::string_view text) {
    return base::parse_rfc3339(fmt::format("{}Z", text));
}

using Cells = std::array<std::string_view, kSqueue.size()>;

Cells cells_of(std::string_view line) {
    Cells cells;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto width = i + 1 < cells.size() ? kSqueue[i].width : line.size();
        cells[i] = base::trim(line.substr(0, width));
        line.remove_prefix(std::min(width, line.size()));
    }
    return cells;
}

// Nothing of a line that tells of no pilot: of another job, a heading that --clusters adds, or what
// follows a line break in somebody's comment.
std::optional<SlurmRow> read_line(std::string_view line) {
    const auto cells = cells_of(line);
    auto tag = read_slurm_tag(cells[Name], cells[Comment]);
    if (!tag || !is_number(cells[Job])) {
        return std::nullopt;
    }
    SlurmRow row;
    row.tag = *std::move(tag);
    row.job = cells[Job];
    if (cells[Task] != "N/A") {
        row.tasks = expand_slurm_tasks(cells[Task]);
    }
    row.state = cells[State];
    row.reason = cells[Reason];
    row.on_hold = cells[Priority] == "0" || row.reason.starts_with("JobHeld");
    row.submitted_at = time_of(cells[Submit]);
    row.started_at = time_of(cells[Start]);
    row.ended_at = time_of(cells[End]);
    row.is_endless = cells[Limit] == "UNLIMITED";
    if (const auto status = number_of(cells[Exit])) {
        read_wait_status(*status, row);
    }
    return row;
}

// "12", "12_3" or "12_[0-4]"
void read_id(std::string_view id, SlurmRow& row) {
    const auto underscore = std::min(id.find('_'), id.size());
    row.job = id.substr(0, underscore);
    if (underscore < id.size()) {
        row.tasks = expand_slurm_tasks(id.substr(underscore + 1));
    }
}

// "3:0": exit code and signal
void read_exit(std::string_view text, SlurmRow& row) {
    const auto colon = std::min(text.find(':'), text.size());
    row.exit_code = number_of(text.substr(0, colon));
    row.signal = number_of(text.substr(std::min(colon + 1, text.size())));
    if (row.signal == 0) {
        row.signal.reset();
    } else if (row.signal) {
        row.exit_code.reset();
    }
}

std::optional<SlurmRow> read_record(std::string_view line) {
    std::array<std::string_view, kSacctColumns> cells;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto end = std::min(i + 1 < cells.size() ? line.find('|') : line.size(), line.size());
        cells[i] = line.substr(0, end);
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    auto tag = read_slurm_tag(cells[JobName], {});
    if (!tag) {
        return std::nullopt;
    }
    SlurmRow row;
    row.tag = *std::move(tag);
    read_id(cells[Id], row);
    row.state = cells[Status].substr(0, cells[Status].find(' '));  // "CANCELLED by 1002"
    row.submitted_at = time_of(cells[Submitted]);
    row.started_at = time_of(cells[Started]);
    row.ended_at = time_of(cells[Ended]);
    read_exit(cells[ExitCode], row);
    return is_number(row.job) ? std::optional(std::move(row)) : std::nullopt;
}

template <class Read>
std::vector<SlurmPilot> read_lines(std::string_view text, Read read) {
    std::vector<SlurmPilot> pilots;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (const auto row = read(text.substr(0, end))) {
            append_pilots(*row, pilots);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pilots;
}

}  // namespace

std::string squeue_format() {
    std::string format;
    for (const auto& column : kSqueue) {
        format += fmt::format("{}{}:{}", format.empty() ? "" : ",", column.field, column.width);
    }
    return format;
}

std::vector<SlurmPilot> read_squeue(std::string_view text) {
    return read_lines(text, read_line);
}

std::string sacct_format() {
    return std::string(kSacct);
}

std::vector<SlurmPilot> read_sacct(std::string_view text) {
    return read_lines(text, read_record);
}

}  // namespace tow::batch
