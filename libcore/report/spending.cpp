#include "report/spending.hpp"

#include "base/error.hpp"
#include "plan/caps.hpp"
#include "policy/figures.hpp"
#include "policy/resolve.hpp"

#include <algorithm>

namespace tow::report {

namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kMicro = 1e6;

double amount_of(const model::Use& use, const plan::CapTerms& cap, const model::Entry& entry) {
    const auto core_seconds = static_cast<double>(bounded(use.core_seconds));
    switch (cap.measure) {
        case plan::Measure::Pilots:
            return static_cast<double>(bounded(use.pilots));
        case plan::Measure::MicroCost:
            return bounded(use.cost);
        case plan::Measure::Charge:
            return static_cast<double>(plan::charged_seconds(core_seconds, entry)) /
                   kSecondsPerHour;
        case plan::Measure::CoreSeconds:
        case plan::Measure::Cores:
            break;
    }
    return core_seconds / kSecondsPerHour;
}

std::string unit_of(const plan::CapTerms& cap) {
    switch (cap.measure) {
        case plan::Measure::Pilots:
            return "pilots";
        case plan::Measure::MicroCost:
            return cap.currency;
        case plan::Measure::Charge:
            return "hours charged";
        case plan::Measure::CoreSeconds:
        case plan::Measure::Cores:
            break;
    }
    return "core hours";
}

double limit_of(const plan::CapTerms& cap) {
    const auto limit = static_cast<double>(cap.limit);
    switch (cap.measure) {
        case plan::Measure::CoreSeconds:
        case plan::Measure::Charge:
            return limit / kSecondsPerHour;
        case plan::Measure::MicroCost:
            return limit / kMicro;
        case plan::Measure::Pilots:
        case plan::Measure::Cores:
            break;
    }
    return limit;
}

using UsageByEntry = std::map<std::string, const model::Usage*>;

Budget budget_of(const plan::CapTerms& cap, const plan::Terms& terms, const UsageByEntry& usages) {
    Budget budget{cap.name, unit_of(cap), limit_of(cap)};
    const auto from = std::chrono::floor<std::chrono::days>(cap.window_from);
    for (const auto index : cap.entries) {
        const auto& entry = terms.entries.at(index).entry;
        const auto usage = usages.find(entry.name);
        if (usage == usages.end() || (cap.measure == plan::Measure::MicroCost &&
                                      usage->second->currency.value_or("") != cap.currency)) {
            continue;
        }
        for (const auto& day : usage->second->days) {
            budget.used += day.day >= from ? amount_of(day.use, cap, entry) : 0;
        }
        budget.committed += amount_of(usage->second->committed, cap, entry);
    }
    return budget;
}

void add_usage(Spending& spending, const model::Usage& usage, base::Time now) {
    const auto month = policy::start_of_month(now);
    const auto today = std::chrono::floor<std::chrono::days>(now);
    auto* money = usage.currency ? &spending.by_currency[*usage.currency] : nullptr;
    Spent here;
    for (const auto& [day, use] : usage.days) {
        spending.core_hours_by_day[day] +=
            static_cast<double>(bounded(use.core_seconds)) / kSecondsPerHour;
        const auto cost = bounded(use.cost);
        here.today += day == today ? cost : 0;
        here.this_month += day >= month ? cost : 0;
        if (money != nullptr) {
            money->by_day[day] += cost;
        }
    }
    here.committed = bounded(usage.committed.cost);
    if (money != nullptr) {
        money->today += here.today;
        money->this_month += here.this_month;
        money->committed += here.committed;
        money->by_entry[usage.entry] = here;
    }
}

}  // namespace

double Budget::share() const noexcept {
    return limit > 0 ? (used + committed) / limit : used + committed > 0 ? 1 : 0;
}

Spending make_spending(const Snapshot& snapshot, base::Time now) {
    const auto& input = snapshot.input;
    UsageByEntry usages;  // the last of each entry
    for (const auto& usage : input.situation.usages) {
        usages[usage.entry] = &usage;
    }
    Spending spending;
    for (const auto& [entry, usage] : usages) {
        add_usage(spending, *usage, now);
    }
    if (!input.recipe) {
        return spending;
    }
    try {
        const auto terms =
            policy::resolve(policy::make_policy(*input.recipe), input.situation, now);
        for (const auto& cap : terms.caps) {
            if (cap.scope == plan::Scope::Window) {
                spending.budgets.push_back(budget_of(cap, terms, usages));
            }
        }
    } catch (const base::Error& error) {  // a policy that does not fit this stream
        spending.budget_problem = error.what();
    }
    std::ranges::sort(spending.budgets, std::ranges::greater{}, &Budget::share);
    return spending;
}

}  // namespace tow::report
