// Why a job matches few entries or none, and why an entry gets no job: each condition with what it
// excludes, in the order in which a person would look at them, and the smallest change that helps.
#pragma once

#include "match/conditions.hpp"
#include "match/ranking.hpp"
#include "model/reason.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tow::match {

struct Verdict {
    std::int64_t matches = 0;  // entries, or idle jobs
    std::vector<model::Reason> reasons;
};

// Why a job group matches which of many entries.
class Why {
  public:
    // The entries must outlive this.
    Why(const std::vector<model::Entry>& entries, base::Time now) : places_(entries, now) {}

    // The reasons are left out if the job matches an entry and only_unmatched is set.
    Verdict about(const model::JobGroup& group, bool only_unmatched);

    // One for each of these entries.
    std::vector<model::Match> matrix(const model::JobGroup& group);

  private:
    Places places_;
};

// Why an entry gets which of these jobs; counts idle ones.
Verdict why_no_job(const model::Entry& entry, const std::vector<model::JobGroup>& groups,
                   base::Time now);

}  // namespace tow::match
