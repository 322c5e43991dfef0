// A policy applied to a situation: every pattern, expression, rule and override becomes a number.
#pragma once

#include "base/clock.hpp"
#include "plan/situation.hpp"
#include "plan/terms.hpp"
#include "policy/policy.hpp"

namespace tow::policy {

// Rules come first, then what an operator overrides. An override that has ended is left out. The
// entries of a set reach the same resource: the largest limit of one of them holds for all of them
// together. Error{Config} with file and line for a selector that names an entry that is not there,
// and for an entry in two spills.
plan::Terms resolve(const Policy& policy, const plan::Situation& situation, base::Time now);

}  // namespace tow::policy
