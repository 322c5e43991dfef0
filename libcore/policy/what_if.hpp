// "What if": one number of the policy or of the entries set to another value.
#pragma once

#include "plan/situation.hpp"
#include "policy/policy.hpp"

#include <string_view>

namespace tow::policy {

// text is KEY=VALUE. KEY is
//   max_pilots, max_pending, max_submit, ...  over all entries
//   CAP.max_pilots, ...                       of the cap of that name
//   PATTERN.max_pilots, state, tier, ...      of entries, whatever can be overridden
//   PATTERN.per_core_hour, performance        the price of entries
// Error{Usage} if that is nothing of this situation.
void suppose(std::string_view text, Policy& policy, plan::Situation& situation);

// A limit over all entries, in place of one that stands there already.
void limit_all(Policy& policy, plan::Scope scope, std::string_view name, std::int64_t amount);

}  // namespace tow::policy
