// The figures of a situation, by name: what facts and rules may speak of.
#pragma once

#include "base/clock.hpp"
#include "classad/ad.hpp"
#include "plan/situation.hpp"

#include <string>
#include <vector>

namespace tow::policy {

const std::vector<std::string>& figure_names();

// A figure that is not known, because nothing in the situation tells it, is left out.
classad::Ad figures_of(const plan::Situation& situation, base::Time now);

// Midnight UTC of its first day.
base::Time start_of_month(base::Time now);

}  // namespace tow::policy
