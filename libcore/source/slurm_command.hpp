// What the commands of Slurm have in common.
#pragma once

#include "source/query.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tow::source::slurm {

// For a base::Child: nothing that the user prefers to see changes what is printed, times are
// seconds since 1970, and lists of array tasks are whole.
std::vector<std::string> environment();

// What decides which Slurm answers.
std::string environment_identity();

// Error{Permission} or Error{Unavailable}, with its complaint, if the command failed.
void check(std::string_view command, const Answer& answer);

// Whether a command complains that it cannot print JSON: it is too old, or built without.
bool has_no_json(std::string_view complaint);

}  // namespace tow::source::slurm
