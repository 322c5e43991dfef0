// What a policy is made of: the text of its file, and the options that add to it. A decision keeps
// it in a policy record, so that the stream can be decided anew anywhere, with nothing else at
// hand.
#pragma once

#include "model/decision.hpp"
#include "policy/policy.hpp"
#include "record/value.hpp"
#include "record/view.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace tow::policy {

struct Recipe {
    std::string file;  // its name, for messages; empty: there is none
    std::string yaml;
    std::string style = "own";               // or gwms
    std::optional<std::int64_t> max_pilots;  // over all entries, and so on
    std::optional<std::int64_t> max_pending;
    std::optional<std::int64_t> max_submit;
    std::int64_t max_remove = 10;  // per entry, where neither policy nor entry say more
    model::RemoveWhat remove = model::RemoveWhat::None;
    std::chrono::seconds max_age{900};
    std::chrono::seconds valid_for{600};
};

// Error{Data} for a record that is none.
Recipe read_recipe(record::View record);
record::Object to_record(const Recipe& recipe, const std::string& plan);

// Error{Config} as read_policy().
Policy make_policy(const Recipe& recipe);

}  // namespace tow::policy
