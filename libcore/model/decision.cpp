#include "model/decision.hpp"

#include "base/ulid.hpp"
#include "base/utf8.hpp"
#include "model/entry.hpp"
#include "model/fields.hpp"

#include <algorithm>
#include <array>

namespace tow::model {

namespace {

constexpr std::array<std::string_view, 5> kRemove{"none", "unsubmitted", "pending", "idle", "all"};
constexpr std::array<std::string_view, 4> kScopes{"jobs", "entries", "pilots", "slots"};

std::string read_ulid(const Fields& fields, std::string_view key) {
    auto text = fields.text(key);
    if (!base::is_ulid(text)) {
        fields.reject(key, fmt::format("expected a ULID, got \"{}\"", base::printable(text)));
    }
    return text;
}

std::int64_t read_pilots(const Fields& fields, std::string_view key) {
    constexpr std::int64_t kMost = 1'000'000;
    const auto pilots = fields.known_count(key).value_or(0);
    if (pilots > kMost) {
        fields.reject(key, fmt::format("more than {} pilots in one request", kMost));
    }
    return pilots;
}

record::Array to_array(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

// The fields that submission and removal share, around the one that counts what was done.
record::Object outcome_record(std::string_view type, std::string_view done,
                              const Outcome& outcome) {
    auto result = record::new_record(type);
    result.set("request", outcome.request);
    result.set("entry", outcome.entry);
    result.set("asked", outcome.asked);
    result.set(done, outcome.done);
    result.set("pilots", to_array(outcome.pilots));
    if (!outcome.backend_ids.empty()) {
        result.set("backend_ids", to_array(outcome.backend_ids));
    }
    if (outcome.error) {
        result.set("error", to_object(*outcome.error));
    }
    if (outcome.dry_run) {
        result.set("dry_run", true);
    }
    return result;
}

}  // namespace

std::string_view remove_name(RemoveWhat what) noexcept {
    return kRemove[static_cast<std::size_t>(what)];
}

std::optional<RemoveWhat> remove_what(std::string_view name) noexcept {
    const auto* found = std::ranges::find(kRemove, name);
    return found == kRemove.end() ? std::nullopt
                                  : std::optional{static_cast<RemoveWhat>(found - kRemove.begin())};
}

Request read_request(record::View record) {
    const Fields fields(record);
    Request request;
    request.id = read_ulid(fields, "request");
    request.plan = read_ulid(fields, "plan");
    request.entry = fields.text("entry");
    if (const auto problem = name_problem(request.entry); !problem.empty()) {
        fields.reject("entry", fmt::format("the name {}", problem));
    }
    request.group = fields.known_text("group");
    request.submit = read_pilots(fields, "submit");
    request.remove = read_pilots(fields, "remove");
    const auto what = remove_what(fields.known_text("remove_what").value_or("none"));
    if (!what) {
        fields.reject("remove_what", "expected one of none, unsubmitted, pending, idle, all");
    }
    request.what = *what;
    request.walltime = fields.known_seconds("walltime_seconds");
    for (const auto& step : fields.list("because")) {
        request.because.push_back({step.text("step"), step.known_count("value").value_or(0),
                                   step.known_text("why").value_or("")});
    }
    request.valid_until = fields.known_time("valid_until");
    return request;
}

record::Object to_record(const Request& request) {
    auto result = record::new_record("request");
    result.set("request", request.id);
    result.set("plan", request.plan);
    result.set("entry", request.entry);
    result.set_known("group", request.group);
    result.set("submit", request.submit);
    result.set("remove", request.remove);
    result.set("remove_what", remove_name(request.what));
    if (request.walltime) {
        result.set("walltime_seconds", std::int64_t{request.walltime->count()});
    }
    record::Array because;
    for (const auto& step : request.because) {
        because.emplace_back(
            record::Object{{"step", step.step}, {"value", step.value}, {"why", step.why}});
    }
    result.set("because", std::move(because));
    if (request.valid_until) {
        result.set("valid_until", base::format_time(*request.valid_until));
    }
    return result;
}

record::Object to_submission(const Outcome& outcome) {
    return outcome_record("submission", "sent", outcome);
}

record::Object to_removal(const Outcome& outcome) {
    return outcome_record("removal", "removed", outcome);
}

Gap read_gap(record::View record) {
    const Fields fields(record);
    Gap gap;
    gap.scope = fields.text("scope");
    if (std::ranges::find(kScopes, gap.scope) == kScopes.end()) {
        fields.reject("scope", "expected one of jobs, entries, pilots, slots");
    }
    gap.source = fields.known_text("source").value_or("");
    gap.entries = fields.texts("entries");
    if (const auto error = fields.known_fields("error")) {
        gap.error_kind = error->known_text("kind").value_or("");
        gap.message = error->known_text("message").value_or("");
    }
    gap.observed_at = fields.known_time("observed_at");
    return gap;
}

Gap make_gap(std::string_view scope, std::string_view source, const base::Error& error,
             base::Time now) {
    return {std::string(scope),
            std::string(source),
            {},
            std::string(base::kind_name(error.kind())),
            error.what(),
            now,
            error.hint()};
}

base::Error to_error(const Gap& gap) {
    return {base::kind_named(gap.error_kind).value_or(base::Kind::Unavailable),
            fmt::format("{}: {}", gap.source, gap.message), gap.hint};
}

record::Object to_record(const Gap& gap) {
    auto result = record::new_record("gap");
    result.set("scope", gap.scope);
    result.set("source", gap.source);
    if (!gap.entries.empty()) {
        result.set("entries", to_array(gap.entries));
    }
    result.set("error", record::Object{{"kind", gap.error_kind}, {"message", gap.message}});
    if (gap.observed_at) {
        result.set("observed_at", base::format_time(*gap.observed_at));
    }
    return result;
}

record::Object to_object(const base::Error& error) {
    return {{"kind", base::kind_name(error.kind())}, {"message", error.what()}};
}

}  // namespace tow::model
