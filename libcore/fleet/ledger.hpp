// What pilots used, per entry and day of UTC. The sums over pilots that ended are kept in the state
// file: the journal adds a pilot to them in the transaction that ends it. Those that live are
// counted when somebody asks.
#pragma once

#include "base/clock.hpp"
#include "fleet/journal.hpp"
#include "model/history.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace tow::fleet {

constexpr std::chrono::days kLedgerDays{62};  // today and those before it that usage() tells of

struct DayUse {
    base::Time day;
    std::int64_t pilots = 0;  // 1 on the day of its start
    std::int64_t core_seconds = 0;

    friend bool operator==(const DayUse&, const DayUse&) = default;
};

// What one pilot used from its start to its end, or to now; oldest day first. Empty if it has not
// started. Of one that says it ran longer than a year, the last year counts; one that was lost did
// not run beyond its wall time.
std::vector<DayUse> use_of(const Row& row, base::Time now);

// What it may use from now on: until the end of its wall time; its start, if that is to come.
// Nothing for one that has ended; no core seconds if its wall time is not known.
DayUse committed_use(const Row& row, base::Time now);

class Ledger {
  public:
    explicit Ledger(const store::Database& database) : database_(database) {}

    // For the journal, inside its transaction: the use of a pilot that has ended.
    void add(const Row& ended) const { add(ended, 1); }
    void take_back(const Row& ended) const { add(ended, -1); }

    // One record for each entry with any use, in order of name.
    std::vector<model::Usage> usage(std::span<const Row> living, base::Time now) const;

  private:
    void add(const Row& ended, std::int64_t sign) const;

    const store::Database& database_;
};

}  // namespace tow::fleet
