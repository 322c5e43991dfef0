// Assignment: which jobs run in which pilots, each job counted once, all caps held jointly. Pure
// integer arithmetic.
//
// A bin is room for jobs: a free part of a running pilot, a pending pilot, or a pilot that could be
// sent. The aims, each before the next: as many jobs as possible are served; the bins opened cost
// as little as possible; bins of equal cost are opened in shares by weight.
//
// Exact for jobs and cost: where every job fills a bin, and the caps that can bind count bins and
// are nested or disjoint (entry < set < site < all). Otherwise (jobs of mixed sizes, caps that
// overlap or are in other units) no bin and no cap is ever exceeded and no job is left over that
// could simply be placed, but a better assignment may exist.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tow::plan {

// Shared by the bins that charge it, in a unit of its own: pilots, cores, core-seconds, money.
struct Cap {
    std::int64_t room = 0;  // a room below 0 is taken as 0, one above 2^60 as 2^60
};

struct Charge {
    std::size_t cap;
    std::int64_t per_bin;  // what opening one bin takes; at least 0
};

struct Bin {
    std::int64_t count = 0;  // how many alike; more than 2^22 are taken as 2^22
    std::int64_t cost = 0;   // of one; lower is filled first. Beyond +-10^12 taken as that
    // Shares among equal costs are proportional to it. 0: to the count, or to what the jobs of the
    // work would fill if that is less.
    std::int64_t weight = 0;
    std::vector<Charge> charges;  // room that exists already charges nothing
};

// Jobs that are alike: they ask for the same and fit into the same bins.
struct Work {
    struct Choice {
        std::uint32_t bin;
        std::uint32_t jobs_per_bin;  // at least 1
    };
    std::int64_t jobs = 0;  // more than 2^30 are taken as 2^30
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
    bool proven_optimal = false;        // as to jobs and cost; see above for where it can be
};

// About one is one look at a choice: a second holds several hundred million.
constexpr std::int64_t kMostLooks = 1'000'000'000;

// The same input gives the same output. When most_looks is used up, improvement ends there, which
// leaves a valid assignment that is not proven optimal.
Assignment assign(const std::vector<Work>& work, const std::vector<Bin>& bins,
                  const std::vector<Cap>& caps, std::int64_t most_looks = kMostLooks);

}  // namespace tow::plan
