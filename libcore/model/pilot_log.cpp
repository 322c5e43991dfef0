#include "model/pilot_log.hpp"

#include "model/fields.hpp"

#include <algorithm>
#include <array>

namespace tow::model {

namespace {

// In the order of PilotOutcome.
constexpr std::array<std::string_view, 19> kOutcomes{"ok",
                                                     "no_work",
                                                     "unproven",
                                                     "validation_failed",
                                                     "credential_failed",
                                                     "no_htcondor",
                                                     "never_connected",
                                                     "htcondor_failed",
                                                     "too_short",
                                                     "never_started",
                                                     "held",
                                                     "removed",
                                                     "time_limit",
                                                     "killed",
                                                     "lost",
                                                     "failed",
                                                     "broken",
                                                     "waiting",
                                                     "running"};

void set_time(record::Object& object, std::string_view key, const std::optional<base::Time>& time) {
    if (time) {
        object.set(key, base::format_time(*time));
    }
}

record::Object to_object(const Evidence& evidence) {
    record::Object object{{"file", evidence.file}};
    if (evidence.line > 0) {
        object.set("line", evidence.line);
    }
    object.set("text", evidence.text);
    object.set("cause", evidence.cause);
    return object;
}

record::Object to_object(const LogFile& file) {
    record::Object object{{"name", file.name}, {"size_bytes", file.bytes}};
    if (!file.logs.empty()) {
        record::Array logs;
        std::ranges::copy(file.logs, std::back_inserter(logs));
        object.set("logs", std::move(logs));
    }
    return object;
}

template <class Items, class Convert>
void set_list(record::Object& object, std::string_view key, const Items& items, Convert convert) {
    if (items.empty()) {
        return;
    }
    record::Array list;
    for (const auto& item : items) {
        list.emplace_back(convert(item));
    }
    object.set(key, std::move(list));
}

void set_times(record::Object& object, const PilotLog& log) {
    set_time(object, "submitted_at", log.submitted_at);
    set_time(object, "started_at", log.started_at);
    set_time(object, "validated_at", log.validated_at);
    set_time(object, "connected_at", log.connected_at);
    set_time(object, "first_job_at", log.first_job_at);
    set_time(object, "retired_at", log.retired_at);
    set_time(object, "ended_at", log.ended_at);
}

void read_times(const Fields& fields, PilotLog& log) {
    log.submitted_at = fields.known_time("submitted_at");
    log.started_at = fields.known_time("started_at");
    log.validated_at = fields.known_time("validated_at");
    log.connected_at = fields.known_time("connected_at");
    log.first_job_at = fields.known_time("first_job_at");
    log.retired_at = fields.known_time("retired_at");
    log.ended_at = fields.known_time("ended_at");
}

record::Object to_object(const Waste& waste) {
    record::Object object;
    object.set_known("validation_ratio", waste.validation_ratio);
    object.set_known("idle_ratio", waste.idle_ratio);
    object.set_known("nosuccess_ratio", waste.nosuccess_ratio);
    object.set_known("badput_ratio", waste.badput_ratio);
    return object;
}

void read_lists(const Fields& fields, PilotLog& log) {
    for (const auto& item : fields.list("evidence")) {
        log.evidence.push_back({item.text("file"), item.known_count("line").value_or(0),
                                item.text("text"), item.text("cause")});
    }
    for (const auto& item : fields.list("files")) {
        log.files.push_back({item.text("name"), item.count("size_bytes"), item.texts("logs")});
    }
    log.damage = fields.texts("damage");
    if (const auto waste = fields.known_fields("waste")) {
        log.waste.validation_ratio = waste->known_number("validation_ratio");
        log.waste.idle_ratio = waste->known_number("idle_ratio");
        log.waste.nosuccess_ratio = waste->known_number("nosuccess_ratio");
        log.waste.badput_ratio = waste->known_number("badput_ratio");
    }
}

}  // namespace

std::string_view outcome_name(PilotOutcome outcome) noexcept {
    return kOutcomes.at(static_cast<std::size_t>(outcome));
}

std::optional<PilotOutcome> outcome_named(std::string_view name) noexcept {
    const auto* found = std::ranges::find(kOutcomes, name);
    return found == kOutcomes.end()
               ? std::nullopt
               : std::optional{static_cast<PilotOutcome>(found - kOutcomes.begin())};
}

record::Object to_record(const PilotLog& log) {
    auto object = record::new_record("pilot_log");
    object.set_known("pilot", log.pilot);
    object.set_known("entry", log.entry);
    object.set_known("backend_id", log.backend_id);
    object.set_known("batch_id", log.batch_id);
    object.set("outcome", outcome_name(log.outcome));
    object.set_known("cause", log.cause);
    object.set_known("severity", log.severity);
    object.set_known("actor", log.actor);
    object.set_known("advice", log.advice);
    object.set_known("reason", log.reason);
    set_list(object, "evidence", log.evidence, [](const auto& one) { return to_object(one); });
    set_times(object, log);
    object.set_known("exit_code", log.exit_code);
    object.set_known("signal", log.signal);
    object.set_known("hold_code", log.hold_code);
    object.set_known("node", log.node);
    object.set_known("cores", log.cores);
    object.set_known("claims", log.claims);
    object.set_known("jobs_run", log.jobs_run);
    object.set_known("jobs_good", log.jobs_good);
    object.set_known("wall_seconds", log.wall_seconds);
    object.set_known("wasted_core_seconds", log.wasted_core_seconds);
    if (auto waste = to_object(log.waste); !waste.empty()) {
        object.set("waste", std::move(waste));
    }
    set_list(object, "files", log.files, [](const auto& one) { return to_object(one); });
    set_list(object, "damage", log.damage, [](const auto& one) { return one; });
    return object;
}

PilotLog read_pilot_log(record::View record) {
    const Fields fields(record);
    PilotLog log;
    log.pilot = fields.known_text("pilot");
    log.entry = fields.known_text("entry");
    log.backend_id = fields.known_text("backend_id");
    log.batch_id = fields.known_text("batch_id");
    const auto outcome = outcome_named(fields.text("outcome"));
    if (!outcome) {
        fields.reject("outcome", "no outcome has this name");
    }
    log.outcome = *outcome;
    log.cause = fields.known_text("cause");
    log.severity = fields.known_text("severity");
    log.actor = fields.known_text("actor");
    log.advice = fields.known_text("advice");
    log.reason = fields.known_text("reason");
    read_times(fields, log);
    log.exit_code = fields.known_integer("exit_code");
    log.signal = fields.known_integer("signal");
    log.hold_code = fields.known_integer("hold_code");
    log.node = fields.known_text("node");
    log.cores = fields.known_count("cores");
    log.claims = fields.known_count("claims");
    log.jobs_run = fields.known_count("jobs_run");
    log.jobs_good = fields.known_count("jobs_good");
    log.wall_seconds = fields.known_count("wall_seconds");
    log.wasted_core_seconds = fields.known_count("wasted_core_seconds");
    read_lists(fields, log);
    return log;
}

}  // namespace tow::model
