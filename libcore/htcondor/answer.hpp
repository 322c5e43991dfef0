// How HTCondor's commands answer: what their failures mean, and ads as JSON.
#pragma once

#include "base/error.hpp"
#include "base/process.hpp"
#include "record/view.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace tow::htcondor {

// Error{Permission} if HTCondor says that it does not know or trust us, Error{Unavailable}
// otherwise.
base::Error failure(std::string_view command, const base::ExitStatus& status,
                    std::string_view complaint);

// Each ad that a command printed with -json. Nothing at all is no ads: condor_q and condor_status
// print nothing then. Error{Data} if it is no array of objects.
void each_ad(std::string_view json, const std::function<void(record::View ad)>& visit);

// What a HoldReasonCode stands for, from condor_holdcodes.h; empty for a number we do not know.
std::string_view hold_meaning(std::int64_t code) noexcept;

}  // namespace tow::htcondor
