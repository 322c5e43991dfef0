#include "batch/slurm.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/ulid.hpp"
#include "batch/credentials.hpp"
#include "batch/fates.hpp"
#include "batch/pilot_kit.hpp"
#include "batch/slurm_submission.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace tow::batch {

namespace {

using model::PilotState;

constexpr std::size_t kMostOutput = std::size_t{1} << 30;
constexpr std::size_t kPilotsPerCall = 1000;  // named in one command

// Variables that change what Slurm's commands do: their filters above all, which would hide pilots.
constexpr std::array kUnwanted{
    "SBATCH_CLUSTERS",   "SBATCH_WAIT",     "SCANCEL_ACCOUNT",     "SCANCEL_BATCH",
    "SCANCEL_CTLD",      "SCANCEL_FULL",    "SCANCEL_INTERACTIVE", "SCANCEL_NAME",
    "SCANCEL_PARTITION", "SCANCEL_QOS",     "SCANCEL_STATE",       "SCANCEL_USER",
    "SCANCEL_WCKEY",     "SLURM_CLUSTERS",  "SQUEUE_ACCOUNT",      "SQUEUE_FORMAT",
    "SQUEUE_FORMAT2",    "SQUEUE_LICENSES", "SQUEUE_NAMES",        "SQUEUE_PARTITION",
    "SQUEUE_PRIORITY",   "SQUEUE_QOS",      "SQUEUE_STATES",       "SQUEUE_USERS"};

struct Complaint {
    std::string_view words;
    base::Kind kind;
};

// What the controller or sbatch itself says when certainly nothing was taken. The first that fits.
constexpr std::array kRefusals{
    Complaint{"Access/permission denied", base::Kind::Permission},
    Complaint{"not permitted", base::Kind::Permission},
    Complaint{"Invalid authentication credential", base::Kind::Permission},
    Complaint{"Protocol authentication error", base::Kind::Permission},
    Complaint{"unge", base::Kind::Permission},  // Munge, munge
    Complaint{"Resource temporarily unavailable", base::Kind::Busy},
    Complaint{"MaxSubmitJob", base::Kind::Busy},
    Complaint{"GrpSubmitJob", base::Kind::Busy},
    Complaint{"job submit limit", base::Kind::Busy},
    Complaint{"nvalid ", base::Kind::Config},  // Invalid partition, account, qos, feature ...
    Complaint{"Requested node configuration is not available", base::Kind::Config},
    Complaint{"is invalid", base::Kind::Config},  // reservation, time limit
    Complaint{"can not be satisfied", base::Kind::Config},
    Complaint{"unrecognized option", base::Kind::Config},
    Complaint{"is ambiguous", base::Kind::Config},
    Complaint{"violates accounting/QOS policy", base::Kind::Config}};

std::optional<base::Kind> certain_refusal(std::string_view complaint) {
    const auto* known = std::ranges::find_if(kRefusals, [&](const Complaint& refusal) {
        return complaint.find(refusal.words) != std::string_view::npos;
    });
    return known == kRefusals.end() ? std::nullopt : std::optional(known->kind);
}

base::Error failure(std::string_view command, const base::Finished& answer) {
    const auto words = answer.complaint.empty() ? answer.status.describe() : answer.complaint;
    const auto kind = certain_refusal(answer.complaint) == base::Kind::Permission
                          ? base::Kind::Permission
                          : base::Kind::Unavailable;
    return {kind, fmt::format("{}: {}", command, words)};
}

// "123" or "123;cluster" of sbatch --parsable, behind what a site's plugin may print.
std::optional<std::string> job_of(std::string_view output) {
    auto line = base::trim(output);
    line.remove_prefix(std::min(line.rfind('\n') + 1, line.size()));
    const auto job = line.substr(0, line.find(';'));
    const bool is_number = !job.empty() && std::ranges::all_of(job, base::is_digit);
    return is_number ? std::optional<std::string>(job) : std::nullopt;
}

// Runs of ids that follow each other, each at most so long.
std::vector<std::span<const std::string>> runs_of(std::span<const std::string> pilots,
                                                  std::size_t longest) {
    std::vector<std::span<const std::string>> runs;
    while (!pilots.empty()) {
        std::size_t size = 1;
        while (size < std::min(pilots.size(), longest) &&
               pilots[size] == base::ulid_after(pilots[size - 1], 1)) {
            ++size;
        }
        runs.push_back(pilots.first(size));
        pilots = pilots.subspan(size);
    }
    return runs;
}

std::uint64_t task_of(std::string_view backend_id) {
    const auto digits = backend_id.substr(std::min(backend_id.find('_') + 1, backend_id.size()));
    std::uint64_t task = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), task);
    return task;
}

// "12_[0-4,7]" for each array: the tasks that are meant.
std::vector<std::string> job_arguments(std::span<const Seen> pilots) {
    std::map<std::string, std::set<std::uint64_t>> arrays;
    for (const auto& seen : pilots) {
        arrays[seen.backend_id.substr(0, seen.backend_id.find('_'))].insert(
            task_of(seen.backend_id));
    }
    std::vector<std::string> words;
    for (const auto& [job, tasks] : arrays) {
        std::vector<std::string> ranges;
        for (auto first = tasks.begin(); first != tasks.end();) {
            auto last = first;
            while (std::next(last) != tasks.end() && *std::next(last) == *last + 1) {
                ++last;
            }
            ranges.push_back(first == last ? fmt::format("{}", *first)
                                           : fmt::format("{}-{}", *first, *last));
            first = std::next(last);
        }
        words.push_back(fmt::format("{}_[{}]", job, base::join(ranges, ",")));
    }
    return words;
}

// As submit() leaves them, and as `scontrol hold` does.
bool held_by_owner(const Seen& seen) {
    return seen.state == PilotState::Held && seen.reason == "JobHeldUser";
}

}  // namespace

SlurmBackend::SlurmBackend(System system, const Surroundings& surroundings,
                           std::unique_ptr<Transport> transport)
    : system_(std::move(system)),
      factory_(surroundings.factory),
      transport_(std::move(transport)) {}

// Where ssh leads, commands are called in the home directory.
std::string SlurmBackend::home() const {
    return system_.via.empty() ? base::environment("HOME").value_or("/tmp") : "";
}

base::Finished SlurmBackend::run(std::vector<std::string> argv, const std::string& input) {
    std::vector<std::string> words{"env"};
    for (const auto* name : kUnwanted) {
        words.insert(words.end(), {"-u", name});
    }
    words.insert(words.end(), {"LC_ALL=C", "TZ=UTC", "SLURM_TIME_FORMAT=standard",
                               "SLURM_BITSTR_LEN=0"});  // task lists are not cut
    if (!system_.name.empty()) {
        argv.insert(argv.begin() + 1, "--clusters=" + system_.name);
    }
    words.insert(words.end(), argv.begin(), argv.end());
    return transport_->run({words, {}, input}, kMostOutput);
}

// The kit lies where nodes look for it: in the folder that they write to.
model::Entry SlurmBackend::equipped(const model::Entry& entry) const {
    const auto kit = pilot_kit(entry);
    return kit ? with_kit(entry, kit, slurm_output_folder(entry, home())) : entry;
}

void SlurmBackend::check(const model::Entry& entry) const {
    const auto pilot = base::make_ulid(0, "");
    slurm_submission(equipped(entry), {&pilot, 1}, factory_, home());
    slurm_array_size(entry);
}

model::Entry SlurmBackend::fit(const model::Entry& entry, base::Time now) {
    return fit_to_credentials(entry, *transport_, now);
}

std::size_t SlurmBackend::most_at_once(const model::Entry& entry) const {
    return slurm_array_size(entry);
}

std::string SlurmBackend::describe(const model::Entry& entry,
                                   std::span<const std::string> pilots) const {
    std::string text;
    const auto full = equipped(entry);
    for (const auto array : runs_of(pilots, most_at_once(entry))) {
        auto submission = slurm_submission(full, array, factory_, home());
        submission.options.insert(submission.options.begin(), "sbatch");
        text += fmt::format("{} <<'END OF SCRIPT'\n{}END OF SCRIPT\n",
                            base::shell_quoted(submission.options), submission.script);
    }
    return text;
}

void SlurmBackend::make_folder(const std::string& folder) {
    if (folders_.contains(folder)) {
        return;
    }
    const auto made = transport_->run({{"mkdir", "-p", "--", folder}}, kMostOutput);
    if (!made.status.ok()) {
        base::fail(base::Kind::CannotCreate, "{}", made.complaint);
    }
    folders_.insert(folder);
}

std::vector<Fate> SlurmBackend::submit(const model::Entry& entry,
                                       std::span<const std::string> pilots) {
    std::vector<Fate> fates;
    std::optional<base::Error> obstacle;
    auto full = entry;
    try {
        const auto folder = slurm_output_folder(entry, home());
        make_folder(folder);
        if (const auto kit = pilot_kit(entry)) {
            place(*kit, folder, *transport_);
            full = with_kit(entry, kit, folder);
        }
    } catch (const base::Error& error) {
        obstacle = error;
    }
    for (const auto array : runs_of(pilots, most_at_once(entry))) {
        if (!obstacle) {
            auto some = submit_array(full, array);
            obstacle = some.front().error;
            std::ranges::move(some, std::back_inserter(fates));
            continue;
        }
        for (const auto& pilot : array) {
            fates.push_back({pilot, Fate::Kind::Refused, "", obstacle});
        }
    }
    return fates;
}

// All tasks have the same fate: taken on hold, and then released. Until the second call has been
// heard of, nobody knows.
std::vector<Fate> SlurmBackend::submit_array(const model::Entry& entry,
                                             std::span<const std::string> pilots) {
    std::vector<Fate> fates;
    for (const auto& pilot : pilots) {
        fates.push_back({pilot});
    }
    const auto all = [&](Fate::Kind kind, const base::Error& error) {
        for (auto& fate : fates) {
            fate.kind = kind;
            fate.error = error;
        }
        return fates;
    };
    try {
        auto submission = slurm_submission(entry, pilots, factory_, home());
        submission.options.insert(submission.options.begin(), "sbatch");
        const auto answer = run(std::move(submission.options), submission.script);
        const auto job = job_of(answer.output);
        if (!answer.status.ok() || !job) {
            constexpr int kNotFound = 127;  // of env, and of shells
            const auto kind = answer.status.code == kNotFound ? base::Kind::Unavailable
                                                              : certain_refusal(answer.complaint);
            const auto error = failure("sbatch", answer);
            return answer.status.ok() || !kind ? all(Fate::Kind::Unknown, error)
                                               : all(Fate::Kind::Refused, {*kind, error.what()});
        }
        for (std::size_t task = 0; task < fates.size(); ++task) {
            fates[task].backend_id = fmt::format("{}_{}", *job, task);
        }
        const auto released = run({"scontrol", "release", *job});
        return released.status.ok() ? fates
                                    : all(Fate::Kind::Unknown, failure("scontrol", released));
    } catch (const base::Error& error) {
        return all(Fate::Kind::Unknown, error);
    }
}

// What the queue shows of all factories, by pilot.
SlurmBackend::Pilots SlurmBackend::look() {
    const std::vector<std::string> squeue{"squeue", "--me", "--all", "--local", "--states=all"};
    auto words = squeue;
    words.insert(words.end(), {"--noheader", "--array", "--Format=" + squeue_format()});
    auto answer = run(words);
    // The text is one line for each pilot of ours. JSON, with all that is known of the jobs of all
    // users in some versions, is for a squeue that has not all of these columns: 22.05 says so and
    // leaves them out.
    const bool in_json = answer.complaint.find("nvalid job format") != std::string::npos;
    if (in_json) {
        words = squeue;
        words.emplace_back("--json");
        answer = run(words);
    }
    if (!answer.status.ok()) {
        throw failure("squeue", answer);
    }
    Pilots pilots;
    base::with_context("squeue", [&] {
        for (auto& pilot : in_json ? read_squeue_json(answer.output) : read_squeue(answer.output)) {
            auto id = pilot.seen.pilot;
            pilots.insert_or_assign(std::move(id), std::move(pilot));
        }
    });
    return pilots;
}

// What accounting has of these values, the value of the last option; nothing where there is no
// accounting.
std::vector<SlurmPilot> SlurmBackend::ask_accounting(std::vector<std::string> options,
                                                     std::span<const std::string> values) {
    options.insert(options.begin(), {"sacct", "--allocations", "--parsable2", "--noheader",
                                     "--duplicates", "--format=" + sacct_format()});
    std::vector<SlurmPilot> pilots;
    while (!values.empty() && has_accounting_) {
        const auto some = values.first(std::min(values.size(), kPilotsPerCall));
        values = values.subspan(some.size());
        auto words = options;
        words.back() += base::join({some.begin(), some.end()}, ",");
        const auto answer = run(std::move(words));
        has_accounting_ = answer.status.ok();
        std::ranges::move(read_sacct(has_accounting_ ? answer.output : ""),
                          std::back_inserter(pilots));
    }
    return pilots;
}

// Those that accounting knows to have ended.
SlurmBackend::Pilots SlurmBackend::find_ended(std::span<const Known> missing) {
    std::set<std::string_view> wanted;
    std::vector<std::string> jobs;
    std::vector<std::string> names;
    auto earliest = std::numeric_limits<std::int64_t>::max();
    for (const auto& known : missing) {
        wanted.insert(known.pilot);
        earliest = std::min(earliest, base::ulid_time_ms(known.pilot).value_or(0));
        if (known.backend_id.empty()) {  // it may be the first of its array
            names.push_back(slurm_job_name(known.pilot));
        } else {
            jobs.push_back(known.backend_id);
        }
    }
    // By name, sacct looks only at today unless it is told since when: that of the ids, with a day
    // for clocks that differ, in the zone of $TZ, which is UTC.
    const base::Time since(std::chrono::seconds(earliest / 1000) - std::chrono::days(1));
    const auto start = base::format_time(since).substr(0, sizeof("2026-11-22T07:30:25") - 1);
    auto told = ask_accounting({"--jobs="}, jobs);
    std::ranges::move(ask_accounting({"--starttime=" + start, "--name="}, names),
                      std::back_inserter(told));
    Pilots ended;
    for (auto& pilot : told) {
        if (wanted.contains(pilot.seen.pilot) && model::has_ended(pilot.seen.state)) {
            auto id = pilot.seen.pilot;
            ended.insert_or_assign(std::move(id), std::move(pilot));
        }
    }
    return ended;
}

std::vector<Seen> SlurmBackend::list(std::span<const Known> expected) {
    auto pilots = look();
    std::vector<Known> missing;
    for (const auto& known : expected) {
        const auto found = pilots.find(known.pilot);
        if (found == pilots.end()) {
            missing.push_back(known);
        } else if (found->second.factory.empty()) {
            found->second.factory = factory_;
        }
    }
    std::vector<Seen> result;
    for (auto& [id, pilot] : pilots) {
        if (pilot.factory == factory_) {
            result.push_back(std::move(pilot.seen));
        }
    }
    for (auto& [id, pilot] : find_ended(missing)) {
        result.push_back(std::move(pilot.seen));
    }
    return result;
}

// Does something to jobs. Of one that has just ended Slurm complains, of some more or less: what
// is left after a complaint tells whether it was one.
void SlurmBackend::act(const std::vector<std::string>& command, const std::vector<Seen>& targets,
                       const std::function<bool(const Seen&)>& is_left) {
    for (std::size_t i = 0; i < targets.size(); i += kPilotsPerCall) {
        const auto some =
            std::span(targets).subspan(i, std::min(kPilotsPerCall, targets.size() - i));
        auto words = command;
        std::ranges::move(job_arguments(some), std::back_inserter(words));
        const auto answer = run(words);
        if (answer.status.ok()) {
            continue;
        }
        const auto pilots = look();
        if (std::ranges::any_of(some, [&](const Seen& target) {
                const auto found = pilots.find(target.pilot);
                return found != pilots.end() && is_left(found->second.seen);
            })) {
            throw failure(command.front(), answer);
        }
    }
}

// Looked up by tag first: the number of a job may be somebody else's by now.
std::vector<Fate> SlurmBackend::cancel(std::span<const Known> pilots) {
    const auto shown = look();
    std::vector<Seen> living;
    for (const auto& known : pilots) {
        const auto found = shown.find(known.pilot);
        if (found != shown.end() && !model::has_ended(found->second.seen.state)) {
            living.push_back(found->second.seen);
        }
    }
    act({"scancel"}, living, [](const Seen& seen) {
        return !model::has_ended(seen.state) && seen.reason != "COMPLETING";
    });
    return all_done(pilots);
}

std::vector<Fate> SlurmBackend::release(std::span<const Known> pilots) {
    const auto shown = look();
    const auto is_held = [](const Seen& seen) { return seen.state == PilotState::Held; };
    std::vector<Seen> held;
    for (const auto& known : pilots) {
        const auto found = shown.find(known.pilot);
        if (found != shown.end() && is_held(found->second.seen)) {
            held.push_back(found->second.seen);
        }
    }
    act({"scontrol", "release"}, held, is_held);
    return all_done(pilots);
}

std::vector<Seen> SlurmBackend::settle(std::span<const std::string> pilots) {
    auto shown = look();
    std::vector<Seen> result;
    std::vector<Seen> on_hold;
    std::vector<Known> missing;
    for (const auto& pilot : pilots) {
        const auto found = shown.find(pilot);
        if (found == shown.end()) {
            missing.push_back({pilot, "", {}});
            continue;
        }
        auto& seen = found->second.seen;
        if (held_by_owner(seen)) {
            on_hold.push_back(seen);
            seen.state = PilotState::Pending;
            seen.hold_code.reset();
            seen.may_be_first_hold = false;
            seen.reason.reset();
        }
        result.push_back(std::move(seen));
    }
    act({"scontrol", "release"}, on_hold, held_by_owner);
    for (auto& [id, pilot] : find_ended(missing)) {
        result.push_back(std::move(pilot.seen));
    }
    return result;
}

}  // namespace tow::batch
