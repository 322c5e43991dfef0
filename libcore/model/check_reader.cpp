// Apart from what writes checks, which tow-cvmfs-node holds without a reader of JSON.
#include "model/check.hpp"
#include "model/fields.hpp"

#include <algorithm>
#include <array>

namespace tow::model {

namespace {

constexpr std::array kStates{CheckState::Ok, CheckState::Warning, CheckState::Critical,
                             CheckState::Unknown};

}  // namespace

Check read_check(record::View record) {
    const Fields fields(record);
    Check check;
    check.check = fields.text("check");
    check.target = fields.text("target");
    check.server = fields.known_text("server");
    check.proxy = fields.known_text("proxy");
    const auto* state = std::ranges::find(kStates, fields.text("state"), check_state_name);
    if (state == kStates.end()) {
        fields.reject("state", "expected ok, warning, critical or unknown");
    }
    check.state = *state;
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

}  // namespace tow::model
