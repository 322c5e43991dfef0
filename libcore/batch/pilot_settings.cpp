#include "batch/pilot_settings.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "batch/sh_script.hpp"
#include "classad/unparse.hpp"
#include "model/ads.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/core.h>

namespace tow::batch {

namespace {

// Whole numbers; the variable has no unit in its name.
constexpr auto kNumbers = std::to_array<std::string_view>({
    "idle_seconds",
    "longest_job_seconds",
    "retire_after_seconds",
    "retire_spread_seconds",
    "grace_seconds",
    "join_timeout_seconds",
    "claim_worklife_seconds",
    "check_timeout_seconds",
    "clock_skew_seconds",
    "report_every_seconds",
    "min_disk_bytes",
    "log_limit_bytes",
    "max_jobs",
    "io_slots",
    "cpu_percent",
    "memory_percent",
});

constexpr auto kTexts = std::to_array<std::string_view>(
    {"scratch", "heartbeat", "cvmfsexec", "apptainer", "container_image"});

// Lists of words.
constexpr auto kLists = std::to_array<std::string_view>({"require", "cvmfs"});

constexpr auto kOthers = std::to_array<std::string_view>(
    {"collector", "htcondor", "slots", "checks", "files", "config"});

// What the startd says of itself.
constexpr auto kOfTheNode = std::to_array<std::string_view>(
    {"arch", "opsys", "hasfiletransfer", "cpus", "memory", "disk", "gpus", "totalcpus",
     "totalmemory", "totalgpus", "condorversion", "condorplatform", "requirements"});

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

bool is_name(std::string_view name) {
    return !name.empty() && !base::is_digit(name.front()) && std::ranges::all_of(name, [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '_' || c == '.';
    });
}

// HTCondor's configuration puts something in the place of $(NAME).
std::string without_macros(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += c == '$' ? std::string_view("$(DOLLAR)") : std::string_view(&c, 1);
    }
    return result;
}

class Settings {
  public:
    Settings(const model::Entry& entry, const model::Fields& target)
        : entry_(entry), keys_(target.fields("pilot")) {}

    PilotSettings write() {
        require_known_keys();
        numbers();
        texts();
        htcondor();
        slots();
        sent_along();
        policy();
        config();
        return std::move(settings_);
    }

  private:
    void assign(std::string_view name, std::string_view value) {
        settings_.text += fmt::format("pilot_{}={}\n", name, sh_quoted(value));
    }

    void require_known_keys() const {
        for (const auto& [key, value] : *entry_.target.find("pilot")->object()) {
            if (!is_one_of(key, kNumbers) && !is_one_of(key, kTexts) && !is_one_of(key, kLists) &&
                !is_one_of(key, kOthers)) {
                keys_.reject(base::printable(key), "is no key of a pilot");
            }
        }
    }

    void numbers() {
        for (const auto key : kNumbers) {
            if (const auto number = keys_.known_count(key)) {
                auto name = key;
                for (const std::string_view unit : {"_seconds", "_bytes"}) {
                    if (name.ends_with(unit)) {
                        name.remove_suffix(unit.size());
                    }
                }
                assign(name, fmt::format("{}", *number));
            }
        }
        if (entry_.pilot.gpus.value_or(0) > 0) {
            assign("gpus", fmt::format("{}", *entry_.pilot.gpus));
        }
    }

    std::string line(std::string_view key, const std::string& text) const {
        if (text.empty() || has_control(text)) {
            keys_.reject(key, "expected a text without control characters");
        }
        return text;
    }

    void texts() {
        assign("collector", without_macros(line("collector", keys_.text("collector"))));
        for (const auto key : kTexts) {
            if (const auto text = keys_.known_text(key)) {
                assign(key, line(key, *text));
            }
        }
        for (const auto key : kLists) {
            auto words = keys_.texts(key);
            for (const auto& word : words) {
                if (word.find_first_of(" *?[") != std::string::npos) {
                    keys_.reject(key, "expected single words");
                }
                line(key, word);
            }
            assign(key, base::join(words, " "));
        }
    }

    void htcondor() {
        const auto where = keys_.known_fields("htcondor");
        if (!where) {
            return;
        }
        const auto paths = where->texts("paths");
        for (const auto& path : paths) {
            line("htcondor", path);
        }
        assign("htcondor_paths", base::join(paths, "\n"));
        const auto tarball = where->known_text("tarball");
        const auto sum = where->known_text("sha256");
        if (!tarball) {
            return;
        }
        constexpr std::size_t kDigits = 64;
        if (!sum || sum->size() != kDigits ||
            sum->find_first_not_of("0123456789abcdef") != std::string::npos) {
            where->reject("sha256",
                          "expected the checksum of the tarball, 64 small hexadecimal "
                          "digits");
        }
        assign("htcondor_tarball", line("htcondor", *tarball));
        assign("htcondor_sha256", *sum);
    }

    // "partitionable", or how many slots of a fixed size.
    void slots() {
        const auto* slots = entry_.target.find("pilot")->object()->find("slots");
        if (slots == nullptr || slots->is_null()) {
            return;
        }
        constexpr std::int64_t kMost = 10'000;
        const auto number = slots->integer().value_or(0);
        const bool is_number = number >= 1 && number <= kMost;
        if (!is_number && (slots->string() == nullptr || *slots->string() != "partitionable")) {
            keys_.reject("slots", "expected partitionable, or how many");
        }
        assign("slots", is_number ? fmt::format("{}", number) : "partitionable");
    }

    void sent_along() {
        std::vector<std::string> checks;
        for (const auto* const key : {"checks", "files"}) {
            for (const auto& path : keys_.texts(key)) {
                if (!line(key, path).starts_with('/') || path.ends_with('/')) {
                    keys_.reject(key, "expected absolute paths of files");
                }
                settings_.files.push_back(path);
                if (key == std::string_view("checks")) {
                    checks.push_back(path.substr(path.rfind('/') + 1));
                }
            }
        }
        assign("check_scripts", base::join(checks, "\n"));
    }

    // The planner matched jobs with this ad: the startd shall match as it did.
    void policy() {
        std::vector<std::string> problems;
        const auto ad = model::entry_ad(entry_, problems);
        if (!problems.empty()) {
            base::fail(base::Kind::Data, "{}", problems.front());
        }
        const auto text_of = [&ad](std::string_view name) {
            return without_macros(classad::unparse(*ad.find(name), classad::Style::Old));
        };
        assign("start", text_of("Requirements"));
        std::string lines;
        std::string names;
        for (const auto* const attributes : {&entry_.ad, &entry_.ad_exprs}) {
            for (const auto& [name, value] : *attributes) {
                if (!is_one_of(base::lower(name), kOfTheNode)) {
                    require_name(name, "ad");
                    lines += fmt::format("{} = {}\n", name, text_of(name));
                    names += " " + name;
                }
            }
        }
        assign("attributes", lines);
        assign("attribute_names", names);
    }

    static void require_name(const std::string& name, std::string_view key) {
        if (!is_name(name)) {
            base::fail(base::Kind::Data, "field \"{}\": \"{}\" cannot be set in HTCondor", key,
                       base::printable(name));
        }
    }

    void config() {
        std::string lines;
        for (const auto& [name, value] : keys_.object("config")) {
            require_name(name, "target.pilot.config");
            // A backslash at the end would join the next line to this one.
            if (value.string() == nullptr || has_control(*value.string()) ||
                value.string()->ends_with('\\')) {
                keys_.reject("config", "expected texts of one line");
            }
            lines += fmt::format("{} = {}\n", name, *value.string());
        }
        assign("config", lines);
    }

    const model::Entry& entry_;
    model::Fields keys_;
    PilotSettings settings_;
};

}  // namespace

PilotSettings pilot_settings(const model::Entry& entry, const model::Fields& target) {
    return Settings(entry, target).write();
}

}  // namespace tow::batch
