#include "plan/assign.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

namespace tow::plan {

namespace {

// A bin is divided into this many parts; a job takes kParts / jobs_per_bin of them, rounded down.
// For up to a million jobs in a bin exactly that many fit.
constexpr std::int64_t kParts = std::int64_t{1} << 40U;
constexpr std::int64_t kMostBins = std::int64_t{1} << 22U;

std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
    return (a + b - 1) / b;
}

class Assigner {
  public:
    Assigner(const std::vector<Work>& work, const std::vector<Bin>& bins, std::int64_t new_budget)
        : work_(work), bins_(bins), budget_(new_budget), used_(bins.size()), holders_(bins.size()) {
        for (const auto& item : work) {
            left_.push_back(item.jobs);
            placed_.emplace_back(item.choices.size());
        }
    }

    Assignment run() {
        std::vector<std::size_t> order(work_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        // Who has the fewest choices chooses first.
        std::ranges::stable_sort(order, {}, [this](auto i) { return work_[i].choices.size(); });
        std::set<int> ranks;
        for (const auto& bin : bins_) {
            ranks.insert(bin.rank);
        }
        for (const int rank : ranks) {
            rank_ = rank;
            dead_work_.assign(work_.size(), false);
            dead_bins_.assign(bins_.size(), false);
            for (const auto i : order) {
                fill_open_bins(i);
                open_bins(i);
            }
            for (const auto i : order) {
                while (left_[i] > 0 && make_way(i)) {
                }
            }
        }
        return result();
    }

  private:
    std::int64_t size_of(std::size_t work, std::size_t choice) const {
        return kParts / work_[work].choices[choice].jobs_per_bin;
    }

    std::size_t bin_of(std::size_t work, std::size_t choice) const {
        return work_[work].choices[choice].bin;
    }

    std::int64_t open(std::size_t bin) const { return ceil_div(used_[bin], kParts); }

    std::int64_t closed(std::size_t bin) const {
        return std::min(bins_[bin].count, kMostBins) - open(bin);
    }

    std::int64_t can_open(std::size_t bin) const {
        return bins_[bin].is_new ? std::min(closed(bin), budget_) : closed(bin);
    }

    // Parts that are free in open bins, or in all that may be opened.
    std::int64_t room(std::size_t bin, bool opening) const {
        return (open(bin) + (opening ? can_open(bin) : 0)) * kParts - used_[bin];
    }

    void place(std::size_t work, std::size_t choice, std::int64_t jobs) {
        const auto bin = work_[work].choices[choice].bin;
        const auto before = open(bin);
        used_[bin] += jobs * size_of(work, choice);
        budget_ -= bins_[bin].is_new ? open(bin) - before : 0;
        auto& placed = placed_[work][choice];
        if (placed == 0 && jobs > 0) {
            holders_[bin].push_back({work, choice});
        }
        placed += jobs;
        if (placed == 0) {
            std::erase_if(holders_[bin], [=](const Holder& holder) { return holder.work == work; });
        }
    }

    bool in_reach(const Work::Choice& choice) const { return bins_[choice.bin].rank <= rank_; }

    // Room in bins that are open anyway costs nothing.
    void fill_open_bins(std::size_t work) {
        const auto& choices = work_[work].choices;
        for (std::size_t i = 0; i < choices.size() && left_[work] > 0; ++i) {
            if (in_reach(choices[i])) {
                take(work, i, room(choices[i].bin, false) / size_of(work, i));
            }
        }
    }

    void take(std::size_t work, std::size_t choice, std::int64_t jobs) {
        jobs = std::min(jobs, left_[work]);
        if (jobs > 0) {
            place(work, choice, jobs);
            left_[work] -= jobs;
        }
    }

    struct Share {
        std::size_t choice;
        double weight;  // jobs that its bins could take, no more than there are
        std::int64_t bins = 0;
        double remainder = 0;
    };

    std::vector<Share> shares_of(std::size_t work) const {
        std::vector<Share> shares;
        const auto& choices = work_[work].choices;
        for (std::size_t i = 0; i < choices.size(); ++i) {
            const auto per_bin = choices[i].jobs_per_bin;
            const auto bins = std::min(closed(choices[i].bin), ceil_div(left_[work], per_bin));
            if (bins > 0 && bins_[choices[i].bin].rank == rank_) {
                shares.push_back({i, static_cast<double>(bins) * static_cast<double>(per_bin)});
            }
        }
        return shares;
    }

    // Opens bins of the current rank in shares by how many there are, rounded by largest remainder.
    void open_bins(std::size_t work) {
        auto shares = shares_of(work);
        double weights = 0;
        double new_bins = 0;  // that these shares would open if there were no budget
        const auto wanted = [&](const Share& share) {
            const auto jobs = std::min(static_cast<double>(left_[work]), weights);
            return jobs * share.weight / weights /
                   static_cast<double>(work_[work].choices[share.choice].jobs_per_bin);
        };
        for (const auto& share : shares) {
            weights += share.weight;
        }
        for (const auto& share : shares) {
            new_bins += bins_[bin_of(work, share.choice)].is_new ? wanted(share) : 0;
        }
        const auto scale = std::min(1.0, static_cast<double>(budget_) / std::max(new_bins, 1.0));
        for (auto& share : shares) {
            constexpr double kRounding = 1e-9;  // of the division: 3.0 must not become 2
            const bool is_new = bins_[bin_of(work, share.choice)].is_new;
            const auto exact = wanted(share) * (is_new ? scale : 1.0);
            share.bins = static_cast<std::int64_t>(std::floor(exact + kRounding));
            share.remainder = exact - static_cast<double>(share.bins);
        }
        for (const auto& share : shares) {
            take_bins(work, share.choice, share.bins);
        }
        std::ranges::stable_sort(shares, std::greater<>{}, &Share::remainder);
        for (const auto& share : shares) {
            take_bins(work, share.choice, 1);
        }
    }

    void take_bins(std::size_t work, std::size_t choice, std::int64_t bins) {
        const auto& to = work_[work].choices[choice];
        take(work, choice, std::min(bins, can_open(to.bin)) * to.jobs_per_bin);
    }

    struct Holder {
        std::size_t work;
        std::size_t choice;
    };

    // A link of a chain: `work` leaves the bin of its `choice` to make way for the link `by`, whose
    // `by_choice` is the same bin. The first link is the work that looks for room.
    struct Link {
        std::size_t work;
        std::size_t choice;
        std::size_t by;
        std::size_t by_choice;
    };

    // Finds room for jobs of this work by moving others; false if there is no way, which then holds
    // for everybody met on the search, until bins of the next rank come into reach.
    bool make_way(std::size_t work) {
        if (dead_work_[work]) {
            return false;
        }
        auto work_seen = dead_work_;
        auto bin_seen = dead_bins_;
        std::vector<Link> links{{work, 0, 0, 0}};
        work_seen[work] = true;
        for (std::size_t at = 0; at < links.size(); ++at) {
            const auto& choices = work_[links[at].work].choices;
            for (std::size_t i = 0; i < choices.size(); ++i) {
                const auto bin = choices[i].bin;
                if (!in_reach(choices[i]) || bin_seen[bin]) {
                    continue;
                }
                bin_seen[bin] = true;
                if (move_along(links, at, i)) {
                    return true;
                }
                for (const auto& holder : holders_[bin]) {
                    if (!work_seen[holder.work]) {
                        work_seen[holder.work] = true;
                        links.push_back({holder.work, holder.choice, at, i});
                    }
                }
            }
        }
        dead_work_ = std::move(work_seen);
        dead_bins_ = std::move(bin_seen);
        return false;
    }

    // The links from the one after the first to the last.
    static std::vector<std::size_t> chain_to(const std::vector<Link>& links, std::size_t last) {
        std::vector<std::size_t> chain;
        for (std::size_t at = last; at != 0; at = links[at].by) {
            chain.push_back(at);
        }
        std::ranges::reverse(chain);
        return chain;
    }

    // How many jobs of the first link can go in if every link moves on, the last one to its choice.
    std::int64_t jobs_along(const std::vector<Link>& links, const std::vector<std::size_t>& chain,
                            std::int64_t jobs) const {
        const auto past = [&](std::int64_t count, std::size_t at) {
            const auto& link = links[at];
            const auto moved = std::min(count, placed_[link.work][link.choice]);
            const auto freed = moved * size_of(link.work, link.choice);
            return (room(bin_of(link.work, link.choice), false) + freed) /
                   size_of(links[link.by].work, link.by_choice);
        };
        jobs = std::accumulate(chain.rbegin(), chain.rend(), jobs, past);
        return std::min(jobs, left_[links[0].work]);
    }

    bool move_along(const std::vector<Link>& links, std::size_t last, std::size_t choice) {
        const auto mover = links[last].work;
        const auto fits = room(bin_of(mover, choice), true) / size_of(mover, choice);
        if (fits == 0) {
            return false;
        }
        const auto chain = chain_to(links, last);
        auto entering = jobs_along(links, chain, fits);
        if (entering <= 0) {
            return false;
        }
        left_[links[0].work] -= entering;
        for (const auto at : chain) {  // each makes just the room that is needed
            const auto& link = links[at];
            const auto by = links[link.by].work;
            const auto missing = entering * size_of(by, link.by_choice) -
                                 room(bin_of(link.work, link.choice), false);
            const auto leaving =
                std::max<std::int64_t>(0, ceil_div(missing, size_of(link.work, link.choice)));
            place(link.work, link.choice, -leaving);
            place(by, link.by_choice, entering);
            entering = leaving;
        }
        place(mover, choice, entering);
        return true;
    }

    Assignment result() const {
        Assignment result;
        for (std::size_t i = 0; i < work_.size(); ++i) {
            for (std::size_t j = 0; j < placed_[i].size(); ++j) {
                if (placed_[i][j] > 0) {
                    result.placements.push_back({i, work_[i].choices[j].bin, placed_[i][j]});
                }
            }
        }
        for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
            result.opened.push_back(open(bin));
        }
        return result;
    }

    const std::vector<Work>& work_;
    const std::vector<Bin>& bins_;
    std::int64_t budget_;
    std::vector<std::int64_t> used_;                 // parts, by bin
    std::vector<std::vector<Holder>> holders_;       // who has jobs in a bin
    std::vector<std::int64_t> left_;                 // jobs without a bin, by work
    std::vector<std::vector<std::int64_t>> placed_;  // jobs, by work and choice
    std::vector<bool> dead_work_;                    // no way from here, at this rank
    std::vector<bool> dead_bins_;
    int rank_ = 0;
};

}  // namespace

Assignment assign(const std::vector<Work>& work, const std::vector<Bin>& bins,
                  std::int64_t new_budget) {
    return Assigner(work, bins, new_budget).run();
}

}  // namespace tow::plan
