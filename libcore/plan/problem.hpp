// An assignment in the form its solvers work on: a network with flat arrays, and the flow in it.
// Private to plan/assign.
//
// Nodes are works, then bins, then caps of the tree, then the root. Each but the root has an arc of
// its own that leads up: from a work to the root (jobs not served), from a bin to the innermost cap
// of the tree that holds it (bins opened), from a cap to the next larger one or the root (bins
// opened under it). A work also has an arc to each bin of its choice (jobs placed). Works with few
// choices come first; bins are in order of cost, and so are the arcs of a work.
//
// The tree is made of caps that are nested or disjoint and charged alike by all their bins. All
// others are "side caps". Caps that cannot bind are left out.
#pragma once

#include "plan/assign.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tow::plan {

using Node = std::uint32_t;
using Arc = std::uint32_t;  // from a work to a bin

constexpr std::uint32_t kNone = UINT32_MAX;

// A bin is divided into this many parts; a job takes kParts / jobs_per_bin of them, rounded down.
// For up to a million jobs in a bin exactly that many fit.
constexpr std::int64_t kParts = std::int64_t{1} << 40U;

struct Problem {
    struct SideCharge {
        std::uint32_t cap;
        std::int64_t per_bin;  // at least 1
    };

    Node works = 0;
    Node bins = 0;
    Node root = 0;
    bool one_size = true;  // every job fills its bin

    std::vector<Arc> arcs_from;               // by work, and the end: its first arc
    std::vector<Node> bin_of;                 // by arc: the node
    std::vector<std::uint32_t> jobs_per_bin;  // by arc; empty if one_size
    std::vector<Arc> takers_from;             // by bin, and the end: its first taker
    std::vector<Node> takers;                 // works that may use a bin

    std::vector<Node> up;                // by node
    std::vector<std::int64_t> capacity;  // of the arc that leads up; unlimited for works
    std::vector<std::int64_t> cost;      // of the same, per unit: 0 for caps and for works
    std::vector<std::int64_t> weight;    // by bin; 0: the count
    std::vector<Node> group_end;         // by group of bins with equal cost: the node after it

    std::vector<std::uint32_t> side_from;  // by bin, and the end: its first side charge
    std::vector<SideCharge> side_charges;
    std::vector<std::int64_t> side_room;  // by side cap

    std::vector<std::int64_t> jobs;         // by work
    std::vector<std::uint32_t> work_index;  // in the input, by work
    std::vector<std::uint32_t> bin_index;   // in the input, by bin

    Node first_bin() const { return works; }
    Node first_cap() const { return works + bins; }

    std::int64_t parts_of(Arc arc) const {  // that one job takes of its bin
        return one_size ? kParts : kParts / jobs_per_bin[arc];
    }

    std::int64_t most_jobs(Arc arc) const {  // in one bin
        return one_size ? 1 : jobs_per_bin[arc];
    }

    std::span<const Node> takers_of(Node bin) const {
        const auto i = bin - works;
        return std::span(takers).subspan(takers_from[i], takers_from[i + 1] - takers_from[i]);
    }

    std::span<const SideCharge> charges_of(Node bin) const {
        const auto i = bin - works;
        return std::span(side_charges).subspan(side_from[i], side_from[i + 1] - side_from[i]);
    }
};

// Only bins that can be opened and works with jobs and choices are in it.
Problem make_problem(const std::vector<Work>& work, const std::vector<Bin>& bins,
                     const std::vector<Cap>& caps);

// What is placed where. Invariants: nothing below 0 or above its capacity, no side cap above its
// room; what flows into a node flows out of it, where one bin opened stands for kParts of jobs.
struct Flow {
    explicit Flow(const Problem& problem);

    // How many bins more the caps and the count allow.
    std::int64_t can_open(const Problem& problem, Node bin) const;
    // Opens bins, or closes them if fewer than 0.
    void open(const Problem& problem, Node bin, std::int64_t bins);

    std::vector<std::int64_t> up;         // by node: over the arc that leads up
    std::vector<std::uint32_t> placed;    // by arc: jobs
    std::vector<std::int64_t> side_used;  // by side cap
};

}  // namespace tow::plan
