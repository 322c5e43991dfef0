#include "logstore/trouble.hpp"

#include "base/units.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/core.h>

namespace tow::logstore {

namespace {

using model::Check;
using model::CheckState;

constexpr std::chrono::minutes kWindow{30};
constexpr std::size_t kStarts = 5;
constexpr std::chrono::minutes kShortLife{5};
constexpr double kBlackHole = 0.8;
constexpr double kHealthy = 0.2;
constexpr double kBeyondChance = 4;  // standard deviations: many entries are looked at, often
constexpr double kWorthTelling = 0.2;
constexpr double kCritical = 0.8;

// Of pilots that were taken back nobody knows how they would have ended.
bool counts(model::PilotOutcome outcome) noexcept {
    return model::has_ended(outcome) && outcome != model::PilotOutcome::Removed &&
           outcome != model::PilotOutcome::Unproven;
}

struct Start {
    base::Time at;
    std::chrono::seconds life{0};
    bool is_bad = false;
};

struct Node {
    std::vector<Start> starts;
    std::int64_t bad = 0;
};

struct Entry {
    std::map<std::string, Node> nodes;
    std::int64_t all = 0;
    std::int64_t bad = 0;
};

using Entries = std::map<std::string, Entry>;

Entries read_starts(const LogStore& store, const Query& query) {
    Entries entries;
    store.find(query, [&](const StoredPilot& pilot) {
        const record::Document document(pilot.record);
        const auto log = model::read_pilot_log(document.root());
        if (!log.node || !log.started_at || !counts(log.outcome)) {
            return true;
        }
        const bool is_bad = !model::is_good(log.outcome);
        auto& entry = entries[log.entry.value_or("")];
        auto& node = entry.nodes[*log.node];
        node.starts.push_back(
            {*log.started_at, std::chrono::seconds{log.wall_seconds.value_or(0)}, is_bad});
        node.bad += is_bad ? 1 : 0;
        entry.bad += is_bad ? 1 : 0;
        ++entry.all;
        return true;
    });
    return entries;
}

struct Hole {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t bad = 0;
};

// The window in which most pilots went in, if there is one that is black enough.
std::optional<Hole> worst_window(std::vector<Start>& starts) {
    std::ranges::sort(starts, {}, &Start::at);
    std::optional<Hole> worst;
    std::size_t begin = 0;
    for (std::size_t end = 1; end <= starts.size(); ++end) {
        while (starts[end - 1].at - starts[begin].at > kWindow) {
            ++begin;
        }
        const auto count = end - begin;
        const auto from = starts.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto to = starts.begin() + static_cast<std::ptrdiff_t>(end);
        const auto bad = static_cast<std::size_t>(
            std::count_if(from, to, [](const Start& start) { return start.is_bad; }));
        if (count < kStarts ||
            static_cast<double>(bad) <= kBlackHole * static_cast<double>(count)) {
            continue;
        }
        const auto brief =
            std::count_if(from, to, [](const Start& start) { return start.life < kShortLife; });
        if (2 * static_cast<std::size_t>(brief) > count && (!worst || bad > worst->bad)) {
            worst = Hole{begin, end, bad};
        }
    }
    return worst;
}

Check black_hole(const std::string& entry, const std::string& node, const Hole& hole,
                 const std::vector<Start>& starts) {
    Check check;
    check.check = "logs.black_hole";
    check.target = node;
    check.state = CheckState::Critical;
    check.reason = "black_hole";
    check.value = static_cast<double>(hole.bad) / static_cast<double>(hole.end - hole.begin);
    check.unit = "ratio";
    check.since = starts[hole.begin].at;
    check.message = fmt::format("{} of {} pilots that started within {} failed", hole.bad,
                                hole.end - hole.begin, base::format_duration(kWindow));
    check.advice = "ban the node, and tell the site";
    check.evidence.set("entry", entry);
    check.evidence.set("starts", static_cast<std::int64_t>(hole.end - hole.begin));
    return check;
}

struct Share {
    std::int64_t all = 0;
    std::int64_t bad = 0;
    std::map<std::string, std::int64_t> outcomes;

    double ratio() const noexcept {
        return all == 0 ? 0 : static_cast<double>(bad) / static_cast<double>(all);
    }
};

std::map<std::string, Share> shares(const LogStore& store, Query query, base::Time since,
                                    base::Time until) {
    query.since = since;
    query.until = until;
    std::map<std::string, Share> result;
    for (const auto& row : store.outcomes(query)) {
        const auto outcome = model::outcome_named(row.outcome);
        auto& share = result[row.entry];
        share.outcomes[row.outcome] += row.pilots;
        if (outcome && counts(*outcome)) {
            share.all += row.pilots;
            share.bad += model::is_good(*outcome) ? 0 : row.pilots;
        }
    }
    return result;
}

struct Both {
    std::map<std::string, Share> now;
    std::map<std::string, Share> before;
};

Both both_shares(const LogStore& store, const Query& query, const TroubleOptions& options) {
    const auto begin = options.now - options.recent;
    return {shares(store, query, begin, options.now + std::chrono::seconds{1}),
            shares(store, query, begin - options.before, begin)};
}

}  // namespace

double deviation(double bad, double all, double bad_before, double all_before) noexcept {
    if (all <= 0 || all_before <= 0) {
        return 0;
    }
    const double pooled = (bad + bad_before) / (all + all_before);
    const double error = std::sqrt(pooled * (1 - pooled) * (1 / all + 1 / all_before));
    return error > 0 ? (bad / all - bad_before / all_before) / error : 0;
}

std::vector<Check> black_holes(const LogStore& store, const Query& query,
                               const TroubleOptions& options) {
    auto recent = query;
    recent.since = query.since ? *query.since : options.now - options.recent;
    auto entries = read_starts(store, recent);
    std::vector<Check> checks;
    for (auto& [name, entry] : entries) {
        for (auto& [node_name, node] : entry.nodes) {
            const auto others = entry.all - static_cast<std::int64_t>(node.starts.size());
            const auto others_bad = static_cast<double>(entry.bad - node.bad);
            const auto hole = worst_window(node.starts);
            // Where the whole entry is ill, or there is nothing else of it, the node is not the
            // culprit.
            if (hole && others > 0 && others_bad < kHealthy * static_cast<double>(others)) {
                checks.push_back(black_hole(name, node_name, *hole, node.starts));
                checks.back().observed_at = options.now;
            }
        }
    }
    return checks;
}

std::vector<Check> sudden_changes(const LogStore& store, const Query& query,
                                  const TroubleOptions& options) {
    const auto both = both_shares(store, query, options);
    std::vector<Check> checks;
    for (const auto& [entry, now] : both.now) {
        const auto found = both.before.find(entry);
        if (found == both.before.end() || now.all < options.least ||
            found->second.all < options.least) {
            continue;
        }
        const auto& before = found->second;
        const auto sigma =
            deviation(static_cast<double>(now.bad), static_cast<double>(now.all),
                      static_cast<double>(before.bad), static_cast<double>(before.all));
        if (sigma < kBeyondChance || now.ratio() - before.ratio() < kWorthTelling) {
            continue;
        }
        Check check;
        check.check = "logs.failures";
        check.target = entry;
        check.state = now.ratio() >= kCritical ? CheckState::Critical : CheckState::Warning;
        check.reason = "sudden_change";
        check.value = now.ratio();
        check.unit = "ratio";
        check.message = fmt::format("{} of {} pilots failed, before it were {} of {}", now.bad,
                                    now.all, before.bad, before.all);
        check.advice = "look at tow-logs summary for this entry, and stop sending to it";
        check.evidence.set("ratio_before", before.ratio());
        check.evidence.set("sigmas", sigma);
        check.observed_at = options.now;
        checks.push_back(std::move(check));
    }
    return checks;
}

std::vector<record::Object> differences(const LogStore& store, const Query& query,
                                        const TroubleOptions& options) {
    const auto both = both_shares(store, query, options);
    std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, std::int64_t>> cells;
    std::map<std::string, std::pair<std::int64_t, std::int64_t>> totals;
    for (const auto& [entry, share] : both.now) {
        for (const auto& [outcome, pilots] : share.outcomes) {
            cells[{entry, outcome}].first = pilots;
            totals[entry].first += pilots;
        }
    }
    for (const auto& [entry, share] : both.before) {
        for (const auto& [outcome, pilots] : share.outcomes) {
            cells[{entry, outcome}].second = pilots;
            totals[entry].second += pilots;
        }
    }
    std::vector<record::Object> records;
    for (const auto& [key, pilots] : cells) {
        const auto [all, all_before] = totals[key.first];
        auto object = record::new_record("outcome_change");
        object.set("entry", key.first);
        object.set("outcome", key.second);
        object.set("pilots", pilots.first);
        object.set("pilots_before", pilots.second);
        const auto set_ratio = [&](std::string_view name, std::int64_t part, std::int64_t whole) {
            if (whole > 0) {
                object.set(name, static_cast<double>(part) / static_cast<double>(whole));
            }
        };
        set_ratio("ratio", pilots.first, all);
        set_ratio("ratio_before", pilots.second, all_before);
        const auto sigma =
            deviation(static_cast<double>(pilots.first), static_cast<double>(all),
                      static_cast<double>(pilots.second), static_cast<double>(all_before));
        object.set("is_change", std::abs(sigma) >= kBeyondChance && all >= options.least &&
                                    all_before >= options.least);
        records.push_back(std::move(object));
    }
    return records;
}

}  // namespace tow::logstore
