// The start of an assignment: bins are filled in order of cost, equal ones in shares by weight.
// Private to plan/assign.
#pragma once

#include "plan/problem.hpp"

#include <cstdint>
#include <vector>

namespace tow::plan {

class Filler {
  public:
    // flow: nothing is placed in it yet. looks: how many more looks at arcs are allowed.
    Filler(const Problem& problem, Flow& flow, std::int64_t& looks);

    // Fills the bins in order of cost. With jobs of mixed sizes, those that find their bins full
    // are let in by others that move on to a bin of the current cost (augmenting paths).
    void run();

    // Places what still fits, for caps that have become free again.
    void finish();

  private:
    struct Share {
        Arc arc;
        double weight;  // a whole number
        std::int64_t bins = 0;
        double exact = 0;
        double remainder = 0;
    };

    struct Link {  // jobs of a work that leave one bin for another
        Node mover;
        Arc leave;
        Arc enter;
    };

    std::int64_t used(Node bin) const;
    std::int64_t room(Node bin) const;
    std::int64_t fits(Arc arc) const;
    void place(Node work, Arc arc, std::int64_t jobs);
    std::int64_t take(Node work, Arc arc, std::int64_t jobs);

    void fill_one(Node bin);
    void fill_group(Node first, Node last);
    Arc skip_to(Node work, Node bin);
    void share(Node work, Arc first, Arc last);
    double weight_of(Node work, Arc arc) const;
    bool share_once(Node work, Arc first, Arc last);
    void deal(Node work, std::int64_t jobs, std::vector<Share>& shares);
    std::int64_t quota(std::int64_t jobs, const std::vector<Share>& shares);
    void divide(std::int64_t jobs, double total, std::vector<Share>& shares) const;

    bool make_way(Node bin);
    void look_for_leavers(Node work);
    void note_failure(const std::vector<Node>& works, bool opens);
    bool let_in(Node work, Node last);
    std::int64_t jobs_along(Arc enter, const std::vector<Link>& chain, Node work) const;
    Arc arc_of(Node work, Node bin) const;

    const Problem& problem_;
    Flow& flow_;
    std::int64_t& looks_;
    std::int64_t share_looks_;        // beyond these, bins are filled in order
    std::int64_t left_ = 0;           // jobs not served, of all works
    std::vector<std::int64_t> used_;  // parts, by bin; only for mixed sizes
    std::vector<std::vector<Arc>>
        held_;                         // by work: arcs that hold jobs, and some that did; as used_
    std::vector<Arc> at_;              // by work: the first arc that is not looked at yet
    std::vector<double> credit_;       // by bin: what rounding has kept from it so far
    std::vector<double> need_;         // by node, then side cap: what the shares would take
    std::vector<std::uint32_t> seen_;  // by node: the search that met it last; kNone: for good
    std::uint32_t search_ = 0;
    int misfits_ = 0;          // searches that failed because sizes did not fit
    int rest_misfits_ = 0;     // ... from the rest of bins that are open
    std::vector<Node> found_;  // bins met by this search, in order
    std::vector<Arc> way_;     // by work: how it gets nearer the bin; by bin: who leaves it
};

}  // namespace tow::plan
