// What operators set aside policy for, kept in the state file with its history. The values of an
// override may end one by one: a later one for the same entries replaces those it names itself.
#pragma once

#include "base/clock.hpp"
#include "model/history.hpp"
#include "record/value.hpp"
#include "store/database.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tow::fleet {

struct KeptOverride {
    model::Override override;
    std::optional<base::Time> lifted_at;     // ended before its time
    std::optional<std::string> lifted_by;    // by whom
    std::optional<std::string> replaced_by;  // the override that did so
};

record::Object to_record(const KeptOverride& kept);

// {"max_pilots": 4, "state": "draining"} of "max_pilots=4" and "state=draining". Error{Usage} for
// what cannot be overridden, a key that stands twice, and none at all.
record::Object override_values(const std::vector<std::string>& assignments);

// What is wrong with a pattern of names of entries; empty: nothing.
std::string_view pattern_problem(std::string_view pattern) noexcept;

class Overrides {
  public:
    static constexpr std::chrono::days kForgottenAfter{90};

    explicit Overrides(const store::Database& database) : database_(database) {}

    // The values of this pattern that are set anew are lifted, in the name of its author.
    void set(const model::Override& override, base::Time now) const;

    // Those in force that have such an id, or were set for exactly such a pattern. Error{NotFound}
    // if one of these names none.
    std::vector<KeptOverride> named(const std::vector<std::string>& names, base::Time now) const;

    // Lifts the same, and returns them.
    std::vector<KeptOverride> lift(const std::vector<std::string>& names, const std::string& by,
                                   base::Time now) const;

    std::vector<KeptOverride> in_force(base::Time now) const;  // oldest first
    std::vector<KeptOverride> all() const;                     // oldest first

    // Drops the history that is old.
    void forget(base::Time now) const;

  private:
    const store::Database& database_;
};

}  // namespace tow::fleet
