// Names of entries that are made of what others call their resources.
#pragma once

#include <string>
#include <string_view>

namespace tow::source {

// The text as an entry may be called: what a name may not hold becomes '_', and it is cut where it
// gets too long; then a hash of the whole text tells it from others that are cut alike.
std::string entry_name(std::string_view text);

}  // namespace tow::source
