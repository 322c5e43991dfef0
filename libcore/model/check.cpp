#include "model/check.hpp"

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
