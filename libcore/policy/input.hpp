// The stream that a decision is made from: what of it counts, and what it says of itself.
#pragma once

#include "plan/situation.hpp"
#include "policy/recipe.hpp"
#include "record/reader.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tow::policy {

struct Input {
    plan::Situation situation;
    std::string digest;                    // of everything that the decision depends on
    std::vector<model::Request> requests;  // of a decision that was made from this stream before
    std::optional<base::Time> decided_at;  // when that was
    std::optional<Recipe> recipe;          // the policy it was made with

    // By their logs these pilots failed, whatever exit code their batch system saw.
    std::set<std::string> failed;

    // Takes the record in. False if it is part of the old decision, which a new one replaces: its
    // requests, and what it left to the next one (memory under the same plan). Error{Data} with the
    // place.
    bool take(const record::RecordReader& reader);

    // After the last record: logs may stand before or behind the pilots that they are of.
    void settle();
};

// The requests of a saved decision. Error{NotFound}, Error{Data} and the like.
std::vector<model::Request> requests_in(const std::string& file);

}  // namespace tow::policy
