// The schedds of an HTCondor pool, as its collector knows them, and which of them are too busy to
// start further jobs.
#pragma once

#include "base/clock.hpp"
#include "source/query.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace tow::source {

// Filled while sources are asked; it is complete when their records are handed over.
class ScheddStates {
  public:
    // Why the schedd starts no more jobs: "curbed" (it says so itself), "running_limit" or
    // "transfer_limit" (it is within 5 % of it). Nothing if it does, or if nobody knows.
    std::optional<std::string> why_busy(const std::string& schedd) const;

    std::vector<std::string> names() const;  // of all schedds, sorted

    void add(const std::string& schedd, std::optional<std::string> why_busy);

  private:
    std::map<std::string, std::optional<std::string>> schedds_;
};

// Asks the collector, the one of the configuration if none is given. It has no records.
std::unique_ptr<Query> make_schedds_query(const std::optional<std::string>& pool, base::Time now,
                                          std::shared_ptr<ScheddStates> states);

}  // namespace tow::source
