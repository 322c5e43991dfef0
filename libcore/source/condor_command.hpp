// What the commands of HTCondor have in common.
#pragma once

#include "source/query.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::source {

// condor_status of this pool, of the configuration's if none is given.
std::vector<std::string> condor_status(const std::optional<std::string>& pool);

// What decides which collector answers.
std::string condor_identity(const std::optional<std::string>& pool);

// Error{Permission} or Error{Unavailable}, with its complaint, if the command failed.
void check_condor(std::string_view command, const Answer& answer);

}  // namespace tow::source
