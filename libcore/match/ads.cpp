#include "match/ads.hpp"

#include <algorithm>

namespace tow::match {

std::vector<const classad::Ad*> pointers_to(const std::vector<classad::Ad>& ads) {
    std::vector<const classad::Ad*> result(ads.size());
    std::ranges::transform(ads, result.begin(), [](const auto& ad) { return &ad; });
    return result;
}

}  // namespace tow::match
