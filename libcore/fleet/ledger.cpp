#include "fleet/ledger.hpp"

#include "fleet/state_file.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace tow::fleet {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

constexpr days kLongestLife{366};

struct Price {
    std::string currency;
    double per_core_hour = 0;

    friend bool operator<(const Price& a, const Price& b) {
        return std::tie(a.currency, a.per_core_hour) < std::tie(b.currency, b.per_core_hour);
    }
};

Price price_of(const Row& row) {
    return {row.currency.value_or(""), row.cost_per_core_hour.value_or(0)};
}

struct Sums {
    std::int64_t pilots = 0;
    std::int64_t core_seconds = 0;

    void add(const DayUse& use) {
        pilots += use.pilots;
        core_seconds += use.core_seconds;
    }

    bool is_nothing() const noexcept { return pilots == 0 && core_seconds == 0; }
};

using ByPrice = std::map<Price, Sums>;

struct Account {
    std::map<base::Time, ByPrice> days;
    ByPrice committed;
};

// Costs of different currencies do not add up: that of the latest use is the one that is told.
std::optional<std::string> currency_of(const Account& account) {
    std::optional<std::string> latest;
    const auto look_at = [&](const ByPrice& prices) {
        for (const auto& [price, sums] : prices) {
            if (!price.currency.empty()) {
                latest = price.currency;
            }
        }
    };
    for (const auto& [day, prices] : account.days) {
        look_at(prices);
    }
    look_at(account.committed);
    return latest;
}

model::Use total(const ByPrice& prices, const std::optional<std::string>& currency) {
    constexpr double kSecondsPerHour = 3600;
    model::Use use;
    for (const auto& [price, sums] : prices) {
        use.pilots += sums.pilots;
        use.core_seconds += sums.core_seconds;
        if (price.currency == currency.value_or("")) {
            use.cost +=
                static_cast<double>(sums.core_seconds) * price.per_core_hour / kSecondsPerHour;
        }
    }
    return use;
}

bool is_nothing(const ByPrice& prices) {
    return std::ranges::all_of(prices, [](const auto& item) { return item.second.is_nothing(); });
}

model::Usage usage_of(const std::string& entry, const Account& account, base::Time now) {
    model::Usage usage;
    usage.entry = entry;
    usage.currency = currency_of(account);
    for (const auto& [day, prices] : account.days) {
        if (!is_nothing(prices)) {
            usage.days.push_back({day, total(prices, usage.currency)});
        }
    }
    usage.committed = total(account.committed, usage.currency);
    usage.observed_at = now;
    return usage;
}

}  // namespace

std::vector<DayUse> use_of(const Row& row, base::Time now) {
    if (!row.pilot.started_at) {
        return {};
    }
    const auto start = *row.pilot.started_at;
    auto end = row.pilot.ended_at.value_or(now);
    if (row.pilot.state == model::PilotState::Lost) {  // missed then; it may have ended long before
        end = std::min(end, row.pilot.expires_at.value_or(end));
    }
    end = std::max(start, end);
    auto from = std::max(start, end - kLongestLife);
    std::vector<DayUse> result;
    do {
        const base::Time day = floor<days>(from);
        const auto until = std::min(end, day + days{1});
        result.push_back({day, 0, row.cores * seconds{until - from}.count()});
        from = until;
    } while (from < end);
    result.front().pilots = 1;
    return result;
}

DayUse committed_use(const Row& row, base::Time now) {
    DayUse use;
    if (model::has_ended(row.pilot.state)) {
        return use;
    }
    const auto& pilot = row.pilot;
    auto left = row.walltime.value_or(seconds{0});
    if (pilot.started_at) {
        left = pilot.expires_at.value_or(*pilot.started_at + left) - now;
    } else {
        use.pilots = 1;
    }
    use.core_seconds = row.cores * std::clamp(left, seconds{0}, seconds{kLongestLife}).count();
    return use;
}

void Ledger::add(const Row& ended, std::int64_t sign) const {
    const auto price = price_of(ended);
    for (const auto& use : use_of(ended, ended.pilot.started_at.value_or(base::Time{}))) {
        database_
            .prepare(
                "INSERT INTO use_of_day VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "pilots = pilots + excluded.pilots, "
                "core_seconds = core_seconds + excluded.core_seconds")
            .bind(to_seconds(use.day))
            .bind(ended.pilot.entry)
            .bind(price.currency)
            .bind(price.per_core_hour)
            .bind(sign * use.pilots)
            .bind(sign * use.core_seconds)
            .run();
    }
}

std::vector<model::Usage> Ledger::usage(std::span<const Row> living, base::Time now) const {
    const base::Time first = floor<days>(now) - kLedgerDays + days{1};
    std::map<std::string, Account> accounts;
    auto rows = database_.prepare(
        "SELECT day, entry, currency, cost_per_core_hour, pilots, core_seconds FROM use_of_day "
        "WHERE day >= ?");
    rows.bind(to_seconds(first));
    while (rows.step()) {
        auto& prices = accounts[rows.text(1)].days[from_seconds(rows.integer(0))];
        auto& sums = prices[{rows.text(2), rows.real(3)}];
        sums.add({{}, rows.integer(4), rows.integer(5)});
    }
    for (const auto& row : living) {
        auto& account = accounts[row.pilot.entry];
        const auto price = price_of(row);
        for (const auto& use : use_of(row, now)) {
            if (use.day >= first) {
                account.days[use.day][price].add(use);
            }
        }
        account.committed[price].add(committed_use(row, now));
    }
    std::vector<model::Usage> result;
    for (const auto& [entry, account] : accounts) {
        auto usage = usage_of(entry, account, now);
        if (!usage.days.empty() || usage.committed != model::Use{}) {
            result.push_back(std::move(usage));
        }
    }
    return result;
}

}  // namespace tow::fleet
