#include "batch/condor_description.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "batch/credentials.hpp"
#include "classad/parse.hpp"
#include "model/fields.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/core.h>

namespace tow::batch {

namespace {

// Commands that are ours to give, or words that begin another kind of line.
constexpr auto kReserved = std::to_array<std::string_view>({
    // clang-format off
    "executable", "arguments", "arguments2", "environment", "env", "universe",
    "grid_resource", "requirements", "hold", "output", "error", "log", "stdout",
    "stderr", "queue", "include", "use", "if", "else", "elif", "endif",
    "warning", "x509userproxy", "use_x509userproxy", "scitokens_file", "transfer_input_files",
    "notification",
    // The schedd would let go those that wait for us on hold, or make jobs later than we are told.
    "periodic_release", "periodicrelease", "max_idle", "max_materialize",
    "materialize_max_idle",
    // clang-format on
});

// Attributes that tell whose a pilot is, and those that would end its first hold.
constexpr auto kOurAttributes = std::to_array<std::string_view>(
    {kPilotAttribute, kEntryAttribute, kFactoryAttribute, "JobStatus", "HoldReasonCode",
     "HoldReason", "PeriodicRelease", "ClusterId", "ProcId"});

bool is_word(std::string_view name) {
    return !name.empty() && !base::is_digit(name.front()) && std::ranges::all_of(name, [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '_';
    });
}

// The schedd puts something of the slot in its place, in any attribute of a job that matches.
void refuse_match_macro(std::string_view text, std::string_view what) {
    if (text.find("$$(") != std::string_view::npos) {
        base::fail(base::Kind::Data, "{}: HTCondor would replace \"$$(\" in it", what);
    }
}

// What stands for this text in a submit description.
std::string plain_text(std::string_view text, std::string_view what) {
    refuse_match_macro(text, what);
    std::string value;
    for (const char c : text) {
        if (c == '\n' || c == '\r' || c == '\0') {
            base::fail(base::Kind::Data, "{}: HTCondor cannot hold a line break or a NUL", what);
        }
        value += c == '$' ? "$(DOLLAR)" : std::string(1, c);
    }
    return value;
}

// A list of arguments or variables: in double quotes, each word in single ones, both doubled where
// they are meant.
std::string quoted_word(std::string_view word, std::string_view what) {
    std::string text = "'";
    for (const char c : plain_text(word, what)) {
        text += c == '\'' ? "''" : c == '"' ? "\"\"" : std::string(1, c);
    }
    return text + "'";
}

class Description {
  public:
    Description(const model::Entry& entry, const model::Fields& target)
        : entry_(entry), target_(target) {}

    std::string write(std::span<const std::string> pilots, const std::string& factory,
                      const std::string& folder) {
        universe();
        payload(folder);
        resources();
        credentials();
        attributes(factory);
        further_commands();
        text_ += "notification = never\nhold = true\nqueue aerotow_pilot from (\n";
        for (const auto& pilot : pilots) {
            text_ += pilot + "\n";
        }
        return std::move(text_) + ")\n";
    }

  private:
    void line(std::string_view name, std::string_view value) {
        if (!given_.insert(base::lower(name)).second) {  // HTCondor would forget the first one
            target_.reject("submit", fmt::format("\"{}\" is given already", name));
        }
        text_ += fmt::format("{} = {}\n", name, value);
    }

    // What follows from the shape of the pilot, unless the entry says it in its own way: sites want
    // to be asked for things as they are used to.
    void derived(std::string_view name, const std::string& value) {
        constexpr std::string_view kAttribute = "My.";
        const bool is_attribute = name.starts_with(kAttribute);
        const auto wanted = base::lower(is_attribute ? name.substr(kAttribute.size()) : name);
        const auto is_said_in = [&](std::string_view key) {
            return std::ranges::any_of(target_.object(key), [&](const record::Field& field) {
                return base::lower(field.key) == wanted;
            });
        };
        const bool is_said = is_attribute
                                 ? is_said_in("attributes") || is_said_in("attribute_exprs")
                                 : is_said_in("submit");
        if (!is_said) {
            line(name, value);
        }
    }

    void universe() {
        const auto grid = target_.known_text("grid_resource");
        const auto name = target_.known_text("universe").value_or(grid ? "grid" : "vanilla");
        if (name != "vanilla" && name != "local" && name != "grid") {
            target_.reject("universe", "expected vanilla, local or grid");
        }
        if ((name == "grid") != grid.has_value()) {
            target_.reject("grid_resource", "is for the grid universe, which needs it");
        }
        line("universe", name);
        is_grid_ = grid.has_value();
        is_local_ = name == "local";
        if (grid) {
            line("grid_resource", submit_value(*grid, "target.grid_resource"));
            grid_type_ = base::lower(grid->substr(0, grid->find(' ')));
        }
        if (entry_.nodes != 1) {
            base::fail(base::Kind::Data, "pilot.nodes: HTCondor sends pilots of one node");
        }
    }

    void payload(const std::string& folder) {
        const auto payload = read_payload(target_);
        const bool is_ours = entry_.target.find("pilot") != nullptr;  // relative behind ssh
        if (!is_ours && payload.argv.front().front() != '/') {
            target_.reject("argv", "the command must be an absolute path: HTCondor sends the file");
        }
        line("executable", submit_value(payload.argv.front(), "target.argv"));
        const std::span arguments = payload.argv;
        if (arguments.size() > 1) {
            line("arguments", submit_arguments(arguments.subspan(1)));
        }
        auto variables = shape_variables(entry_);
        const auto token = read_credentials(target_).idtoken;
        if (token) {  // where files are sent, it lies in the pilot's own folder
            variables.emplace_back("AEROTOW_IDTOKEN_FILE",
                                   is_local_ ? *token : token->substr(token->rfind('/') + 1));
        }
        variables.insert(variables.end(), payload.environment.begin(), payload.environment.end());
        auto environment = submit_environment(variables);
        environment.insert(1, "AEROTOW_PILOT_ID=$(aerotow_pilot) ");
        line("environment", environment);
        const auto prefix = submit_value(folder, "target.output") + "/$(aerotow_pilot)";
        line("output", prefix + ".out");
        line("error", prefix + ".err");
        line("log", submit_value(folder, "target.output") + "/events.log");
        auto files = target_.texts("input_files");
        if (token) {
            files.push_back(*token);
        }
        for (auto& file : files) {
            if (file.find(',') != std::string::npos) {
                target_.reject("input_files",
                               "HTCondor cannot send a file with a comma in its name");
            }
            file = submit_value(file, "target.input_files");
        }
        if (!files.empty()) {
            line("transfer_input_files", base::join(files, ","));
            line("should_transfer_files", "YES");
        }
    }

    // What a batch system behind the schedd must be told in words of its own; see the tables of
    // htcondor-ce (xcount, maxMemory, maxWallTime) and of the blahp (NodeNumber, batch_runtime).
    void resources() {
        constexpr std::int64_t kMiB = 1'048'576;
        const auto& pilot = entry_.pilot;
        const auto memory = pilot.memory_bytes / kMiB + (pilot.memory_bytes % kMiB == 0 ? 0 : 1);
        // To ARC it is the memory of one core.
        const auto asked = grid_type_ == "arc" ? (memory - 1) / pilot.cpus + 1 : memory;
        derived("request_cpus", fmt::format("{}", pilot.cpus));
        derived("request_memory", fmt::format("{}", asked));
        if (pilot.disk_bytes) {
            derived("request_disk", fmt::format("{}", *pilot.disk_bytes / 1024 +
                                                          (*pilot.disk_bytes % 1024 == 0 ? 0 : 1)));
        }
        if (pilot.gpus.value_or(0) > 0) {
            derived("request_gpus", fmt::format("{}", *pilot.gpus));
        }
        if (grid_type_ == "condor") {
            derived("My.xcount", fmt::format("{}", pilot.cpus));
            derived("My.maxMemory", fmt::format("{}", memory));
        } else if (grid_type_ == "batch") {
            derived("My.NodeNumber", fmt::format("{}", pilot.cpus));
        }
        if (pilot.walltime) {
            walltime(pilot.walltime->count());
        }
    }

    void walltime(std::int64_t seconds) {
        constexpr std::int64_t kMinute = 60;
        if (grid_type_ == "condor") {
            derived("My.maxWallTime",
                    fmt::format("{}", std::max<std::int64_t>(1, seconds / kMinute)));
        } else if (grid_type_ == "batch") {
            derived("batch_runtime", fmt::format("{}", seconds));
        } else if (!is_grid_) {
            line("periodic_remove",
                 fmt::format("JobStatus == 2 && time() - EnteredCurrentStatus > {}", seconds));
            line("My.PeriodicRemoveReason", "\"the wall time of the pilot has passed\"");
        }
    }

    void credentials() {
        const auto credentials = read_credentials(target_);
        if (credentials.proxy) {
            line("use_x509userproxy", "true");
            line("x509userproxy", submit_value(*credentials.proxy, "target.credentials.proxy"));
        }
        if (credentials.scitoken) {
            line("scitokens_file",
                 submit_value(*credentials.scitoken, "target.credentials.scitoken"));
        }
    }

    void attributes(const std::string& factory) {
        line(fmt::format("My.{}", kPilotAttribute), "\"$(aerotow_pilot)\"");
        line(fmt::format("My.{}", kEntryAttribute), fmt::format("\"{}\"", entry_.name));
        line(fmt::format("My.{}", kFactoryAttribute), fmt::format("\"{}\"", factory));
        for (const auto& [name, value] : target_.object("attributes")) {
            attribute(name, classad_literal(name, value));
        }
        for (const auto& [name, value] : target_.object("attribute_exprs")) {
            attribute(name, expression("attribute_exprs", value));
        }
        if (const auto requirements = target_.known_text("requirements")) {
            line("requirements", expression("requirements", *requirements));
        }
    }

    void attribute(const std::string& name, const std::string& value) {
        const bool is_ours = std::ranges::any_of(kOurAttributes, [&](std::string_view ours) {
            return base::lower(name) == base::lower(ours);
        });
        if (!is_word(name) || is_ours) {
            target_.reject("attributes", fmt::format("\"{}\" is no attribute to be set here",
                                                     base::printable(name)));
        }
        line("My." + name, value);
    }

    std::string classad_literal(const std::string& name, const record::Value& value) const {
        if (const auto* text = value.string()) {
            std::string literal = "\"";
            for (const char c : *text) {
                literal += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
            }
            return submit_value(literal + '"', name);
        }
        if (value.object() != nullptr || value.array() != nullptr) {
            target_.reject("attributes", "expected texts, numbers and booleans");
        }
        return value.is_null() ? "undefined" : record::to_json(value);
    }

    std::string expression(std::string_view key, const record::Value& value) const {
        if (value.string() == nullptr) {
            target_.reject(key, "expected ClassAd text");
        }
        try {
            classad::parse_expr(*value.string());
        } catch (const base::Error& error) {
            target_.reject(key, error.what());
        }
        return submit_value(*value.string(), key);
    }

    void further_commands() {
        for (const auto& [name, value] : target_.object("submit")) {
            const bool is_reserved =
                std::ranges::find(kReserved, base::lower(name)) != kReserved.end();
            if (!is_word(name) || is_reserved || value.string() == nullptr) {
                target_.reject("submit", fmt::format("\"{}\" is no command to be given here",
                                                     base::printable(name)));
            }
            line(name, submit_value(*value.string(), name));
        }
    }

    const model::Entry& entry_;
    const model::Fields& target_;
    std::string text_;
    std::set<std::string> given_;  // commands
    std::string grid_type_;
    bool is_grid_ = false;
    bool is_local_ = false;
};

}  // namespace

std::string submit_value(std::string_view text, std::string_view what) {
    auto value = plain_text(text, what);
    // Blanks would be cut off, a backslash would join the next line to this one.
    if (base::trim(value) != value || value.empty() || value.back() == '\\') {
        base::fail(base::Kind::Data,
                   "{}: HTCondor cannot hold nothing, blanks around it, or a backslash at its end",
                   what);
    }
    return value;
}

std::string submit_arguments(std::span<const std::string> arguments) {
    std::vector<std::string> words;
    for (const auto& argument : arguments) {
        words.push_back(quoted_word(argument, "target.argv"));
    }
    return '"' + base::join(words, " ") + '"';
}

std::string submit_environment(const Variables& variables) {
    std::vector<std::string> words;
    for (const auto& [name, value] : variables) {
        words.push_back(name + '=' + quoted_word(value, "target.environment"));
    }
    return '"' + base::join(words, " ") + '"';
}

std::string output_folder(const model::Entry& entry) {
    const auto* folder = entry.target.find("output");
    if (folder == nullptr || folder->is_null()) {
        return "";
    }
    if (folder->string() == nullptr || !folder->string()->starts_with('/')) {
        base::fail(base::Kind::Data, "field \"target.output\": expected an absolute path");
    }
    return *folder->string();
}

std::string condor_description(const model::Entry& entry, std::span<const std::string> pilots,
                               const std::string& factory, const std::string& output_folder) {
    const record::Document document(record::to_json(entry.target));
    const model::Fields target(document.root(), "target.");
    return Description(entry, target).write(pilots, factory, output_folder);
}

}  // namespace tow::batch
