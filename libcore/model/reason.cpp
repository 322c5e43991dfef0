#include "model/reason.hpp"

#include <array>

namespace tow::model {

namespace {

constexpr std::array<std::string_view, 4> kSides{"job", "entry", "shape", "state"};
constexpr std::array<std::string_view, 4> kStates{"ok", "stuck", "unknown", "not_reached"};

record::Array to_array(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

record::Array to_array(const std::vector<Change>& changes) {
    record::Array array;
    for (const auto& change : changes) {
        array.emplace_back(
            record::Object{{"what", change.what}, {"from", change.from}, {"to", change.to}});
    }
    return array;
}

void set_clause(record::Object& result, const Reason& reason) {
    result.set("order", *reason.order);
    result.set("side", side_name(*reason.side));
    result.set("clause", reason.clause);
    result.set("passes", reason.passes);
    result.set("of", reason.of);
    if (reason.undefined > 0) {
        result.set("undefined", reason.undefined);
    }
    if (reason.errors > 0) {
        result.set("errors", reason.errors);
    }
    result.set("gains", reason.gains);
    if (!reason.together.empty()) {
        result.set("together", record::Array(reason.together.begin(), reason.together.end()));
    }
    if (!reason.missing.empty()) {
        result.set("missing", to_array(reason.missing));
    }
    if (!reason.changes.empty()) {
        result.set("changes", to_array(reason.changes));
    }
    result.set_known("would_match", reason.would_match);
    result.set_known("would_match_if", reason.would_match_if);
}

}  // namespace

std::string_view side_name(Side side) noexcept {
    return kSides[static_cast<std::size_t>(side)];
}

record::Object to_record(const Reason& reason) {
    auto result = record::new_record("reason");
    result.set_known("job", reason.job);
    result.set_known("entry", reason.entry);
    result.set("idle_jobs", reason.idle_jobs);
    result.set("matches", reason.matches);
    if (reason.order) {
        set_clause(result, reason);
    } else {
        result.set("passes", reason.passes);
        result.set("of", reason.of);
    }
    return result;
}

record::Object to_record(const Rung& rung) {
    auto result = record::new_record("rung");
    result.set("entry", rung.entry);
    result.set("rung", rung.rung);
    result.set("state", kStates[static_cast<std::size_t>(rung.state)]);
    result.set_known("idle_jobs", rung.idle_jobs);
    result.set_known("pilots", rung.pilots);
    result.set("why", rung.why);
    return result;
}

record::Object to_record(const Match& match) {
    auto result = record::new_record("match");
    result.set("job", match.job);
    result.set("entry", match.entry);
    result.set("idle_jobs", match.idle_jobs);
    result.set("matches", match.matches);
    result.set("excluded_by", to_array(match.excluded_by));
    return result;
}

}  // namespace tow::model
