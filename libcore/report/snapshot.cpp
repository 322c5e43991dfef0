#include "report/snapshot.hpp"

#include "model/fields.hpp"

#include <algorithm>
#include <cmath>

namespace tow::report {

namespace {

constexpr std::int64_t kMost = 1'000'000'000'000;

Outcome read_outcome(record::View record, bool is_removal) {
    const model::Fields fields(record);
    Outcome outcome;
    outcome.is_removal = is_removal;
    outcome.entry = fields.text("entry");
    outcome.asked = bounded(fields.known_count("asked").value_or(0));
    outcome.done = bounded(fields.known_count(is_removal ? "removed" : "sent").value_or(0));
    if (const auto error = fields.known_fields("error")) {
        outcome.error = error->known_text("message").value_or("failed");
    }
    return outcome;
}

}  // namespace

std::int64_t bounded(std::int64_t count) noexcept {
    return std::clamp(count, -kMost, kMost);
}

double bounded(double amount) noexcept {
    return std::isfinite(amount) ? std::clamp(amount, -1e15, 1e15) : 0;
}

PipelineRun read_run(record::View record) {
    const model::Fields fields(record);
    PipelineRun run;
    run.name = fields.text("name");
    const auto state = model::run_state(fields.text("state"));
    if (!state) {
        fields.reject("state", "expected running, done, failed, timeout, interrupted or killed");
    }
    run.state = *state;
    run.exit_code = fields.known_integer("exit_code");
    run.failures = bounded(fields.known_count("failures").value_or(0));
    run.seconds = fields.known_number("seconds");
    const auto started = fields.known_time("started_at");
    if (!started) {
        fields.reject("started_at", "is missing");
    }
    run.started_at = *started;
    run.last_success_at = fields.known_time("last_success_at");
    return run;
}

void Snapshot::take_work(record::View record) {
    const model::Fields fields(record);
    ++work.groups;
    work.idle += bounded(fields.known_count("idle_jobs").value_or(0));
    work.running += bounded(fields.known_count("running_jobs").value_or(0));
    work.held += bounded(fields.known_count("held_jobs").value_or(0));
    const auto stale = record.find("stale").value().boolean();
    work.stale_groups += stale && *stale ? 1 : 0;
}

void Snapshot::take_run(PipelineRun run) {
    const auto known = std::ranges::find(runs, run.name, &PipelineRun::name);
    if (known == runs.end()) {
        runs.push_back(std::move(run));
    } else if (known->started_at <= run.started_at) {
        *known = std::move(run);
    }
}

void Snapshot::take(const record::RecordReader& reader) {
    const auto type = reader.type();
    const auto at = reader.as([](record::View view) { return view.find("observed_at").string(); });
    if (const auto observed = at ? base::parse_rfc3339(*at) : std::nullopt) {
        observed_until = std::max(observed_until.value_or(*observed), *observed);
    }
    if (type == "job_group") {
        reader.as([this](record::View view) { take_work(view); });
    } else if (type == "submission" || type == "removal") {
        outcomes.push_back(
            reader.as([&](record::View view) { return read_outcome(view, type == "removal"); }));
    } else if (type == "check") {
        checks.push_back(reader.as(model::read_check));
    } else if (type == "run") {
        take_run(reader.as(read_run));
    } else if (type == "memory") {
        memories.push_back(reader.as(model::read_memory));
    } else if (type == "request" && !input.requests.empty() &&
               reader.as(model::read_request).plan != input.requests.front().plan) {
        input.requests.clear();  // a later decision follows in the same stream
        input.take(reader);
    } else {
        input.take(reader);
    }
}

std::optional<base::Time> Snapshot::time() const {
    return input.decided_at ? input.decided_at : observed_until;
}

}  // namespace tow::report
