#include "plan/prefer.hpp"

#include "plan/recent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include <fmt/core.h>

namespace tow::plan {

namespace {

constexpr double kWorst = std::numeric_limits<double>::infinity();
constexpr std::int64_t kMostTiers = 40'000;
constexpr std::int64_t kPerTier = 10'000'000;  // beyond the number of entries

struct Figure {
    double merit = 0;
    std::string why;
};

Figure figure_of(Merit kind, const Outlook& outlook) {
    const auto& entry = outlook.terms->entry;
    if (kind == Merit::None) {
        return {};
    }
    if (!entry.cost) {
        return {kWorst, "its price is unknown: last of its tier"};
    }
    const auto performance = entry.cost->performance.value_or(0);
    if (performance <= 0) {
        return {kWorst, "its performance is unknown: last of its tier"};
    }
    constexpr double kCheapest = 1e-9;  // so that free entries still differ by how full they are
    const auto price = std::max(kCheapest, entry.cost->per_core_hour / performance);
    if (kind == Merit::Price) {
        return {price, fmt::format("{:.4g} {} per useful core hour", price, entry.cost->currency)};
    }
    const auto exist = outlook.count.pending + outlook.count.running;
    const auto most = entry.limits.max_pilots.value_or(kUnlimited);
    const auto fullness =
        static_cast<double>(exist + 1) / static_cast<double>(std::max<std::int64_t>(most, 1));
    return {price * fullness,
            fmt::format("figure of merit {:.4g}: {:.4g} {} per useful core hour, {} of {} pilots",
                        price * fullness, price, entry.cost->currency, exist,
                        most == kUnlimited ? "any number of" : fmt::format("{}", most))};
}

double health_of(const Outlook& outlook, base::Time now, std::string& why) {
    const auto& count = outlook.count;
    const auto& breaker = outlook.terms->breaker;
    const auto recent = outcomes(outlook.pilots, now - breaker.window, now, breaker.short_life);
    double health = 1;
    if (count.running == 0 && count.pending > 0) {
        const auto waiting = std::log1p(static_cast<double>(count.pending));
        health /= 1 + waiting * waiting;
        why += fmt::format("{} wait and none runs; ", count.pending);
    }
    if (recent.good + recent.bad > 0) {
        health *= static_cast<double>(recent.good + 1) /
                  static_cast<double>(recent.good + recent.bad + 1);
        why += fmt::format("{} of {} pilots good; ", recent.good, recent.good + recent.bad);
    }
    if (!why.empty()) {
        why += fmt::format("weight {:.2f}", health);
    }
    return health;
}

}  // namespace

std::vector<Preference> prefer(const Terms& terms, const std::vector<Outlook>& outlooks,
                               const SpillOrder& spills, base::Time now) {
    using Tier = std::pair<std::int64_t, std::size_t>;  // tier of the entry, stage of its spill
    std::vector<Preference> result(outlooks.size());
    std::map<Tier, std::int64_t> tiers;
    std::map<double, std::int64_t> merits;
    std::vector<std::pair<Tier, double>> keys;
    for (std::size_t i = 0; i < outlooks.size(); ++i) {
        auto [merit, why] = figure_of(terms.merit, outlooks[i]);
        keys.emplace_back(Tier{outlooks[i].terms->entry.tier, spills.stage_of(i)}, merit);
        tiers[keys.back().first];
        merits[merit];
        const auto room =
            std::max<std::int64_t>(1, std::min(outlooks[i].headroom, outlooks[i].matching));
        result[i].weight = room;
        if (terms.by_health) {
            constexpr double kResolution = 1000;
            why += why.empty() ? "" : "; ";
            const auto health = health_of(outlooks[i], now, why);
            result[i].weight = std::max<std::int64_t>(
                1, std::llround(static_cast<double>(room) * health * kResolution));
        }
        result[i].why = std::move(why);
    }
    std::int64_t next = 0;
    for (auto& [tier, rank] : tiers) {
        rank = kPerTier * std::min(next++, kMostTiers);
    }
    next = 0;
    for (auto& [merit, rank] : merits) {
        rank = next++;
    }
    for (std::size_t i = 0; i < outlooks.size(); ++i) {
        result[i].rank = tiers[keys[i].first] + merits[keys[i].second];
    }
    return result;
}

}  // namespace tow::plan
