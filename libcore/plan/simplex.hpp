// Makes a feasible assignment of jobs that fill their bins the best one: as many jobs as possible,
// then at the least cost. Private to plan/assign.
//
// The primal network simplex method (Ahuja, Magnanti, Orlin, Network Flows, chapter 11) with a
// strongly feasible tree, which cannot cycle. It starts from the flow it is given: arcs outside the
// tree may carry any flow, and an arc whose reduced cost is zero is never touched, so shares among
// equal costs stay as they were except where something is gained. A job not served costs more than
// any way to serve it. Side caps are checked on each cycle as a whole.
#pragma once

#include "plan/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tow::plan {

class Simplex {
  public:
    // looks: how many more looks at arcs are allowed.
    Simplex(const Problem& problem, Flow& flow, std::int64_t& looks);

    // True if the result is proven to be the best.
    bool run();

  private:
    // An arc in the direction in which units are to be sent. Arcs that lead up have the number of
    // their node; those of choices follow, with root as number 0.
    struct Step {
        std::uint32_t arc = kNone;
        Node from = kNone;
        Node to = kNone;
    };

    struct Entering {
        Step step;
        std::int64_t gain = 0;  // per unit
    };

    struct Leaving {
        Node node = kNone;  // whose arc to its parent leaves; kNone: the entering arc stays out
        bool on_from_side = false;
        std::int64_t units = 0;
    };

    struct Toll {  // of a bin that is opened or closed along the cycle
        Node bin;
        std::uint32_t cap;   // a side cap
        std::int64_t takes;  // per unit; below 0 if closed
        Leaving leaving;     // how the arc of the bin would leave
    };

    bool leads_up(std::uint32_t arc) const { return arc < problem_.root; }
    bool is_forward(Step step) const {
        return leads_up(step.arc) ? step.from == step.arc : step.from < problem_.works;
    }
    std::int64_t cost(Step step) const;
    std::int64_t residual(Step step) const;
    void push(Step step, std::int64_t units);
    void hold(Node work, Arc arc);
    Step to_parent(Node node) const { return {arc_[node], node, parent_[node]}; }
    Step from_parent(Node node) const { return {arc_[node], parent_[node], node}; }

    void start();
    void attach(Node node, Node parent, std::uint32_t arc);
    void attach_up(Node node);
    bool attach_full_bins();
    bool attach_full_caps();
    void attach_rest();
    void attach_work(Node work);
    bool is_known(Node node) const { return node == problem_.root || parent_[node] != kNone; }
    bool has_room(Node node) const;

    bool improve();
    void look_at_work(Node work, Entering& best);
    void look_at_up(Node node, Entering& best);

    bool pivot(const Entering& entering);
    Leaving choose_leaving(Step entering) const;
    void respect_sides(Step entering, Leaving& leaving);
    std::vector<Toll> tolls(Step entering) const;
    void add_tolls(Step step, Leaving leaving, std::vector<Toll>& tolls) const;
    void rehang(Node node, Node parent, std::uint32_t arc, Node top);
    void link(Node node, Node parent);
    void unlink(Node node);
    void settle(Node top, std::int64_t change);

    const Problem& problem_;
    Flow& flow_;
    std::int64_t& looks_;
    std::int64_t unserved_cost_ = 0;
    bool prunes_ = true;       // looks only at bins that cost less than the best price so far
    bool blocked_ = false;     // a side cap was in the way
    std::size_t stalled_ = 0;  // pivots since the flow last changed
    std::vector<std::vector<Arc>> held_;  // by work: arcs that carry jobs, and some that did
    std::vector<int> strikes_;            // by bin: how often a side cap was in its way
    std::vector<std::int64_t> net_;       // by side cap: what a unit along the cycle takes

    // The tree, by node.
    std::vector<Node> parent_;
    std::vector<std::uint32_t> arc_;   // to the parent
    std::vector<std::int64_t> price_;  // of the way of one unit to the root
    std::vector<std::uint32_t> depth_;
    std::vector<Node> first_child_;
    std::vector<Node> next_;
    std::vector<Node> previous_;
    std::vector<Node> stack_;
};

}  // namespace tow::plan
