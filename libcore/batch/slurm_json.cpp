// The answer of squeue --json. Its versions differ: numbers are plain, or objects of set, infinite
// and number; a state is one text, or a list of them with its flags; the tasks of an array that
// have not started are one record; 22.05 tells of the jobs of all users whatever it is asked.
#include "base/error.hpp"
#include "batch/slurm_row.hpp"
#include "record/json.hpp"

#include <algorithm>

namespace tow::batch {

namespace {

std::optional<std::int64_t> number_of(record::View value) {
    if (!value.is_object()) {
        return value.integer();
    }
    const auto number = value.find("number");
    // A View tells no booleans apart; what is not set is 0, or infinite.
    const auto flag = [&](std::string_view key) {
        const auto copy = value.find(key).value();
        return copy.boolean().value_or(false);
    };
    return flag("set") && !flag("infinite") ? number.integer() : std::nullopt;
}

std::string_view text_of(record::View value) {
    return value.string().value_or("");
}

std::optional<base::Time> time_of(record::View value) {
    constexpr std::int64_t kLatest = 253'402'300'799;  // of the year 9999
    const auto seconds = number_of(value);
    if (!seconds || *seconds <= 0 || *seconds > kLatest) {
        return std::nullopt;
    }
    return base::Time(std::chrono::seconds(*seconds));
}

std::string state_of(record::View value) {
    if (!value.is_array()) {
        return std::string(text_of(value));
    }
    std::vector<std::string_view> states;
    for (const auto& state : value.elements()) {
        states.push_back(text_of(state));
    }
    return leading_slurm_state(states);
}

// A number is what wait(2) tells; an object has it taken apart.
void read_exit(record::View value, SlurmRow& row) {
    const auto code = value.find("return_code");
    if (code.is_null()) {
        if (const auto status = number_of(value)) {
            read_wait_status(*status, row);
        }
        return;
    }
    const auto signal = value.find("signal");
    const auto id = number_of(signal.find(signal.find("id").is_null() ? "signal_id" : "id"));
    if (id.value_or(0) > 0) {
        row.signal = id;
    } else {
        row.exit_code = number_of(code);
    }
}

void read_tasks(record::View job, SlurmRow& row) {
    const auto array = number_of(job.find("array_job_id")).value_or(0);
    row.job = fmt::format("{}", array);
    const auto task = number_of(job.find("array_task_id"));
    if (task && *task >= 0) {
        row.tasks = {static_cast<std::uint64_t>(*task)};
    } else {
        row.tasks = expand_slurm_tasks(text_of(job.find("array_task_string")));
    }
    if (array <= 0) {
        row.tasks.clear();
    }
}

std::optional<SlurmRow> read_job(record::View job) {
    auto tag = read_slurm_tag(text_of(job.find("name")), text_of(job.find("comment")));
    if (!tag) {
        return std::nullopt;
    }
    SlurmRow row;
    row.tag = *std::move(tag);
    read_tasks(job, row);
    row.state = state_of(job.find("job_state"));
    row.reason = text_of(job.find("state_reason"));
    row.on_hold = number_of(job.find("priority")) == 0 || row.reason.starts_with("JobHeld");
    if (const auto words = text_of(job.find("state_description")); !words.empty()) {
        row.reason = words;  // as in the text of squeue
    }
    row.submitted_at = time_of(job.find("submit_time"));
    row.started_at = time_of(job.find("start_time"));
    row.ended_at = time_of(job.find("end_time"));
    row.is_endless = !number_of(job.find("time_limit"));
    read_exit(job.find("exit_code"), row);
    return row;
}

}  // namespace

std::vector<SlurmPilot> read_squeue_json(std::string_view json) {
    const record::Document document(json);
    if (!document.root().find("errors").elements().empty()) {
        base::fail(base::Kind::Unavailable, "squeue --json: has errors to tell of");
    }
    const auto jobs = document.root().find("jobs");
    if (!jobs.is_array()) {
        base::fail(base::Kind::Data, "squeue --json: no list of jobs");
    }
    std::vector<SlurmPilot> pilots;
    for (const auto& job : jobs.elements()) {
        if (const auto row = read_job(job)) {
            append_pilots(*row, pilots);
        }
    }
    return pilots;
}

}  // namespace tow::batch
