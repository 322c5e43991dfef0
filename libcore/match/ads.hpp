// The ads of both sides, as the column engine takes them.
#pragma once

#include "classad/ad.hpp"
#include "model/ads.hpp"

#include <vector>

namespace tow::match {

using model::entry_ad;
using model::Expressions;
using model::job_ad;

// The ads must stay where they are.
std::vector<const classad::Ad*> pointers_to(const std::vector<classad::Ad>& ads);

}  // namespace tow::match
