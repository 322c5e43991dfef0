// The smallest change to a job that would make it match: found by looking at what entries offer,
// and told only after the changed job has been evaluated.
#pragma once

#include "match/conditions.hpp"
#include "match/ranking.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tow::match {

struct Edit {
    model::Change told;
    std::string text;  // for people: "RequestMemory 16 GiB -> 8 GiB"

    std::string attribute;           // of the job; empty: a clause of its requirements
    classad::ExprPtr value;          // of the attribute, or what replaces the clause
    const Amount* amount = nullptr;  // what the job asks for changes too
    std::int64_t asked = 0;
};

// The job after the edits.
Job edited(const Job& job, const std::vector<Edit>& edits);

// How many entries match. Evaluates every condition.
std::int64_t count_matches(Places& places, const Job& job);

struct Suggestion {
    std::vector<Edit> edits;
    std::int64_t matches = 0;  // entries, counted with the edited job
};

// For a step of the ranking of these conditions, whose rows are entries. Nothing if no such change
// is known, or if it does not make more than `passing` entries match.
std::optional<Suggestion> suggest(Places& places, const Job& job,
                                  const std::vector<Condition>& conditions, const Step& step,
                                  std::int64_t passing);

}  // namespace tow::match
