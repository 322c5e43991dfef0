#include "plan/problem.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <numeric>

namespace tow::plan {

namespace {

constexpr std::int64_t kUnlimited = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMostBins = std::int64_t{1} << 22U;  // of a kind: their parts fit 63 bits
constexpr std::int64_t kMostJobs = std::int64_t{1} << 30U;  // of a work
constexpr std::int64_t kMostRoom = std::int64_t{1} << 60U;
constexpr std::int64_t kMostCost = 1'000'000'000'000;
constexpr std::int64_t kMostWeight = std::int64_t{1} << 23U;  // times jobs: exact as a double

class Builder {
  public:
    Builder(const std::vector<Work>& work, const std::vector<Bin>& bins,
            const std::vector<Cap>& caps)
        : input_work_(work), input_bins_(bins), charges_(bins.size()), members_(caps.size()) {
        for (const auto& cap : caps) {
            room_.push_back(std::clamp<std::int64_t>(cap.room, 0, kMostRoom));
        }
    }

    Problem build() {
        choose_work();
        choose_bins();
        make_bins();
        make_tree();
        make_sides();
        make_arcs();
        return std::move(problem_);
    }

  private:
    struct Member {
        std::uint32_t bin;  // from 0, in order of cost
        std::int64_t per_bin;
    };

    std::int64_t jobs_of(std::uint32_t work) const {
        return std::min(input_work_[work].jobs, kMostJobs);
    }

    void choose_work() {
        auto& chosen = problem_.work_index;
        for (std::uint32_t i = 0; i < input_work_.size(); ++i) {
            if (input_work_[i].jobs > 0 && !input_work_[i].choices.empty()) {
                chosen.push_back(i);
                jobs_ += jobs_of(i);
            }
        }
        // Who has the fewest choices chooses first.
        std::ranges::stable_sort(chosen, {},
                                 [this](auto i) { return input_work_[i].choices.size(); });
        problem_.works = static_cast<Node>(chosen.size());
        for (const auto i : chosen) {
            problem_.jobs.push_back(jobs_of(i));
        }
    }

    // False if the bin can never be opened. Charges to one cap are added up.
    bool gather_charges(std::uint32_t bin) {
        auto charges = input_bins_[bin].charges;
        std::ranges::stable_sort(charges, {}, &Charge::cap);
        auto& sums = charges_[bin];
        for (const auto& charge : charges) {
            assert(charge.cap < room_.size() && charge.per_bin >= 0);
            if (sums.empty() || sums.back().cap != charge.cap) {
                sums.push_back(charge);
            } else {
                sums.back().per_bin += std::min(charge.per_bin, kMostRoom + 1);
            }
            if (sums.back().per_bin > room_[charge.cap]) {
                return false;
            }
        }
        std::erase_if(sums, [](const Charge& charge) { return charge.per_bin == 0; });
        return true;
    }

    void choose_bins() {
        auto& chosen = problem_.bin_index;
        for (std::uint32_t i = 0; i < input_bins_.size(); ++i) {
            if (input_bins_[i].count > 0 && gather_charges(i)) {
                chosen.push_back(i);
            }
        }
        std::ranges::stable_sort(chosen, {}, [this](auto i) { return input_bins_[i].cost; });
        problem_.bins = static_cast<Node>(chosen.size());
        for (std::uint32_t i = 0; i < chosen.size(); ++i) {
            for (const auto& charge : charges_[chosen[i]]) {
                members_[charge.cap].push_back({i, charge.per_bin});
            }
        }
    }

    void make_bins() {
        auto& to = problem_;
        to.up.resize(to.works + to.bins);
        to.cost.assign(to.works, 0);
        to.capacity.assign(to.works, kUnlimited);
        std::int64_t most_weight = 0;
        for (const auto i : to.bin_index) {
            const auto& bin = input_bins_[i];
            to.capacity.push_back(std::min(bin.count, kMostBins));
            to.cost.push_back(std::clamp(bin.cost, -kMostCost, kMostCost));
            to.weight.push_back(std::max<std::int64_t>(0, bin.weight));
            most_weight = std::max(most_weight, to.weight.back());
        }
        const auto scale = most_weight / kMostWeight + 1;
        for (auto& weight : to.weight) {
            weight = weight == 0 ? 0 : std::max<std::int64_t>(1, weight / scale);
        }
        for (Node bin = to.first_bin(); bin < to.first_cap(); ++bin) {
            if (bin + 1 == to.first_cap() || to.cost[bin] != to.cost[bin + 1]) {
                to.group_end.push_back(bin + 1);
            }
        }
    }

    // Bins that can be opened, by their counts and the jobs.
    double most_used(std::size_t cap) const {
        double sum = 0;
        for (const auto& member : members_[cap]) {
            const auto count = std::min(problem_.capacity[problem_.works + member.bin], jobs_);
            sum += static_cast<double>(count) * static_cast<double>(member.per_bin);
        }
        return sum;
    }

    bool can_bind(std::size_t cap) const {
        constexpr double kRounding = 1.000001;
        const auto& members = members_[cap];
        if (members.empty()) {
            return false;
        }
        const auto most = std::ranges::max(members, {}, &Member::per_bin).per_bin;
        const auto by_jobs = static_cast<double>(jobs_) * static_cast<double>(most);
        return std::min(most_used(cap), by_jobs) * kRounding >= static_cast<double>(room_[cap]);
    }

    bool is_uniform(std::size_t cap) const {
        const auto& members = members_[cap];
        return std::ranges::all_of(members, [&](const Member& member) {
            return member.per_bin == members.front().per_bin;
        });
    }

    // From the largest to the smallest, each cap goes into the tree if all its bins are in the same
    // place of it.
    void make_tree() {
        std::vector<std::size_t> caps;
        for (std::size_t cap = 0; cap < members_.size(); ++cap) {
            if (can_bind(cap)) {
                caps.push_back(cap);
            }
        }
        std::ranges::stable_sort(caps, std::greater<>{},
                                 [this](auto cap) { return members_[cap].size(); });
        std::vector<Node> inner(problem_.bins, kNone);  // innermost cap so far
        for (const auto cap : caps) {
            const auto& members = members_[cap];
            const auto outer = inner[members.front().bin];
            const bool nested = std::ranges::all_of(
                members, [&](const Member& member) { return inner[member.bin] == outer; });
            if (!nested || !is_uniform(cap)) {
                sides_.push_back(cap);
                continue;
            }
            const auto node = static_cast<Node>(problem_.up.size());
            problem_.up.push_back(outer);
            problem_.capacity.push_back(room_[cap] / members.front().per_bin);
            problem_.cost.push_back(0);
            for (const auto& member : members) {
                inner[member.bin] = node;
            }
        }
        problem_.root = static_cast<Node>(problem_.up.size());
        std::ranges::copy(inner, problem_.up.begin() + problem_.works);
        std::ranges::fill_n(problem_.up.begin(), problem_.works, kNone);
        std::ranges::replace(problem_.up, kNone, problem_.root);
    }

    void make_sides() {
        std::vector<std::vector<Problem::SideCharge>> charges(problem_.bins);
        for (std::uint32_t side = 0; side < sides_.size(); ++side) {
            problem_.side_room.push_back(room_[sides_[side]]);
            for (const auto& member : members_[sides_[side]]) {
                charges[member.bin].push_back({side, member.per_bin});
            }
        }
        for (const auto& list : charges) {
            problem_.side_from.push_back(static_cast<std::uint32_t>(problem_.side_charges.size()));
            problem_.side_charges.insert(problem_.side_charges.end(), list.begin(), list.end());
        }
        problem_.side_from.push_back(static_cast<std::uint32_t>(problem_.side_charges.size()));
    }

    // Calls with (work, bin from 0, jobs per bin) for each choice there is; the first counts if a
    // bin is named twice.
    template <class Action>
    void for_each_choice(Action action) const {
        std::vector<std::uint32_t> place(input_bins_.size(), kNone);
        for (std::uint32_t i = 0; i < problem_.bins; ++i) {
            place[problem_.bin_index[i]] = i;
        }
        std::vector<Node> seen_by(problem_.bins, kNone);
        for (Node work = 0; work < problem_.works; ++work) {
            for (const auto& choice : input_work_[problem_.work_index[work]].choices) {
                const auto bin = place[choice.bin];
                if (bin != kNone && seen_by[bin] != work) {
                    seen_by[bin] = work;
                    action(work, bin, choice.jobs_per_bin);
                }
            }
        }
    }

    // A counting sort: by bin first, which then gives the arcs of each work in order of cost.
    void make_arcs() {
        auto& to = problem_;
        to.takers_from.assign(to.bins + 1, 0);
        to.arcs_from.assign(to.works + 1, 0);
        for_each_choice([&](Node work, std::uint32_t bin, std::uint32_t jobs) {
            ++to.takers_from[bin + 1];
            ++to.arcs_from[work + 1];
            to.one_size = to.one_size && jobs == 1;
        });
        std::partial_sum(to.takers_from.begin(), to.takers_from.end(), to.takers_from.begin());
        std::partial_sum(to.arcs_from.begin(), to.arcs_from.end(), to.arcs_from.begin());
        to.takers.resize(to.takers_from.back());
        to.bin_of.resize(to.takers_from.back());
        std::vector<std::uint32_t> sizes(to.one_size ? 0 : to.takers.size());
        auto end = to.takers_from;
        for_each_choice([&](Node work, std::uint32_t bin, std::uint32_t jobs) {
            if (!to.one_size) {
                sizes[end[bin]] = std::max<std::uint32_t>(1, jobs);
            }
            to.takers[end[bin]++] = work;
        });
        to.jobs_per_bin.resize(sizes.size());
        auto arc_end = to.arcs_from;
        for (std::uint32_t bin = 0; bin < to.bins; ++bin) {
            for (auto i = to.takers_from[bin]; i < to.takers_from[bin + 1]; ++i) {
                const auto arc = arc_end[to.takers[i]]++;
                to.bin_of[arc] = to.works + bin;
                if (!to.one_size) {
                    to.jobs_per_bin[arc] = sizes[i];
                }
            }
        }
    }

    const std::vector<Work>& input_work_;
    const std::vector<Bin>& input_bins_;
    std::vector<std::int64_t> room_;
    std::vector<std::vector<Charge>> charges_;  // by bin of the input
    std::vector<std::vector<Member>> members_;  // by cap
    std::vector<std::size_t> sides_;            // caps that are not in the tree
    std::int64_t jobs_ = 0;
    Problem problem_;
};

}  // namespace

Problem make_problem(const std::vector<Work>& work, const std::vector<Bin>& bins,
                     const std::vector<Cap>& caps) {
    return Builder(work, bins, caps).build();
}

Flow::Flow(const Problem& problem)
    : up(problem.root), placed(problem.bin_of.size()), side_used(problem.side_room.size()) {
    std::ranges::copy(problem.jobs, up.begin());
}

std::int64_t Flow::can_open(const Problem& problem, Node bin) const {
    auto room = problem.capacity[bin] - up[bin];
    for (auto cap = problem.up[bin]; cap != problem.root; cap = problem.up[cap]) {
        room = std::min(room, problem.capacity[cap] - up[cap]);
    }
    for (const auto& charge : problem.charges_of(bin)) {
        const auto free = problem.side_room[charge.cap] - side_used[charge.cap];
        room = std::min(room, free / charge.per_bin);
    }
    return room;
}

void Flow::open(const Problem& problem, Node bin, std::int64_t bins) {
    up[bin] += bins;
    for (auto cap = problem.up[bin]; cap != problem.root; cap = problem.up[cap]) {
        up[cap] += bins;
    }
    for (const auto& charge : problem.charges_of(bin)) {
        side_used[charge.cap] += bins * charge.per_bin;
    }
}

}  // namespace tow::plan
