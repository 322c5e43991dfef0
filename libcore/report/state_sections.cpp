// The sections about what surrounds the pilots: checks, pipelines, overrides.
#include "base/units.hpp"
#include "record/json.hpp"
#include "report/sections.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

namespace tow::report {

namespace {

Tone tone_of(model::CheckState state) {
    switch (state) {
        case model::CheckState::Ok:
            return Tone::Good;
        case model::CheckState::Critical:
            return Tone::Critical;
        case model::CheckState::Warning:
        case model::CheckState::Unknown:
            break;
    }
    return Tone::Warning;
}

Tone tone_of(const PipelineRun& run) {
    if (run.state == model::RunState::Done || run.state == model::RunState::Running) {
        return run.failures == 0 ? Tone::Good : Tone::Warning;
    }
    return run.failures > 2 ? Tone::Critical : Tone::Warning;
}

// "max_pilots=3, state=disabled"
std::string values_text(const record::Object& values) {
    std::string text;
    for (const auto& [key, value] : values) {
        text += fmt::format("{}{}={}", text.empty() ? "" : ", ", key,
                            value.string() != nullptr ? *value.string() : record::to_json(value));
    }
    return text;
}

}  // namespace

Section check_section(const Material& material) {
    Section section{"checks", "Checks", {}};
    const auto& checks = material.snapshot.checks;
    if (checks.empty()) {
        return section;
    }
    Table table{"Checks that are not ok",
                {{"State"}, {"Check"}, {"Of"}, {"Message"}, {"Since", false, true}, {"Next step"}},
                {}};
    std::map<std::string, std::int64_t> ok;
    for (const auto& check : checks) {
        if (check.state == model::CheckState::Ok) {
            ++ok[check.check];
            continue;
        }
        table.rows.push_back(
            {{std::string(model::check_state_name(check.state)), tone_of(check.state)},
             check.check,
             check.target + (check.server ? " at " + *check.server : ""),
             check.message,
             check.since ? age_text(*check.since, material.now) : "",
             check.advice.value_or("")});
    }
    if (!table.rows.empty()) {
        std::ranges::stable_sort(table.rows, std::ranges::greater{}, [](const auto& row) {
            return static_cast<int>(row.front().tone);
        });
        section.blocks.emplace_back(std::move(table));
    }
    Table well{"Checks that are ok", {{"Check"}, {"Ok", true}}, {}};
    for (const auto& [name, count] : ok) {
        well.rows.push_back({name, {std::to_string(count), Tone::Good}});
    }
    if (!well.rows.empty()) {
        section.blocks.emplace_back(std::move(well));
    }
    return section;
}

Section pipeline_section(const Material& material) {
    Section section{"pipelines", "Pipelines", {}};
    if (material.snapshot.runs.empty()) {
        return section;
    }
    Table table{"The last run of each pipeline",
                {{"Pipeline"},
                 {"Ended"},
                 {"Exit code", true},
                 {"Failures in a row", true},
                 {"Took", true, true},
                 {"Began"},
                 {"Last success"}},
                {}};
    for (const auto& run : material.snapshot.runs) {
        table.rows.push_back(
            {run.name,
             {std::string(model::run_state_name(run.state)), tone_of(run)},
             run.exit_code ? std::to_string(*run.exit_code) : "",
             std::to_string(run.failures),
             run.seconds ? hours_text(*run.seconds) + "s" : "",
             age_text(run.started_at, material.now),
             run.last_success_at ? age_text(*run.last_success_at, material.now) : "never"});
    }
    section.blocks.emplace_back(std::move(table));
    return section;
}

Section override_section(const Material& material) {
    Section section{"overrides", "Overrides in force", {}};
    Table table{"What operators set aside policy for",
                {{"Entries"}, {"Instead"}, {"Why"}, {"Until"}, {"By", false, true}},
                {}};
    std::map<std::string, const model::Override*> overrides;
    for (const auto& each : material.snapshot.input.situation.overrides) {
        overrides[each.id] = &each;
    }
    for (const auto& [id, each] : overrides) {
        if (each->until > material.now) {
            table.rows.push_back({each->entries, values_text(each->values), each->why,
                                  age_text(each->until, material.now), each->author});
        }
    }
    if (!table.rows.empty()) {
        section.blocks.emplace_back(std::move(table));
    }
    return section;
}

}  // namespace tow::report
