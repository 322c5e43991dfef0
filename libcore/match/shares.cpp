#include "match/shares.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace tow::match {

Shares::Shares(std::size_t entries, Split split) : split_(split), sums_(entries) {}

void Shares::add(std::span<const std::size_t> entries, std::int64_t jobs, std::int64_t cores_each) {
    if (entries.empty() || jobs == 0) {
        return;
    }
    const auto fraction = static_cast<double>(jobs) / static_cast<double>(entries.size());
    for (const auto i : entries) {
        auto& sums = sums_[i];
        sums.matching += jobs;
        sums.only_here += entries.size() == 1 ? jobs : 0;
        sums.cores_matching += jobs * cores_each;
        sums.ideal += fraction;
    }
    if (split_ == Split::Exact) {
        give(entries, jobs, cores_each);
    }
}

// Everyone gets the same; the jobs that are left go to those who are furthest behind their ideal.
void Shares::give(std::span<const std::size_t> entries, std::int64_t jobs,
                  std::int64_t cores_each) {
    const auto count = static_cast<std::int64_t>(entries.size());
    const auto give_to = [&](std::size_t i, std::int64_t part) {
        sums_[i].given += part;
        sums_[i].cores_given += part * cores_each;
    };
    if (jobs >= count) {
        std::ranges::for_each(entries, [&](std::size_t i) { give_to(i, jobs / count); });
    }
    const auto left = jobs % count;
    if (left == 0) {
        return;
    }
    const auto behind = [this](std::size_t i) {
        return std::tuple(static_cast<double>(sums_[i].given) - sums_[i].ideal, i);
    };
    order_.assign(entries.begin(), entries.end());
    std::ranges::nth_element(order_, order_.begin() + left, {}, behind);
    std::for_each_n(order_.begin(), left, [&](std::size_t i) { give_to(i, 1); });
}

Shares::Share Shares::of(std::size_t entry) const {
    const auto& sums = sums_[entry];
    Share result{sums.matching, sums.only_here, sums.given, static_cast<double>(sums.cores_given)};
    if (split_ == Split::GwmsCeil && sums.matching > 0) {
        result.jobs = round_up(sums.ideal);
        result.cores = static_cast<double>(sums.cores_matching) * sums.ideal /
                       static_cast<double>(sums.matching);
    }
    return result;
}

std::int64_t round_up(double value) noexcept {
    constexpr double kNoise = 1e-9;
    return static_cast<std::int64_t>(std::ceil(value - kNoise));
}

}  // namespace tow::match
