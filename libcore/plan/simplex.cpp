#include "plan/simplex.hpp"

#include <algorithm>
#include <limits>

namespace tow::plan {

namespace {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kBlock = 1000;    // arcs of choices looked at before the best of them enters
constexpr std::int64_t kMaxPasses = 16;  // over what is full, before works are left to the root
constexpr int kMostStrikes = 3;

}  // namespace

Simplex::Simplex(const Problem& problem, Flow& flow, std::int64_t& looks)
    : problem_(problem),
      flow_(flow),
      looks_(looks),
      held_(problem.works),
      strikes_(problem.root),
      net_(problem.side_room.size()),
      parent_(problem.root + 1, kNone),
      arc_(problem.root + 1, kNone),
      price_(problem.root + 1),
      depth_(problem.root + 1),
      first_child_(problem.root + 1, kNone),
      next_(problem.root + 1, kNone),
      previous_(problem.root + 1, kNone) {
    for (Node work = 0; work < problem.works; ++work) {
        for (auto arc = problem.arcs_from[work]; arc < problem.arcs_from[work + 1]; ++arc) {
            if (flow.placed[arc] > 0) {
                held_[work].push_back(arc);
            }
        }
    }
    // A way from node to node meets each bin once at most.
    const auto first = problem.cost.begin() + problem.first_bin();
    const auto last = problem.cost.begin() + problem.first_cap();
    std::int64_t most = 0;
    for (auto cost = first; cost != last; ++cost) {
        most = std::max(most, *cost < 0 ? -*cost : *cost);
    }
    unserved_cost_ = 2 * most * (std::int64_t{problem.bins} + 1) + 1;
}

bool Simplex::run() {
    start();
    if (!improve()) {
        return false;
    }
    prunes_ = false;
    blocked_ = false;
    return improve() && !blocked_;
}

std::int64_t Simplex::cost(Step step) const {
    if (!leads_up(step.arc)) {
        return 0;
    }
    const auto cost = step.arc < problem_.works ? unserved_cost_ : problem_.cost[step.arc];
    return is_forward(step) ? cost : -cost;
}

// Units that can be sent, side caps apart.
std::int64_t Simplex::residual(Step step) const {
    if (leads_up(step.arc)) {
        const auto flow = flow_.up[step.arc];
        return is_forward(step) ? problem_.capacity[step.arc] - flow : flow;
    }
    return is_forward(step) ? kUnlimited : flow_.placed[step.arc - problem_.root];
}

void Simplex::push(Step step, std::int64_t units) {
    const auto change = is_forward(step) ? units : -units;
    if (!leads_up(step.arc)) {
        const auto arc = step.arc - problem_.root;
        if (flow_.placed[arc] == 0) {
            hold(std::min(step.from, step.to), arc);
        }
        flow_.placed[arc] =
            static_cast<std::uint32_t>(static_cast<std::int64_t>(flow_.placed[arc]) + change);
        return;
    }
    flow_.up[step.arc] += change;
    if (step.arc >= problem_.first_bin() && step.arc < problem_.first_cap()) {
        for (const auto& charge : problem_.charges_of(step.arc)) {
            flow_.side_used[charge.cap] += change * charge.per_bin;
        }
    }
}

void Simplex::hold(Node work, Arc arc) {
    auto& held = held_[work];
    if (std::ranges::find(held, arc) == held.end()) {
        held.push_back(arc);
    }
}

// Whether more can be sent up, as far as the arc itself goes.
bool Simplex::has_room(Node node) const {
    if (flow_.up[node] >= problem_.capacity[node] || strikes_[node] >= kMostStrikes) {
        return false;
    }
    if (node < problem_.first_bin() || node >= problem_.first_cap()) {
        return true;
    }
    return std::ranges::all_of(problem_.charges_of(node), [this](const auto& charge) {
        return flow_.side_used[charge.cap] + charge.per_bin <= problem_.side_room[charge.cap];
    });
}

// The first tree: from each node some units can be sent to the root, mostly on a cheapest way. What
// has room goes up; what is full goes to somebody in it who can go elsewhere.
void Simplex::start() {
    for (Node cap = problem_.first_cap(); cap < problem_.root; ++cap) {
        attach_up(cap);
    }
    for (Node bin = problem_.first_bin(); bin < problem_.first_cap(); ++bin) {
        attach_up(bin);
    }
    for (Node work = 0; work < problem_.works; ++work) {
        attach_work(work);
    }
    for (std::int64_t i = 0; i < kMaxPasses; ++i) {
        const bool bins = attach_full_bins();
        const bool caps = attach_full_caps();
        if (!bins && !caps) {
            break;
        }
        attach_rest();
    }
    for (Node work = 0; work < problem_.works; ++work) {
        if (!is_known(work)) {
            attach(work, problem_.root, work);
        }
    }
    for (bool found = true; found;) {
        const bool bins = attach_full_bins();
        found = attach_full_caps() || bins;
        attach_rest();
    }
    for (Node bin = problem_.first_bin(); bin < problem_.first_cap(); ++bin) {
        if (!is_known(bin)) {  // empty, and a side cap is full
            attach(bin, problem_.up[bin], bin);
        }
    }
}

void Simplex::attach(Node node, Node parent, std::uint32_t arc) {
    parent_[node] = parent;
    arc_[node] = arc;
    depth_[node] = depth_[parent] + 1;
    price_[node] = price_[parent] + cost(to_parent(node));
    link(node, parent);
}

void Simplex::attach_up(Node node) {
    if (!is_known(node) && is_known(problem_.up[node]) && has_room(node)) {
        attach(node, problem_.up[node], node);
    }
}

void Simplex::attach_work(Node work) {
    if (flow_.up[work] > 0) {
        attach(work, problem_.root, work);
        return;
    }
    auto best = kNone;
    for (auto arc = problem_.arcs_from[work]; arc < problem_.arcs_from[work + 1]; ++arc) {
        const auto bin = problem_.bin_of[arc];
        --looks_;
        if (best != kNone && problem_.cost[bin] >= price_[problem_.bin_of[best]]) {
            break;
        }
        if (is_known(bin) && (best == kNone || price_[bin] < price_[problem_.bin_of[best]])) {
            best = arc;
        }
    }
    if (best != kNone) {
        attach(work, problem_.bin_of[best], problem_.root + best);
    }
}

bool Simplex::attach_full_bins() {
    bool found = false;
    for (Node work = 0; work < problem_.works; ++work) {
        for (const auto arc : held_[work]) {
            const auto bin = problem_.bin_of[arc];
            if (is_known(work) && !is_known(bin)) {
                attach(bin, work, problem_.root + arc);
                found = true;
            }
        }
    }
    return found;
}

// Bins come before caps, inner caps after outer ones; each full cap goes to the part of it that can
// be left at the least cost.
bool Simplex::attach_full_caps() {
    std::vector<Node> best(problem_.root + 1, kNone);
    const auto price = [this](Node node) { return price_[node] - problem_.cost[node]; };
    for (Node node = problem_.first_bin(); node < problem_.root; ++node) {
        const auto cap = problem_.up[node];
        if (is_known(node) && !is_known(cap) && flow_.up[node] > 0 &&
            (best[cap] == kNone || price(node) < price(best[cap]))) {
            best[cap] = node;
        }
    }
    bool found = false;
    for (Node cap = problem_.first_cap(); cap < problem_.root; ++cap) {
        if (best[cap] != kNone) {
            attach(cap, best[cap], best[cap]);
            found = true;
        }
    }
    return found;
}

void Simplex::attach_rest() {
    for (Node cap = problem_.first_cap(); cap < problem_.root; ++cap) {
        attach_up(cap);
    }
    for (Node bin = problem_.first_bin(); bin < problem_.first_cap(); ++bin) {
        attach_up(bin);
    }
    for (Node work = 0; work < problem_.works; ++work) {
        if (!is_known(work)) {
            attach_work(work);
        }
    }
}

// Looks at all arcs in turn and lets the best of each block enter, until none gains anything. False
// if it ends before.
bool Simplex::improve() {
    Node at = 0;
    Entering best;
    auto block_end = looks_ - kBlock;
    for (Node quiet = 0; quiet < problem_.root;) {  // arcs in a row that gain nothing
        look_at_up(at, best);
        if (at < problem_.works) {
            look_at_work(at, best);
        }
        at = at + 1 == problem_.root ? 0 : at + 1;
        ++quiet;
        if (looks_ <= 0) {
            return false;
        }
        if (best.gain > 0 && (looks_ <= block_end || quiet == problem_.root)) {
            if (!pivot(best)) {
                return false;
            }
            best = {};
            block_end = looks_ - kBlock;
            quiet = 0;
        }
    }
    return true;
}

void Simplex::look_at_work(Node work, Entering& best) {
    const auto price = price_[work];
    auto lowest = price;
    auto lowest_arc = kNone;
    auto arc = problem_.arcs_from[work];
    const auto end = problem_.arcs_from[work + 1];
    for (; arc < end; ++arc) {
        const auto bin = problem_.bin_of[arc];
        if (prunes_ && problem_.cost[bin] >= lowest) {
            break;
        }
        if (price_[bin] < lowest) {
            lowest = price_[bin];
            lowest_arc = arc;
        }
    }
    looks_ -= 1 + arc - problem_.arcs_from[work];
    if (price - lowest > best.gain) {
        const auto bin = problem_.bin_of[lowest_arc];
        best = {{problem_.root + lowest_arc, work, bin}, price - lowest};
    }
    auto& held = held_[work];
    std::erase_if(held, [this](auto each) { return flow_.placed[each] == 0; });
    for (const auto each : held) {
        const auto bin = problem_.bin_of[each];
        if (price_[bin] - price > best.gain) {
            best = {{problem_.root + each, bin, work}, price_[bin] - price};
        }
    }
    looks_ -= static_cast<std::int64_t>(held.size());
}

void Simplex::look_at_up(Node node, Entering& best) {
    const auto up = problem_.up[node];
    const auto gain = price_[node] - price_[up] - cost({node, node, up});
    --looks_;
    if (gain > best.gain && flow_.up[node] < problem_.capacity[node]) {
        if (has_room(node)) {
            best = {{node, node, up}, gain};
        } else {
            blocked_ = true;
        }
    }
    if (-gain > best.gain && flow_.up[node] > 0) {
        best = {{node, up, node}, -gain};
    }
}

// Sends what can be sent along the cycle that the entering arc closes. False if side caps keep all
// from moving for too long.
bool Simplex::pivot(const Entering& entering) {
    const auto step = entering.step;
    auto leaving = choose_leaving(step);
    if (!problem_.side_room.empty()) {
        respect_sides(step, leaving);
    }
    ++stalled_;
    if (leaving.units > 0) {
        stalled_ = 0;
        push(step, leaving.units);
        auto from = step.from;
        auto to = step.to;
        while (from != to) {
            auto& node = depth_[from] >= depth_[to] ? from : to;
            push(&node == &from ? from_parent(node) : to_parent(node), leaving.units);
            node = parent_[node];
        }
    }
    if (leaving.node != kNone) {
        const auto node = leaving.on_from_side ? step.from : step.to;
        rehang(node, leaving.on_from_side ? step.to : step.from, step.arc, leaving.node);
        settle(node, leaving.on_from_side ? -entering.gain : entering.gain);
    }
    return !blocked_ || stalled_ <= 4 * std::size_t{problem_.root};
}

// The last arc that limits the flow, in its direction around the cycle from the node nearest the
// root: this keeps the tree strongly feasible.
Simplex::Leaving Simplex::choose_leaving(Step entering) const {
    Leaving down{kNone, true, kUnlimited};
    Leaving up{kNone, false, kUnlimited};
    auto from = entering.from;
    auto to = entering.to;
    while (from != to) {
        if (depth_[from] >= depth_[to]) {
            const auto units = residual(from_parent(from));
            if (units < down.units) {
                down = {from, true, units};
            }
            from = parent_[from];
        } else {
            const auto units = residual(to_parent(to));
            if (units <= up.units) {
                up = {to, false, units};
            }
            to = parent_[to];
        }
    }
    const Leaving own{kNone, false, residual(entering)};
    const auto& best = own.units <= down.units ? own : down;
    return up.units <= best.units && up.node != kNone ? up : best;
}

void Simplex::add_tolls(Step step, Leaving leaving, std::vector<Toll>& tolls) const {
    if (step.arc >= problem_.first_bin() && step.arc < problem_.first_cap()) {
        for (const auto& charge : problem_.charges_of(step.arc)) {
            const auto takes = is_forward(step) ? charge.per_bin : -charge.per_bin;
            tolls.push_back({step.arc, charge.cap, takes, leaving});
        }
    }
}

// Of the whole cycle.
std::vector<Simplex::Toll> Simplex::tolls(Step entering) const {
    std::vector<Toll> tolls;
    add_tolls(entering, {}, tolls);
    auto from = entering.from;
    auto to = entering.to;
    while (from != to) {
        if (depth_[from] >= depth_[to]) {
            add_tolls(from_parent(from), {from, true, 0}, tolls);
            from = parent_[from];
        } else {
            add_tolls(to_parent(to), {to, false, 0}, tolls);
            to = parent_[to];
        }
    }
    return tolls;
}

// Makes a bin leave the tree if it is charged to a side cap that allows less than the arcs do.
void Simplex::respect_sides(Step entering, Leaving& leaving) {
    constexpr std::int64_t kMostNet = std::int64_t{1} << 61U;
    const auto cycle = tolls(entering);
    for (const auto& toll : cycle) {
        auto& net = net_[toll.cap];
        if (net < kMostNet) {  // beyond any room; it stays there
            net += std::max(toll.takes, -kMostNet - net);
        }
    }
    for (const auto& toll : cycle) {
        const auto net = net_[toll.cap];
        const auto free = problem_.side_room[toll.cap] - flow_.side_used[toll.cap];
        if (toll.takes > 0 && net > 0 && free / net < leaving.units) {
            leaving = toll.leaving;
            leaving.units = free / net;
            blocked_ = true;
            strikes_[toll.bin] += leaving.units == 0 ? 1 : 0;
        }
    }
    for (const auto& toll : cycle) {
        net_[toll.cap] = 0;
    }
}

// Turns the way from node up to top around, so that node hangs from its new parent.
void Simplex::rehang(Node node, Node parent, std::uint32_t arc, Node top) {
    for (;;) {
        const auto old_parent = parent_[node];
        const auto old_arc = arc_[node];
        unlink(node);
        parent_[node] = parent;
        arc_[node] = arc;
        link(node, parent);
        if (node == top) {
            return;
        }
        parent = node;
        arc = old_arc;
        node = old_parent;
    }
}

void Simplex::link(Node node, Node parent) {
    const auto first = first_child_[parent];
    next_[node] = first;
    previous_[node] = kNone;
    if (first != kNone) {
        previous_[first] = node;
    }
    first_child_[parent] = node;
}

void Simplex::unlink(Node node) {
    if (previous_[node] == kNone) {
        first_child_[parent_[node]] = next_[node];
    } else {
        next_[previous_[node]] = next_[node];
    }
    if (next_[node] != kNone) {
        previous_[next_[node]] = previous_[node];
    }
}

// Corrects prices and depths from top down.
void Simplex::settle(Node top, std::int64_t change) {
    stack_.assign(1, top);
    while (!stack_.empty()) {
        const auto node = stack_.back();
        stack_.pop_back();
        --looks_;
        price_[node] += change;
        depth_[node] = depth_[parent_[node]] + 1;
        for (auto child = first_child_[node]; child != kNone; child = next_[child]) {
            stack_.push_back(child);
        }
    }
}

}  // namespace tow::plan
