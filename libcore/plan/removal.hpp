// Which pilots go back: surplus, and only what has been surplus for long enough, seen without a
// gap, and within what policy allows.
#pragma once

#include "model/decision.hpp"
#include "plan/outlook.hpp"

#include <cstdint>

namespace tow::plan {

// used_pending: pending pilots that jobs wait for. Sets what the request takes back, adds the
// reasons, and keeps in outlook.next for how long there has been surplus. A request that sends
// takes nothing back.
void decide_removal(Outlook& outlook, std::int64_t used_pending, model::Request& request,
                    base::Time now);

}  // namespace tow::plan
