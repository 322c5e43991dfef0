// What decisions leave to the next one, kept in the state file: the newest memory record of each
// entry, as it was written, so that fields of a newer planner survive.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"
#include "store/database.hpp"

#include <chrono>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace tow::fleet {

class Memories {
  public:
    static constexpr std::chrono::days kForgottenAfter{30};

    explicit Memories(const store::Database& database) : database_(database) {}

    // Keeps each of these memory records, unless what is kept of its entry is of a newer decision;
    // one that says it was taken after now, when a clock was wrong, does not count as newer.
    void keep(std::span<const record::Object> memories, base::Time now) const;

    // Of these entries, in order of name.
    std::vector<record::Object> of(const std::set<std::string>& entries) const;

    // Drops what is old, but not of these entries.
    void forget_others(const std::set<std::string>& entries, base::Time now) const;

  private:
    const store::Database& database_;
};

}  // namespace tow::fleet
