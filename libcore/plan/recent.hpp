// What became of the pilots of an entry lately, from its pilot records.
#pragma once

#include "base/clock.hpp"
#include "model/pilots.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tow::plan {

struct Outcomes {
    std::int64_t started = 0;  // in the window; good + bad + too young to tell
    std::int64_t good = 0;     // lived at least as long as a short life, and have not failed
    std::int64_t bad = 0;      // failed, or ended after a short life
    std::int64_t brief = 0;    // ended after a short life, failed or not
};

// Of the pilots that started in the window from `from` on.
Outcomes outcomes(const std::vector<const model::Pilot*>& pilots, base::Time from, base::Time now,
                  std::chrono::seconds short_life);

// Pilots that came to an end as pilots do, Lost ones not, after this time.
std::int64_t ended_since(const std::vector<const model::Pilot*>& pilots, base::Time since);
std::int64_t lost_since(const std::vector<const model::Pilot*>& pilots, base::Time since);

using PilotsByEntry = std::map<std::string, std::vector<const model::Pilot*>, std::less<>>;
PilotsByEntry by_entry(const std::vector<model::Pilot>& pilots);

// The lower end of the 95 % confidence interval of a share of which `hits` of `sample` were seen
// (Wilson's score interval); 0 without a sample.
double lower_bound_of_share(std::int64_t hits, std::int64_t sample);

}  // namespace tow::plan
