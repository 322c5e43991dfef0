#include "batch/payload.hpp"

#include "base/text.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::batch {

namespace {

bool is_variable(std::string_view name) {
    return !name.empty() && !base::is_digit(name.front()) && std::ranges::all_of(name, [](char c) {
        return base::is_alpha(c) || base::is_digit(c) || c == '_';
    });
}

bool has_nul(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

}  // namespace

Payload read_payload(const model::Fields& target) {
    Payload payload;
    payload.argv = target.texts("argv");
    if (payload.argv.empty()) {
        target.reject("argv",
                      "is missing: the command that a pilot runs (or pilot, for tow-pilot)");
    }
    if (payload.argv.front().empty() || std::ranges::any_of(payload.argv, has_nul)) {
        target.reject("argv", "no command can have an empty name, or a NUL in an argument");
    }
    for (const auto& [name, value] : target.object("environment")) {
        if (name == "AEROTOW_PILOT_ID") {
            target.reject("environment", "AEROTOW_PILOT_ID is the tag of each pilot");
        }
        if (value.string() == nullptr || !is_variable(name) || has_nul(*value.string())) {
            target.reject("environment", "expected an object of texts, by names of variables");
        }
        payload.environment.emplace_back(name, *value.string());
    }
    return payload;
}

Variables shape_variables(const model::Entry& entry) {
    Variables variables{{"AEROTOW_ENTRY", entry.name},
                        {"AEROTOW_CPUS", fmt::format("{}", entry.pilot.cpus)},
                        {"AEROTOW_MEMORY_BYTES", fmt::format("{}", entry.pilot.memory_bytes)}};
    if (entry.pilot.walltime) {
        variables.emplace_back("AEROTOW_WALLTIME_SECONDS",
                               fmt::format("{}", entry.pilot.walltime->count()));
    }
    return variables;
}

}  // namespace tow::batch
