#include "model/run.hpp"

#include "base/error.hpp"
#include "model/fields.hpp"

#include <algorithm>
#include <array>

namespace tow::model {

namespace {

// In the order of RunState.
constexpr std::array<std::string_view, 6> kStates{"running", "done",        "failed",
                                                  "timeout", "interrupted", "killed"};

record::Object to_object(const RunCommand& command) {
    record::Object object;
    object.set("stage", command.stage);
    object.set("command", command.command);
    object.set_known("exit_code", command.exit_code);
    object.set_known("signal", command.signal);
    object.set_known("seconds", command.seconds);
    return object;
}

}  // namespace

std::string_view run_state_name(RunState state) noexcept {
    return kStates.at(static_cast<std::size_t>(state));
}

std::optional<RunState> run_state(std::string_view name) noexcept {
    const auto* found = std::ranges::find(kStates, name);
    return found == kStates.end() ? std::nullopt
                                  : std::optional{static_cast<RunState>(found - kStates.begin())};
}

record::Array stages_array(const std::vector<RunCommand>& stages) {
    record::Array array;
    for (const auto& command : stages) {
        array.emplace_back(to_object(command));
    }
    return array;
}

std::vector<RunCommand> read_stages(record::View list) {
    if (!list.is_array()) {
        base::fail(base::Kind::Data, "stages: expected a list");
    }
    std::vector<RunCommand> stages;
    for (const auto& element : list.elements()) {
        const Fields fields(element, "stages.");
        auto& command = stages.emplace_back();
        command.stage = fields.count("stage");
        command.command = fields.text("command");
        command.exit_code = fields.known_count("exit_code");
        command.signal = fields.known_count("signal");
        command.seconds = fields.known_number("seconds");
    }
    return stages;
}

record::Object to_record(const Run& run) {
    auto object = record::new_record("run");
    object.set("name", run.name);
    object.set("state", run_state_name(run.state));
    object.set_known("exit_code", run.exit_code);
    object.set_known("failures", run.failures);
    object.set("stages", stages_array(run.stages));
    object.set_known("seconds", run.seconds);
    object.set("started_at", base::format_time(run.started_at));
    if (run.last_success_at) {
        object.set("last_success_at", base::format_time(*run.last_success_at));
    }
    return object;
}

}  // namespace tow::model
