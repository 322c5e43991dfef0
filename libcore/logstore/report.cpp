#include "logstore/report.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

namespace tow::logstore {

namespace {

constexpr std::size_t kCausesShown = 5;

void set_text(record::Object& object, std::string_view key, std::string_view text) {
    if (!text.empty()) {
        object.set(key, base::repair_utf8(text));
    }
}

record::Object to_object(const LogStore::Cause& cause) {
    record::Object object{{"cause", cause.cause}, {"pilots", cause.pilots}};
    set_text(object, "reason", cause.reason);
    return object;
}

}  // namespace

std::vector<record::Object> summaries(const LogStore& store, const Query& query,
                                      const std::string& by) {
    std::map<std::string, record::Array> causes;
    for (const auto& cause : store.causes(query, by)) {
        auto& list = causes[cause.group];
        if (list.size() < kCausesShown) {
            list.emplace_back(to_object(cause));
        }
    }
    std::vector<record::Object> records;
    for (const auto& sum : store.sums(query, by)) {
        auto object = record::new_record("pilot_summary");
        object.set("by", by);
        object.set("group", sum.group);
        object.set("pilots", sum.pilots);
        object.set("good", sum.good);
        object.set("success_ratio",
                   static_cast<double>(sum.good) / static_cast<double>(sum.pilots));
        object.set("wall_seconds", sum.wall_seconds);
        object.set("core_seconds", sum.core_seconds);
        if (sum.known_core_seconds > 0) {
            object.set("wasted_core_seconds", sum.wasted_core_seconds);
            object.set("waste_ratio", static_cast<double>(sum.wasted_core_seconds) /
                                          static_cast<double>(sum.known_core_seconds));
        }
        object.set("jobs_run", sum.jobs);
        if (sum.last_at) {
            object.set("last_at", base::format_time(*sum.last_at));
        }
        if (const auto found = causes.find(sum.group); found != causes.end()) {
            object.set("causes", found->second);
        }
        records.push_back(std::move(object));
    }
    return records;
}

std::vector<record::Object> timeline(const model::PilotLog& log) {
    const std::vector<std::pair<std::string_view, std::optional<base::Time>>> steps{
        {"queued", log.submitted_at},    {"started", log.started_at},
        {"validated", log.validated_at}, {"connected", log.connected_at},
        {"first_job", log.first_job_at}, {"retired", log.retired_at},
        {"ended", log.ended_at}};
    std::vector<record::Object> records;
    std::optional<base::Time> last;
    for (const auto& [step, at] : steps) {
        if (!at) {
            continue;
        }
        auto object = record::new_record("pilot_step");
        object.set_known("pilot", log.pilot);
        object.set("step", step);
        object.set("at", base::format_time(*at));
        if (last) {
            object.set("after_seconds", std::int64_t{(*at - *last).count()});
        }
        if (step == "ended") {
            object.set("outcome", model::outcome_name(log.outcome));
            object.set_known("cause", log.cause);
            object.set_known("reason", log.reason);
        }
        last = at;
        records.push_back(std::move(object));
    }
    return records;
}

record::Object to_record(const pilotlog::JobEvent& event) {
    auto object = record::new_record("job_event");
    object.set("number", event.number);
    set_text(object, "event", pilotlog::event_name(event.number));
    if (event.cluster >= 0) {
        object.set("job", fmt::format("{}.{}", event.cluster, event.proc));
    }
    object.set("at", base::format_time(event.at));
    set_text(object, "host", event.host);
    set_text(object, "slot", event.slot);
    set_text(object, "reason", event.reason);
    set_text(object, "grid_resource", event.grid_resource);
    set_text(object, "grid_job_id", event.grid_job_id);
    object.set_known("exit_code", event.exit_code);
    object.set_known("signal", event.signal);
    object.set_known("code", event.code);
    object.set_known("subcode", event.subcode);
    set_text(object, "message", event.message);
    if (!event.attributes.empty()) {
        record::Object attributes;
        for (const auto& [name, value] : event.attributes) {
            attributes.set(base::repair_utf8(name), base::repair_utf8(value));
        }
        object.set("attributes", std::move(attributes));
    }
    return object;
}

record::Object to_record(const Match& match) {
    const record::Document document(match.pilot.record);
    const auto log = model::read_pilot_log(document.root());
    auto object = record::new_record("pilot_match");
    object.set_known("pilot", log.pilot);
    object.set_known("backend_id", log.backend_id);
    object.set_known("entry", log.entry);
    object.set("outcome", model::outcome_name(log.outcome));
    if (log.ended_at) {
        object.set("ended_at", base::format_time(*log.ended_at));
    }
    object.set("file", match.file);
    object.set("line", match.line);
    object.set("text", match.text);
    return object;
}

std::string log_names(const model::PilotLog& log) {
    std::vector<std::string> names;
    for (const auto& file : log.files) {
        names.push_back(file.name);
        names.insert(names.end(), file.logs.begin(), file.logs.end());
    }
    return names.empty() ? "none" : base::join(names, ", ");
}

std::vector<record::Object> causes_of(const pilotlog::Taxonomy& taxonomy) {
    std::vector<record::Object> records;
    for (const auto& rule : taxonomy.rules()) {
        auto object = record::new_record("pilot_cause");
        object.set("cause", rule.name);
        if (rule.outcome) {
            object.set("outcome", model::outcome_name(*rule.outcome));
        }
        object.set("severity", rule.severity);
        object.set("actor", rule.actor);
        set_text(object, "advice", rule.advice);
        records.push_back(std::move(object));
    }
    return records;
}

}  // namespace tow::logstore
