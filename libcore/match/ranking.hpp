// Which conditions to look at first: those whose removal alone lets most through, or the smallest
// set of them that does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tow::match {

// What has to pass: an entry, or a group of jobs with its number of idle ones.
struct Row {
    std::int64_t weight = 1;
    std::vector<std::uint32_t> failing;  // conditions, by number, ascending
};

// Conditions that have to go together, what passes if they do, and nothing else was in its way.
struct Step {
    std::vector<std::size_t> conditions;  // what excludes most first
    std::int64_t gains = 0;
    std::vector<std::size_t> rows;
};

struct Ranking {
    std::int64_t total = 0;
    std::int64_t passing = 0;            // without any change
    std::vector<std::int64_t> excluded;  // by each condition
    std::vector<Step> steps;             // in the order in which a person would look at them
};

// knobs: of each condition; those that share one that is not empty go together.
//
// The set is the smallest there is: a row passes if all that exclude it go, so no set is smaller
// than the fewest that exclude any one row.
Ranking rank(const std::vector<Row>& rows, const std::vector<std::string>& knobs);

}  // namespace tow::match
