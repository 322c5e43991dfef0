// Values of ads that are read, not matched: what an attribute evaluates to in its own ad.
#pragma once

#include "base/clock.hpp"
#include "classad/ad.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tow::source {

class AdValues {
  public:
    AdValues(const classad::Ad& ad, base::Time now) : ad_(ad), now_(now) {}

    // Nothing where there is no such attribute, or where it is of another type. A text that holds
    // just a number or a boolean counts as one: GlideinWMS writes those.
    std::optional<std::string> text(std::string_view name) const;
    std::optional<double> number(std::string_view name) const;
    std::optional<std::int64_t> count(std::string_view name) const;  // at least 0
    std::optional<bool> boolean(std::string_view name) const;

  private:
    const classad::Ad& ad_;
    base::Time now_;
};

}  // namespace tow::source
