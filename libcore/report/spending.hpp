// What pilots cost, by the ledger, and how much of each budget of the policy is used.
#pragma once

#include "base/clock.hpp"
#include "plan/terms.hpp"
#include "report/snapshot.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tow::report {

struct Spent {
    double today = 0;
    double this_month = 0;  // of the calendar, UTC
    double committed = 0;   // to the end of the wall time of those that live
};

struct CurrencySpent : Spent {
    std::map<std::string, Spent> by_entry;
    std::map<base::Time, double> by_day;
};

// A limit of the policy on what is used in a window: money, core hours or pilots.
struct Budget {
    std::string name;  // as in explanations of tow-plan: "cost per month of cloud"
    std::string unit;  // currency, "core hours" or "pilots"
    double limit = 0;
    double used = 0;
    double committed = 0;

    double share() const noexcept;  // of the limit that is used, committed included
};

struct Spending {
    std::map<std::string, CurrencySpent> by_currency;
    std::map<base::Time, double> core_hours_by_day;
    std::vector<Budget> budgets;
    std::string budget_problem;  // why the budgets of the policy cannot be told; empty: they can
};

Spending make_spending(const Snapshot& snapshot, base::Time now);

}  // namespace tow::report
