#include "model/check.hpp"

#include "model/fields.hpp"

#include <algorithm>
#include <array>

namespace tow::model {

namespace {

constexpr std::array<std::string_view, 4> kStates{"ok", "warning", "critical", "unknown"};
constexpr std::array<int, 4> kSeverity{0, 2, 3, 1};  // in the order of CheckState

int severity(CheckState state) {
    return kSeverity[static_cast<std::size_t>(state)];
}

void set_time(record::Object& object, std::string_view key, const std::optional<base::Time>& time) {
    if (time) {
        object.set(key, base::format_time(*time));
    }
}

}  // namespace

std::string_view check_state_name(CheckState state) noexcept {
    return kStates[static_cast<std::size_t>(state)];
}

CheckState worse(CheckState a, CheckState b) noexcept {
    return severity(a) >= severity(b) ? a : b;
}

Check read_check(record::View record) {
    const Fields fields(record);
    Check check;
    check.check = fields.text("check");
    check.target = fields.text("target");
    check.server = fields.known_text("server");
    check.proxy = fields.known_text("proxy");
    const auto state = std::ranges::find(kStates, fields.text("state"));
    if (state == kStates.end()) {
        fields.reject("state", "expected ok, warning, critical or unknown");
    }
    check.state = static_cast<CheckState>(state - kStates.begin());
    check.reason = fields.known_text("reason");
    check.message = fields.text("message");
    check.value = fields.known_number("value");
    check.unit = fields.known_text("unit");
    check.since = fields.known_time("since_at");
    check.advice = fields.known_text("advice");
    check.evidence = fields.object("evidence");
    check.observed_at = fields.known_time("observed_at");
    return check;
}

record::Object to_record(const Check& check) {
    auto result = record::new_record("check");
    result.set("check", check.check);
    result.set("target", check.target);
    result.set_known("server", check.server);
    result.set_known("proxy", check.proxy);
    result.set("state", check_state_name(check.state));
    result.set_known("reason", check.reason);
    result.set("message", check.message);
    result.set_known("value", check.value);
    result.set_known("unit", check.unit);
    set_time(result, "since_at", check.since);
    result.set_known("advice", check.advice);
    if (!check.evidence.empty()) {
        result.set("evidence", check.evidence);
    }
    set_time(result, "observed_at", check.observed_at);
    return result;
}

}  // namespace tow::model
