// Assignment: which jobs run in which pilots, each job counted once. Pure integer arithmetic.
//
// A bin is room for jobs: a free part of a running pilot, a pending pilot, or a pilot that could be
// sent. Bins are filled in the order of their rank, cheapest first, and as many jobs are placed as
// can be: where a job finds its bins full, others that have a choice make way (augmenting paths).
// With one job per bin this is the exact lexicographic optimum; with jobs of mixed sizes a bin is
// taken to be full when the fractions of it that its jobs need add up to one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tow::plan {

struct Bin {
    std::int64_t count = 0;  // how many alike
    int rank = 0;            // lower ranks are filled first
    bool is_new = false;     // opening one counts against the budget
};

// Jobs that are alike: they ask for the same and fit into the same bins.
struct Work {
    struct Choice {
        std::size_t bin;
        std::int64_t jobs_per_bin;  // at least 1
    };
    std::int64_t jobs = 0;
    std::vector<Choice> choices;
};

struct Placement {
    std::size_t work;
    std::size_t bin;
    std::int64_t jobs;  // at least 1
};

struct Assignment {
    std::vector<Placement> placements;  // by work, then bin
    std::vector<std::int64_t> opened;   // bins that hold a job, by bin
};

// new_budget: how many new bins may be opened, all together. The same input gives the same output.
Assignment assign(const std::vector<Work>& work, const std::vector<Bin>& bins,
                  std::int64_t new_budget);

}  // namespace tow::plan
