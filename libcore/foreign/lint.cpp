#include "foreign/lint.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "foreign/asked.hpp"
#include "foreign/values.hpp"
#include "source/entry_yaml.hpp"

#include <algorithm>
#include <array>

namespace tow::foreign {

namespace {

class Checker {
  public:
    explicit Checker(const model::Entry& entry) : entry_(entry), asked_(asked_of(entry)) {}

    std::vector<Finding> run() {
        if (entry_.backend == "condor") {
            check_grid_type();
            check_cpus();
            check_memory();
            check_walltime();
            check_numbers();
        }
        for (const std::string_view map :
             {"attributes", "attribute_exprs", "submit", "environment"}) {
            if (const auto* values = entry_.target.find(map)) {
                check_quotes(fmt::format("target.{}", map), *values);
            }
        }
        check_quotes("ad", record::Value(entry_.ad));
        check_limits();
        check_version();
        return std::move(findings_);
    }

  private:
    // A rule, where, what is there, what comes of it, what to do.
    void add(std::string_view rule, std::string key, std::string problem, std::string consequence,
             std::string fix) {
        findings_.push_back({entry_.name,
                             std::string(rule),
                             std::move(key),
                             std::move(problem),
                             std::move(consequence),
                             std::move(fix),
                             {}});
    }

    static bool has(const record::Object& attributes, std::string_view lower_name) {
        return std::ranges::any_of(attributes, [lower_name](const auto& attribute) {
            return base::lower(attribute.key) == lower_name;
        });
    }

    // Since 25.12 condor_submit adds versionGE(split(TARGET.CondorVersion)[1], ..) to requirements.
    void check_version() {
        if (entry_.target.find("pilot") != nullptr && !has(entry_.ad, "condorversion") &&
            !has(entry_.ad_exprs, "condorversion")) {
            add("no_version", "ad", "the version of the pilots' HTCondor is not told",
                "jobs submitted with HTCondor 25.12 or later ask for it: none of them matches",
                "set ad.CondorVersion to what condor_version prints where the pilots run");
        }
    }

    void check_grid_type() {
        constexpr std::array<std::string_view, 7> kGone{"cream",     "gt2",     "gt4",       "gt5",
                                                        "nordugrid", "unicore", "deltacloud"};
        if (std::ranges::find(kGone, asked_.grid_type) != kGone.end()) {
            add("dead_grid_type", "target.grid_resource",
                fmt::format("the grid type {}", asked_.grid_type),
                "HTCondor has no such grid type any more: every submission fails",
                "name the CE that the site has now, or disable the entry");
        }
    }

    void check_cpus() {
        const auto cpus = entry_.pilot.cpus;
        const auto request = target_text(entry_, "submit", "request_cpus");
        const auto requested = positive_of(record::Value(request.value_or(""))).value_or(0);
        if (asked_.grid_type.starts_with("batch ") && requested > 1 &&
            !target_text(entry_, "attributes", "NodeNumber")) {
            add("request_cpus_lost", "target.submit.request_cpus",
                fmt::format("request_cpus {} on grid type {}", requested, asked_.grid_type),
                "it does not reach the batch system: the pilot gets one core",
                fmt::format("set target.attributes.NodeNumber: {}", requested));
        } else if (asked_.cpus && !asked_.whole_node && asked_.cpus->value < cpus) {
            add("cpus_too_few", asked_.cpus->key,
                fmt::format("{} cores asked for, {} used", asked_.cpus->value, cpus),
                "pilots run more jobs than they have cores for",
                fmt::format("ask for {}, or set pilot.cpus to {}", cpus, asked_.cpus->value));
        }
    }

    void check_memory() {
        const auto used = entry_.pilot.memory_bytes;
        if (!asked_.memory_bytes || asked_.whole_node) {
            return;
        }
        const auto& [asked, key] = *asked_.memory_bytes;
        const bool is_arc = asked_.grid_type == "arc" || asked_.grid_type == "nordugrid";
        const auto cpus = asked_.cpus ? asked_.cpus->value : 1;
        const auto shown = base::format_bytes;
        if (asked < used) {
            add("memory_too_small", key,
                fmt::format("{} asked for, {} used", shown(asked), shown(used)),
                "the site may kill pilots that use what they offer",
                fmt::format("ask for {}{}, or lower pilot.memory",
                            shown(is_arc ? used / cpus : used), is_arc ? " a core" : ""));
        } else if (is_arc && cpus > 1 && asked / cpus >= used) {
            add("memory_per_core", key,
                fmt::format("{} a core asked for, {} used by the whole pilot", shown(asked / cpus),
                            shown(used)),
                fmt::format("ARC takes it per core: pilots wait for {} that nobody uses",
                            shown(asked)),
                fmt::format("divide it by the {} cores", cpus));
        }
    }

    void check_walltime() {
        const bool is_remote = asked_.grid_type == "condor" || asked_.grid_type == "arc" ||
                               asked_.grid_type.starts_with("batch ");
        if (is_remote && !asked_.walltime) {
            add("no_walltime", "target", "no time is asked for",
                "the site's default counts, and kills pilots that live longer",
                asked_.grid_type == "condor" ? "set target.attributes.maxWallTime (minutes)"
                : asked_.grid_type == "arc"  ? "set target.submit.arc_resources: <WallTime>"
                                             : "set target.submit.batch_runtime (seconds)");
        } else if (asked_.walltime && entry_.pilot.walltime &&
                   asked_.walltime->value < *entry_.pilot.walltime) {
            add("walltime_too_short", asked_.walltime->key,
                fmt::format("{} asked for, {} used", base::format_duration(asked_.walltime->value),
                            base::format_duration(*entry_.pilot.walltime)),
                "the site ends pilots, and their jobs, before they end by themselves",
                "ask for more, or shorten pilot.walltime");
        }
    }

    void check_numbers() {
        struct Number {
            std::string_view map;
            std::string_view name;
        };
        constexpr std::array<Number, 9> kNumbers{{{"attributes", "maxMemory"},
                                                  {"attributes", "xcount"},
                                                  {"attributes", "maxWallTime"},
                                                  {"attributes", "NodeNumber"},
                                                  {"submit", "request_cpus"},
                                                  {"submit", "request_gpus"},
                                                  {"submit", "request_memory"},
                                                  {"submit", "request_disk"},
                                                  {"submit", "batch_runtime"}}};
        for (const auto& [map, name] : kNumbers) {
            const auto text = target_text(entry_, map, name);
            if (text && !may_be_number(map, name, *text)) {
                add("no_number", fmt::format("target.{}.{}", map, name),
                    fmt::format("the text \"{}\" where a number belongs", *text),
                    "the CE ignores it, or the submission fails", "write a number, or take it out");
            }
        }
    }

    // Attributes are what they are; submit commands are text, and may be expressions.
    bool may_be_number(std::string_view map, std::string_view name, std::string_view text) const {
        if (map == "attributes") {
            const auto& attributes = *entry_.target.find(map)->object();
            return std::ranges::any_of(attributes, [&](const auto& field) {
                return base::equal_nocase(field.key, name) && field.value.number().has_value();
            });
        }
        const auto value = ad_text(text);
        return condor_size(text, 1).has_value() || (value && !value->plain);
    }

    void check_quotes(const std::string& path, const record::Value& map) {
        const auto* object = map.object();
        for (const auto& [key, value] : object == nullptr ? record::Object{} : *object) {
            const auto* text = value.string();
            const bool is_quoted = text != nullptr && text->size() > 1 &&
                                   (text->front() == '"' || text->front() == '\'') &&
                                   text->back() == text->front();
            // A submit command may need its quotes: arguments and environment do.
            const bool may_be = path == "target.submit" && (base::equal_nocase(key, "arguments") ||
                                                            base::equal_nocase(key, "environment"));
            if (is_quoted && !may_be) {
                add("quotes_in_value", fmt::format("{}.{}", path, key),
                    fmt::format("the value is {}", *text),
                    "the quotes are part of it: nothing compares equal to it",
                    "write " + text->substr(1, text->size() - 2));
            }
        }
    }

    void check_limits() {
        const auto& limits = entry_.limits;
        if (limits.max_pilots && limits.max_pending && *limits.max_pilots > 0 &&
            *limits.max_pending > *limits.max_pilots) {
            add("pending_above_pilots", "limits.max_pending",
                fmt::format("max_pending {} is more than max_pilots {}", *limits.max_pending,
                            *limits.max_pilots),
                "it limits nothing", "lower it, or take it out");
        }
    }

    const model::Entry& entry_;
    Asked asked_;
    std::vector<Finding> findings_;
};

}  // namespace

record::Object to_record(const Finding& finding) {
    auto record = record::new_record("entry_problem");
    record.set("entry", finding.entry);
    record.set("rule", finding.rule);
    if (!finding.key.empty()) {
        record.set("key", finding.key);
    }
    record.set("problem", finding.problem);
    if (!finding.consequence.empty()) {
        record.set("consequence", finding.consequence);
    }
    if (!finding.fix.empty()) {
        record.set("fix", finding.fix);
    }
    if (!finding.place.empty()) {
        record.set("place", finding.place);
    }
    return record;
}

std::vector<Finding> check_entry(const model::Entry& entry) {
    const bool is_used = entry.state != model::EntryState::Disabled;
    return is_used ? Checker(entry).run() : std::vector<Finding>{};
}

std::vector<Finding> findings_of(const std::vector<source::WrittenEntry>& entries, base::Time now) {
    std::vector<Finding> findings;
    for (const auto& entry : entries) {
        for (auto& finding : check_entry(read_entry(entry, now))) {
            finding.place = source::place_of(entry, finding.key);
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

std::vector<Finding> findings_of(const Import& import) {
    std::vector<Finding> findings;
    for (const auto& note : import.notes()) {
        if (note.kind == Note::Kind::Suspect) {
            findings.push_back({note.entry, "upstream", "",
                                note.what + (note.detail.empty() ? "" : " " + note.detail),
                                note.why, "correct it upstream", note.origin.text()});
        }
    }
    for (const auto& imported : import.entries()) {
        for (auto& finding : check_entry(imported.entry)) {
            finding.place = imported.origin.text();
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

}  // namespace tow::foreign
