// Why a job matches few entries or none, and why an entry gets no job: each condition with what it
// excludes, in the order in which a person would look at them, and the smallest change that helps.
#pragma once

#include "match/conditions.hpp"
#include "match/ranking.hpp"
#include "model/reason.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace tow::match {

struct Explanation {
    std::int64_t matches = 0;  // entries, or idle jobs
    std::vector<model::Reason> reasons;
};

struct Extent {
    bool only_unmatched = false;  // no reasons for a job that matches an entry
    // Conditions, but never less than the first step has.
    std::size_t most = std::numeric_limits<std::size_t>::max();
};

// Why a job group matches which of many entries.
class Why {
  public:
    // The entries must outlive this.
    Why(const std::vector<model::Entry>& entries, base::Time now) : places_(entries, now) {}

    Explanation about(const model::JobGroup& group, const Extent& extent = {});

    // One for each of these entries.
    std::vector<model::Match> matrix(const model::JobGroup& group);

  private:
    Places places_;
};

// Why an entry gets which of these jobs; counts idle ones.
Explanation why_no_job(const model::Entry& entry, const std::vector<model::JobGroup>& groups,
                       base::Time now, std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace tow::match
