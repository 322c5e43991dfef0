#include "batch/slurm_row.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/ulid.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tow::batch {

namespace {

using model::PilotState;

constexpr std::string_view kNamePrefix = "aerotow-";
constexpr std::string_view kCommentWord = "aerotow";
constexpr std::string_view kHeldByOwner = "JobHeldUser";
constexpr std::size_t kMostPilots = 1'000'000;

struct State {
    std::string_view name;
    PilotState meaning;
    std::string_view words;  // of one that failed
};

// In the order in which job_state_string() of Slurm prefers them: the flags first.
constexpr std::array kStates{
    State{"COMPLETING", PilotState::Running, ""},
    State{"STAGE_OUT", PilotState::Running, ""},
    State{"CONFIGURING", PilotState::Pending, ""},
    State{"POWER_UP_NODE", PilotState::Pending, ""},
    State{"RESIZING", PilotState::Running, ""},
    State{"REQUEUE_HOLD", PilotState::Held, ""},
    State{"SPECIAL_EXIT", PilotState::Held, ""},
    State{"RESV_DEL_HOLD", PilotState::Held, ""},
    State{"REQUEUED", PilotState::Pending, ""},
    State{"REQUEUE_FED", PilotState::Pending, ""},
    State{"STOPPED", PilotState::Running, ""},
    State{"REVOKED", PilotState::Failed, "started by another cluster of the federation"},
    State{"SIGNALING", PilotState::Running, ""},
    State{"LAUNCH_FAILED", PilotState::Failed, "could not be launched"},
    State{"RECONFIG_FAIL", PilotState::Failed, "the nodes could not be configured for it"},
    State{"PENDING", PilotState::Pending, ""},
    State{"RUNNING", PilotState::Running, ""},
    State{"SUSPENDED", PilotState::Running, ""},
    State{"COMPLETED", PilotState::Done, ""},
    State{"CANCELLED", PilotState::Failed, "cancelled"},
    State{"FAILED", PilotState::Failed, "failed"},
    State{"TIMEOUT", PilotState::Failed, "reached the end of its wall time"},
    State{"NODE_FAIL", PilotState::Failed, "a node of it failed"},
    State{"PREEMPTED", PilotState::Failed, "preempted"},
    State{"BOOT_FAIL", PilotState::Failed, "its nodes did not boot"},
    State{"DEADLINE", PilotState::Failed, "could not end before its deadline"},
    State{"OUT_OF_MEMORY", PilotState::Failed, "used more memory than it may"}};

const State* find_state(std::string_view name) {
    const auto* known = std::ranges::find(kStates, name, &State::name);
    return known == kStates.end() ? nullptr : known;
}

bool says_something(std::string_view reason) {
    return !reason.empty() && reason != "None" && reason != "(null)";
}

// Slurm says that a job that was cancelled in the queue started when it ended.
bool has_started(const SlurmRow& row, PilotState state) {
    if (state == PilotState::Pending || state == PilotState::Held) {
        return false;  // when it is expected to
    }
    return row.state != "CANCELLED" || row.started_at != row.ended_at;
}

std::string words_of_failure(const SlurmRow& row, std::string_view words, bool started) {
    if (row.state == "CANCELLED" && !started) {
        return "cancelled before it started";
    }
    if (row.state != "FAILED") {
        return std::string(words);
    }
    if (row.signal) {
        return fmt::format("killed by signal {}", *row.signal);
    }
    return says_something(row.reason) ? row.reason : std::string(words);
}

Seen seen_of(const SlurmRow& row) {
    Seen seen;
    seen.entry = row.tag.entry;
    seen.submitted_at = row.submitted_at;
    const auto* state = find_state(row.state);
    // A state of versions to come: in any case it is there.
    seen.state = state == nullptr ? PilotState::Running : state->meaning;
    if (row.on_hold && seen.state == PilotState::Pending) {
        seen.state = PilotState::Held;
        if (row.reason == kHeldByOwner) {
            seen.hold_code = 1;  // what HTCondor has for the same
            seen.may_be_first_hold = true;
        }
    }
    const bool started = has_started(row, seen.state);
    if (started) {
        seen.started_at = row.started_at;
    }
    if (model::has_ended(seen.state)) {
        seen.ended_at = row.ended_at;
    } else if (seen.state == PilotState::Running && !row.is_endless) {
        seen.expires_at = row.ended_at;
    }
    if (row.state == "COMPLETED" || row.state == "FAILED") {
        seen.exit_code = row.exit_code;
    }
    if (seen.state == PilotState::Failed && !seen.exit_code) {
        seen.reason = words_of_failure(row, state->words, started);
    } else if (seen.state == PilotState::Running && row.state != "RUNNING") {
        seen.reason = row.state;
    } else if (!started && says_something(row.reason)) {
        seen.reason = row.reason;
    }
    return seen;
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    return number;
}

// "5", "5-9" or "5-9:2"; false if it is none of them.
bool expand_range(std::string_view text, std::vector<std::uint64_t>& tasks) {
    const auto after = [&](char separator, std::uint64_t otherwise) {
        if (!text.starts_with(separator)) {
            return std::optional(otherwise);
        }
        text.remove_prefix(1);
        return take_number(text);
    };
    const auto first = take_number(text);
    const auto last = first ? after('-', *first) : std::nullopt;
    const auto step = last ? after(':', 1) : std::nullopt;
    if (!step || !text.empty() || *step == 0 || *last < *first ||
        (*last - *first) / *step >= kMostSlurmTasks - tasks.size()) {
        return false;
    }
    for (auto task = *first; task <= *last && task >= *first; task += *step) {
        tasks.push_back(task);
    }
    return true;
}

}  // namespace

std::string slurm_job_name(std::string_view first_pilot) {
    return fmt::format("{}{}", kNamePrefix, first_pilot);
}

std::string slurm_comment(std::string_view factory, std::string_view entry,
                          std::string_view first_pilot) {
    return fmt::format("{} {} {} {}", kCommentWord, factory, entry, first_pilot);
}

std::optional<SlurmTag> read_slurm_tag(std::string_view name, std::string_view comment) {
    if (comment.starts_with(kCommentWord)) {
        const auto words = base::split(comment, ' ');
        if (words.size() == 4 && words[0] == kCommentWord && base::is_ulid(words[3]) &&
            model::name_problem(words[1]).empty() && model::name_problem(words[2]).empty()) {
            return SlurmTag{words[1], words[2], words[3]};
        }
    }
    if (name.starts_with(kNamePrefix) && base::is_ulid(name.substr(kNamePrefix.size()))) {
        return SlurmTag{{}, {}, std::string(name.substr(kNamePrefix.size()))};
    }
    return std::nullopt;
}

std::vector<std::uint64_t> expand_slurm_tasks(std::string_view text) {
    std::vector<std::uint64_t> tasks;
    auto list = text.substr(0, text.find('%'));  // so many of them may run at once
    if (list.starts_with('[')) {
        list = list.substr(1, list.find(']') - 1);
    }
    for (const auto& range : base::split(list, ',')) {
        if (!expand_range(range, tasks)) {
            base::fail(base::Kind::Data, "\"{}\" is no list of tasks of an array",
                       base::printable(text));
        }
    }
    return tasks;
}

std::string leading_slurm_state(const std::vector<std::string_view>& states) {
    for (const auto& state : kStates) {
        if (std::ranges::find(states, state.name) != states.end()) {
            return std::string(state.name);
        }
    }
    return states.empty() ? "" : std::string(states.front());
}

void read_wait_status(std::int64_t status, SlurmRow& row) {
    constexpr std::int64_t kExited = 256;
    constexpr std::int64_t kSignals = 128;
    if (status >= kExited) {
        row.exit_code = status / kExited % kExited;
    } else if (status == 0 || row.reason == "NonZeroExitCode") {
        row.exit_code = status;
    } else if (status > 0) {
        row.signal = status % kSignals;  // the next bit: it dumped core
    }
}

void append_pilots(const SlurmRow& row, std::vector<SlurmPilot>& pilots) {
    if (row.tasks.size() >= kMostPilots - std::min(pilots.size(), kMostPilots)) {
        base::fail(base::Kind::Data, "more than {} pilots", kMostPilots);
    }
    SlurmPilot pilot{row.tag.factory, seen_of(row)};
    for (const auto task : row.tasks) {
        pilot.seen.pilot = base::ulid_after(row.tag.first, task);
        pilot.seen.backend_id = fmt::format("{}_{}", row.job, task);
        pilots.push_back(pilot);
    }
}

}  // namespace tow::batch
