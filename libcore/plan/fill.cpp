#include "plan/fill.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace tow::plan {

namespace {

constexpr int kMostRounds = 64;  // of sharing, before the rest is filled in order
constexpr std::int64_t kLooksOfShare = 10;
constexpr int kMostMisfits = 100;  // searches that may be repeated because sizes did not fit

std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
    return (a + b - 1) / b;
}

}  // namespace

Filler::Filler(const Problem& problem, Flow& flow, std::int64_t& looks)
    : problem_(problem),
      flow_(flow),
      looks_(looks),
      share_looks_(looks / 4),
      left_(std::accumulate(problem.jobs.begin(), problem.jobs.end(), std::int64_t{0})),
      used_(problem.one_size ? 0 : problem.root),
      held_(problem.one_size ? 0 : problem.works),
      at_(problem.arcs_from.begin(), problem.arcs_from.end() - 1),
      credit_(problem.root),
      need_(problem.root + problem.side_room.size()),
      seen_(problem.root),
      way_(problem.root) {}

void Filler::run() {
    Node first = problem_.first_bin();
    for (const auto last : problem_.group_end) {
        if (left_ == 0) {
            return;
        }
        if (last - first == 1) {
            fill_one(first);
        } else {
            fill_group(first, last);
        }
        if (!problem_.one_size) {
            for (Node bin = first; bin < last; ++bin) {
                while (left_ > 0 && looks_ > 0 && make_way(bin)) {
                }
            }
        }
        first = last;
    }
}

void Filler::finish() {
    for (Node work = 0; work < problem_.works; ++work) {
        for (auto arc = problem_.arcs_from[work];
             arc < problem_.arcs_from[work + 1] && flow_.up[work] > 0; ++arc) {
            take(work, arc, flow_.up[work]);
        }
    }
}

// Parts that are taken.
std::int64_t Filler::used(Node bin) const {
    return problem_.one_size ? flow_.up[bin] * kParts : used_[bin];
}

// Parts that are free in open bins.
std::int64_t Filler::room(Node bin) const {
    return flow_.up[bin] * kParts - used(bin);
}

// Jobs, if as many bins are opened as can be.
std::int64_t Filler::fits(Arc arc) const {
    const auto bin = problem_.bin_of[arc];
    return (room(bin) + flow_.can_open(problem_, bin) * kParts) / problem_.parts_of(arc);
}

// Fewer than 0: takes them out.
void Filler::place(Node work, Arc arc, std::int64_t jobs) {
    const auto bin = problem_.bin_of[arc];
    auto opening = jobs;
    if (!problem_.one_size) {
        used_[bin] += jobs * problem_.parts_of(arc);
        opening = ceil_div(used_[bin], kParts) - flow_.up[bin];
        if (flow_.placed[arc] == 0 && jobs > 0) {
            held_[work].push_back(arc);
        }
    }
    if (opening != 0) {
        flow_.open(problem_, bin, opening);
    }
    flow_.placed[arc] =
        static_cast<std::uint32_t>(static_cast<std::int64_t>(flow_.placed[arc]) + jobs);
}

std::int64_t Filler::take(Node work, Arc arc, std::int64_t jobs) {
    jobs = std::min({jobs, flow_.up[work], fits(arc)});
    if (jobs > 0) {
        place(work, arc, jobs);
        flow_.up[work] -= jobs;
        left_ -= jobs;
    }
    return jobs;
}

// The first arc of a work that leads to this bin or to a dearer one. Bins come in order.
Arc Filler::skip_to(Node work, Node bin) {
    auto& at = at_[work];
    while (at < problem_.arcs_from[work + 1] && problem_.bin_of[at] < bin) {
        ++at;
    }
    return at;
}

void Filler::fill_one(Node bin) {
    for (const auto work : problem_.takers_of(bin)) {
        if (flow_.up[work] == 0) {
            continue;
        }
        const auto arc = skip_to(work, bin);
        if (take(work, arc, flow_.up[work]) == 0 && problem_.one_size) {
            return;  // full
        }
    }
}

void Filler::fill_group(Node first, Node last) {
    ++search_;
    std::vector<Node> works;
    for (Node bin = first; bin < last; ++bin) {
        for (const auto work : problem_.takers_of(bin)) {
            if (flow_.up[work] > 0 && seen_[work] != search_) {
                works.push_back(work);
                seen_[work] = search_;
            }
        }
    }
    std::ranges::sort(works);
    for (const auto work : works) {
        const auto begin = skip_to(work, first);
        share(work, begin, skip_to(work, last));
    }
}

// Room in bins that are open anyway costs nothing and goes first.
void Filler::share(Node work, Arc first, Arc last) {
    for (auto arc = first; arc < last && !problem_.one_size; ++arc) {
        take(work, arc, room(problem_.bin_of[arc]) / problem_.parts_of(arc));
    }
    for (int i = 0; i < kMostRounds && flow_.up[work] > 0 && share_looks_ > 0; ++i) {
        if (!share_once(work, first, last)) {
            break;
        }
    }
    for (auto arc = first; arc < last && flow_.up[work] > 0; ++arc) {
        take(work, arc, flow_.up[work]);
    }
}

// A count far beyond the jobs weighs no more than one that just takes them.
double Filler::weight_of(Node work, Arc arc) const {
    const auto bin = problem_.bin_of[arc];
    const auto weight = problem_.weight[bin - problem_.works];
    const auto per_bin = kParts / problem_.parts_of(arc);
    return static_cast<double>(
        weight > 0 ? weight : std::min(problem_.capacity[bin], ceil_div(flow_.up[work], per_bin)));
}

// Opens bins in shares by weight until the first cap is reached. False if there is nothing to
// share.
bool Filler::share_once(Node work, Arc first, Arc last) {
    std::vector<Share> shares;
    double total = 0;
    for (auto arc = first; arc < last; ++arc) {
        if (flow_.can_open(problem_, problem_.bin_of[arc]) > 0) {
            shares.push_back({arc, weight_of(work, arc)});
            total += shares.back().weight * static_cast<double>(problem_.most_jobs(arc));
        }
    }
    looks_ -= kLooksOfShare * (last - first);
    share_looks_ -= kLooksOfShare * (last - first);
    if (shares.size() < 2) {
        return false;
    }
    const auto left = flow_.up[work];
    divide(left, total, shares);
    const auto jobs = quota(left, shares);
    if (jobs < left) {
        divide(jobs, total, shares);
    }
    deal(work, jobs, shares);
    return flow_.up[work] < left;
}

// Opens the whole bins of the shares, then one more each where the largest remainders are.
void Filler::deal(Node work, std::int64_t jobs, std::vector<Share>& shares) {
    const auto take_bins = [&](Share& share, std::int64_t bins) {
        const auto per_bin = problem_.most_jobs(share.arc);
        const auto taken = take(work, share.arc, std::min(jobs, bins * per_bin));
        share.exact -= static_cast<double>(ceil_div(taken, per_bin));
        jobs -= taken;
    };
    for (auto& share : shares) {
        if (share.bins > 0) {
            take_bins(share, share.bins);
        }
    }
    const auto before = [](const Share& a, const Share& b) {
        return a.remainder > b.remainder || (a.remainder == b.remainder && a.arc < b.arc);
    };
    const auto rest = shares.begin() + std::min(jobs, std::ssize(shares));
    std::ranges::nth_element(shares, rest, before);  // a bin takes one job at least
    std::sort(shares.begin(), rest, before);
    for (auto share = shares.begin(); share != rest && jobs > 0; ++share) {
        take_bins(*share, 1);
    }
    for (const auto& share : shares) {
        credit_[problem_.bin_of[share.arc]] = std::clamp(share.exact, -1.0, 1.0);
    }
}

// How many of the jobs can be shared before the first cap or count is reached; at least 1.
std::int64_t Filler::quota(std::int64_t jobs, const std::vector<Share>& shares) {
    double scale = 1;
    const auto each_cap = [&](const Share& share, auto action) {
        const auto bin = problem_.bin_of[share.arc];
        for (auto node = bin; node != problem_.root; node = problem_.up[node]) {
            action(need_[node], 1.0, problem_.capacity[node] - flow_.up[node]);
        }
        for (const auto& charge : problem_.charges_of(bin)) {
            action(need_[problem_.root + charge.cap], static_cast<double>(charge.per_bin),
                   problem_.side_room[charge.cap] - flow_.side_used[charge.cap]);
        }
    };
    for (const auto& share : shares) {
        const auto bins = std::max(share.exact, 1e-9);
        each_cap(share,
                 [&](double& need, double per_bin, std::int64_t) { need += bins * per_bin; });
    }
    for (const auto& share : shares) {
        each_cap(share, [&](double& need, double, std::int64_t room) {
            scale = std::min(scale, need > 0 ? static_cast<double>(room) / need : 1.0);
        });
    }
    for (const auto& share : shares) {
        each_cap(share, [](double& need, double, std::int64_t) { need = 0; });
    }
    constexpr double kRounding = 1e-6;  // 7.0 must not become 8
    const auto most = std::ceil(static_cast<double>(jobs) * scale - kRounding);
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(most), 1, jobs);
}

// Largest remainder. What rounding keeps from a bin, or gives it, is carried over to the next work
// that shares the bin, so that many small works share as fairly as one large. total: the sum of
// weight times jobs per bin. Products are below 2^53, so a quotient that is whole is so as a
// double.
void Filler::divide(std::int64_t jobs, double total, std::vector<Share>& shares) const {
    for (auto& share : shares) {
        const auto bin = problem_.bin_of[share.arc];
        share.exact = static_cast<double>(jobs) * share.weight / total + credit_[bin];
        share.bins = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(share.exact)));
        share.remainder = share.exact - static_cast<double>(share.bins);
    }
}

Arc Filler::arc_of(Node work, Node bin) const {
    const auto begin = problem_.bin_of.begin();
    return static_cast<Arc>(std::lower_bound(begin + problem_.arcs_from[work],
                                             begin + problem_.arcs_from[work + 1], bin) -
                            begin);
}

// Searches from a bin that has room, back over jobs that could move on to it, to a work with
// jobs left over. A search that fails has met only works that are served and will stay so: none of
// them needs to be met again.
bool Filler::make_way(Node bin) {
    const bool opens = flow_.can_open(problem_, bin) > 0;
    if (seen_[bin] == kNone || (!opens && (room(bin) == 0 || rest_misfits_ > kMostMisfits))) {
        return false;
    }
    ++search_;
    seen_[bin] = search_;
    found_.assign(1, bin);
    std::vector<Node> works;
    std::size_t at = 0;
    while (at < found_.size()) {
        const auto met = found_[at++];
        for (const auto work : problem_.takers_of(met)) {
            --looks_;
            if (seen_[work] == search_ || seen_[work] == kNone) {
                continue;
            }
            seen_[work] = search_;
            works.push_back(work);
            way_[work] = arc_of(work, met);
            if (flow_.up[work] == 0) {
                look_for_leavers(work);
            } else if (let_in(work, bin)) {
                return true;
            }
        }
    }
    note_failure(works, opens);
    return false;
}

void Filler::note_failure(const std::vector<Node>& works, bool opens) {
    const bool all_served =
        std::ranges::all_of(works, [this](auto work) { return flow_.up[work] == 0; });
    if (!all_served && ++(opens ? misfits_ : rest_misfits_) <= kMostMisfits) {
        return;
    }
    if (all_served || opens) {
        for (const auto& nodes : {works, found_}) {
            std::ranges::for_each(nodes, [this](auto node) { seen_[node] = kNone; });
        }
    }
}

// Bins that jobs of this work could leave.
void Filler::look_for_leavers(Node work) {
    auto& held = held_[work];
    std::erase_if(held, [this](auto arc) { return flow_.placed[arc] == 0; });
    looks_ -= std::ssize(held);
    for (const auto arc : held) {
        const auto bin = problem_.bin_of[arc];
        if (seen_[bin] != search_ && seen_[bin] != kNone) {
            seen_[bin] = search_;
            way_[bin] = arc;
            found_.push_back(bin);
        }
    }
}

// Follows the way from a work with jobs left over to the last bin, and moves what can be moved.
bool Filler::let_in(Node work, Node last) {
    std::vector<Link> chain;
    for (auto bin = problem_.bin_of[way_[work]]; bin != last;) {
        const auto leave = way_[bin];
        const auto& arcs = problem_.arcs_from;
        const auto mover =
            static_cast<Node>(std::upper_bound(arcs.begin(), arcs.end(), leave) - arcs.begin() - 1);
        chain.push_back({mover, leave, way_[mover]});
        bin = problem_.bin_of[way_[mover]];
    }
    auto entering = jobs_along(way_[work], chain, work);
    if (entering <= 0) {
        return false;
    }
    flow_.up[work] -= entering;
    left_ -= entering;
    auto enter = way_[work];
    auto by = work;
    for (const auto& link : chain) {  // each makes just the room that is needed
        const auto missing =
            entering * problem_.parts_of(enter) - room(problem_.bin_of[link.leave]);
        const auto leaving =
            std::max<std::int64_t>(0, ceil_div(missing, problem_.parts_of(link.leave)));
        place(link.mover, link.leave, -leaving);
        place(by, enter, entering);
        entering = leaving;
        enter = link.enter;
        by = link.mover;
    }
    place(by, enter, entering);
    return true;
}

// How many jobs of the work can go in if every link moves on.
std::int64_t Filler::jobs_along(Arc enter, const std::vector<Link>& chain, Node work) const {
    auto jobs = fits(chain.empty() ? enter : chain.back().enter);
    for (auto i = chain.size(); i-- > 0;) {
        const auto& link = chain[i];
        const auto moved = std::min<std::int64_t>(jobs, flow_.placed[link.leave]);
        const auto freed = moved * problem_.parts_of(link.leave);
        const auto entered = i == 0 ? enter : chain[i - 1].enter;
        jobs = (room(problem_.bin_of[link.leave]) + freed) / problem_.parts_of(entered);
    }
    return std::min(jobs, flow_.up[work]);
}

}  // namespace tow::plan
