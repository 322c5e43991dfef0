#include "batch/slurm_submission.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "batch/credentials.hpp"
#include "batch/payload.hpp"
#include "batch/sh_script.hpp"
#include "batch/slurm_jobs.hpp"
#include "model/fields.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace tow::batch {

namespace {

constexpr std::int64_t kDefaultArraySize = 1000;  // Slurm's own default limit is 1001

// Keys whose value is that of an option.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kOptions{
    {{"cluster", "clusters"},
     {"partition", "partition"},
     {"account", "account"},
     {"qos", "qos"},
     {"constraint", "constraint"},
     {"reservation", "reservation"},
     {"gres", "gres"}}};

constexpr std::array<std::string_view, 10> kOtherKeys{
    "via",     "argv",      "environment", "pilot",      "exclusive",
    "options", "directory", "output",      "array_size", "credentials"};

// Options that are ours to give, or that would make sbatch do something else.
constexpr std::array<std::string_view, 39> kReserved{
    "account",     "array",         "chdir",     "clusters",   "comment",
    "constraint",  "cpus-per-task", "error",     "exclusive",  "export",
    "export-file", "get-user-env",  "gid",       "gpus",       "gpus-per-node",
    "gres",        "help",          "hold",      "ignore-pbs", "job-name",
    "mem",         "no-requeue",    "nodes",     "ntasks",     "ntasks-per-node",
    "output",      "parsable",      "partition", "qos",        "requeue",
    "reservation", "test-only",     "time",      "tmp",        "uid",
    "usage",       "version",       "wait",      "wrap"};

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

void require_known_keys(const record::Object& target, const model::Fields& fields) {
    for (const auto& [key, value] : target) {
        const auto is_key = [&name = key](std::string_view known) { return known == name; };
        if (std::ranges::none_of(kOtherKeys, is_key) &&
            std::ranges::none_of(kOptions, is_key, [](const auto& row) { return row.first; })) {
            fields.reject(base::printable(key), "is no key of a target for Slurm");
        }
    }
}

// sbatch puts something of its own in the place of % and backslashes.
std::optional<std::string> known_folder(const model::Fields& target, std::string_view key) {
    auto folder = target.known_text(key);
    if (folder && (!folder->starts_with('/') || has_control(*folder) ||
                   folder->find_first_of("%\\") != std::string::npos)) {
        target.reject(key, "expected an absolute path without % and \\");
    }
    return folder;
}

// "--name" or "--name=value". Names may be abbreviated, so what begins a reserved one is as bad.
void require_allowed(const std::string& option, const model::Fields& target) {
    const auto name = std::string_view(option).substr(0, option.find('='));
    const bool well_formed = name.size() > 2 && name.starts_with("--") &&
                             std::ranges::all_of(name.substr(2), [](char c) {
                                 return (c >= 'a' && c <= 'z') || base::is_digit(c) || c == '-';
                             });
    if (!well_formed || has_control(option)) {
        target.reject("options",
                      fmt::format("expected --name=value, not \"{}\"", base::printable(option)));
    }
    if (std::ranges::any_of(kReserved, [&](std::string_view reserved) {
            return reserved.starts_with(name.substr(2));
        })) {
        target.reject("options", fmt::format("{} is aerotow's to give", name));
    }
}

std::int64_t mebibytes(std::int64_t bytes) {
    constexpr std::int64_t kMebibyte = 1'048'576;
    return bytes / kMebibyte + (bytes % kMebibyte == 0 ? 0 : 1);
}

class Submission {
  public:
    Submission(const model::Entry& entry, const model::Fields& target)
        : entry_(entry), target_(target) {}

    std::vector<std::string> options(std::span<const std::string> pilots,
                                     const std::string& factory, const std::string& home) {
        const auto folder = slurm_output_folder(entry_, home);
        add("parsable");
        add("hold");
        add("no-requeue");  // a pilot that was started is never started again
        add("ignore-pbs");
        add("array", fmt::format("0-{}", pilots.size() - 1));
        add("job-name", slurm_job_name(pilots.front()));
        add("comment", slurm_comment(factory, entry_.name, pilots.front()));
        add("export", "NONE");
        add("output", folder + "/%A_%a.out");
        add("error", folder + "/%A_%a.err");
        const auto directory = known_folder(target_, "directory").value_or(home);
        if (!directory.empty()) {
            add("chdir", directory);
        }
        shape();
        targets();
        return std::move(options_);
    }

    std::string script(std::span<const std::string> pilots) const {
        std::string text = "#!/bin/sh\ncase \"$SLURM_ARRAY_TASK_ID\" in\n";
        for (std::size_t i = 0; i < pilots.size(); ++i) {
            text += fmt::format("{}) AEROTOW_PILOT_ID={} ;;\n", i, pilots[i]);
        }
        text += "*) echo 'no such pilot' >&2; exit 70 ;;\nesac\nexport AEROTOW_PILOT_ID\n";
        const auto payload = read_payload(target_);
        for (const auto& [name, value] : variables(payload)) {
            text += fmt::format("{}={}\nexport {}\n", name, sh_quoted(value), name);
        }
        text += fmt::format("exec {}\n", sh_quoted(command(payload.argv)));
        if (text.find("\r\n") != std::string::npos) {
            target_.reject("argv",
                           "Slurm takes no script with a carriage return before a line "
                           "break, not even in an argument or a variable");
        }
        return text;
    }

  private:
    void add(std::string_view name) { options_.push_back(fmt::format("--{}", name)); }

    void add(std::string_view name, std::string_view value) {
        options_.push_back(fmt::format("--{}={}", name, value));
    }

    void add(std::string_view name, std::int64_t number, std::string_view unit = "") {
        options_.push_back(fmt::format("--{}={}{}", name, number, unit));
    }

    void shape() {
        const auto& pilot = entry_.pilot;
        add("nodes", entry_.nodes);
        add("ntasks", entry_.nodes);
        add("ntasks-per-node", std::int64_t{1});
        add("cpus-per-task", pilot.cpus);
        if (pilot.memory_bytes > 0) {
            add("mem", mebibytes(pilot.memory_bytes), "M");
        }
        if (pilot.disk_bytes.value_or(0) > 0) {
            add("tmp", mebibytes(*pilot.disk_bytes), "M");
        }
        if (pilot.walltime) {
            const auto minutes = std::chrono::floor<std::chrono::minutes>(*pilot.walltime).count();
            add("time", std::max<std::int64_t>(minutes, 1));
        }
        // A type of GPU is asked for by gres, which then says how many as well.
        const auto gres = target_.known_text("gres").value_or("");
        if (pilot.gpus.value_or(0) > 0 && gres.find("gpu") == std::string::npos) {
            add("gpus-per-node", *pilot.gpus);
        }
    }

    void targets() {
        for (const auto& [key, option] : kOptions) {
            if (const auto value = target_.known_text(key)) {
                if (value->empty() || has_control(*value)) {
                    target_.reject(key, "expected a text without control characters");
                }
                add(option, *value);
            }
        }
        if (const auto* exclusive = entry_.target.find("exclusive")) {
            if (!exclusive->boolean()) {
                target_.reject("exclusive", "expected true or false");
            }
            if (*exclusive->boolean()) {
                add("exclusive");
            }
        }
        for (const auto& option : target_.texts("options")) {
            require_allowed(option, target_);
            options_.push_back(option);
        }
    }

    Variables variables(const Payload& payload) const {
        auto variables = shape_variables(entry_);
        const auto credentials = read_credentials(target_);
        for (const auto& [name, path] : {std::pair{"X509_USER_PROXY", &credentials.proxy},
                                         std::pair{"BEARER_TOKEN_FILE", &credentials.scitoken},
                                         std::pair{"AEROTOW_IDTOKEN_FILE", &credentials.idtoken}}) {
            if (*path) {
                variables.emplace_back(name, **path);
            }
        }
        // What the pilot starts by srun inherits its variables, though the job itself was
        // submitted with --export=NONE.
        variables.emplace_back("SLURM_EXPORT_ENV", "ALL");
        variables.insert(variables.end(), payload.environment.begin(), payload.environment.end());
        return variables;
    }

    // On several nodes one launcher runs on each; that one of them ends does not end the others.
    std::vector<std::string> command(const std::vector<std::string>& argv) const {
        if (argv.front().front() == '-') {
            target_.reject("argv", "the command begins with -");
        }
        std::vector<std::string> words;
        if (entry_.nodes > 1) {
            words = {"srun",
                     fmt::format("--nodes={}", entry_.nodes),
                     fmt::format("--ntasks={}", entry_.nodes),
                     "--ntasks-per-node=1",
                     fmt::format("--cpus-per-task={}", entry_.pilot.cpus),
                     "--kill-on-bad-exit=0"};
        }
        words.insert(words.end(), argv.begin(), argv.end());
        return words;
    }

    const model::Entry& entry_;
    const model::Fields& target_;
    std::vector<std::string> options_;
};

template <class Use>
auto with_target(const model::Entry& entry, Use use) {
    const record::Document document(record::to_json(entry.target));
    const model::Fields target(document.root(), "target.");
    require_known_keys(entry.target, target);
    return use(target);
}

}  // namespace

std::size_t slurm_array_size(const model::Entry& entry) {
    return with_target(entry, [](const model::Fields& target) {
        const auto size = target.known_count("array_size").value_or(kDefaultArraySize);
        if (size < 1 || size > static_cast<std::int64_t>(kMostSlurmTasks)) {
            target.reject("array_size", fmt::format("expected 1 to {}", kMostSlurmTasks));
        }
        return static_cast<std::size_t>(size);
    });
}

std::string slurm_output_folder(const model::Entry& entry, const std::string& home) {
    return with_target(entry, [&](const model::Fields& target) {
        if (auto folder = known_folder(target, "output")) {
            return *std::move(folder);
        }
        const auto base = known_folder(target, "directory").value_or(home);
        return fmt::format("{}{}aerotow-output/{}", base, base.empty() ? "" : "/", entry.name);
    });
}

SlurmSubmission slurm_submission(const model::Entry& entry, std::span<const std::string> pilots,
                                 const std::string& factory, const std::string& home) {
    return with_target(entry, [&](const model::Fields& target) {
        Submission submission(entry, target);
        return SlurmSubmission{submission.options(pilots, factory, home),
                               submission.script(pilots)};
    });
}

}  // namespace tow::batch
