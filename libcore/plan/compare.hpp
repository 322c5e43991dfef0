// Two decisions side by side, and one laid out step by step.
#pragma once

#include "model/decision.hpp"
#include "record/value.hpp"

#include <vector>

namespace tow::plan {

// plan_change records: one for each entry at which the requests differ, in order of name. An entry
// that one side does not have counts as nothing sent and nothing taken back there.
std::vector<record::Object> changes(const std::vector<model::Request>& before,
                                    const std::vector<model::Request>& after);

// explanation records: one for each step of the request.
std::vector<record::Object> explanations(const model::Request& request);

}  // namespace tow::plan
