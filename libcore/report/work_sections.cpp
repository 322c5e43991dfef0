// The sections about jobs that wait, pilots that failed, waste and cost.
#include "base/text.hpp"
#include "base/units.hpp"
#include "report/sections.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/core.h>

namespace tow::report {

namespace {

constexpr std::size_t kMostRows = 50;  // of a table that is about the largest of many

std::string shape_text(const model::Resources& request) {
    auto text = fmt::format("{} {}, {}", request.cpus, request.cpus == 1 ? "core" : "cores",
                            base::format_bytes(request.memory_bytes));
    if (request.gpus.value_or(0) > 0) {
        text += fmt::format(", {} GPUs", *request.gpus);
    }
    if (request.walltime) {
        text += ", " + base::format_duration(*request.walltime);
    }
    return text;
}

// "A, B and 12 more"
std::string some_of(const std::vector<std::string>& names) {
    constexpr std::size_t kShown = 3;
    if (names.size() <= kShown) {
        return base::join(names, ", ");
    }
    const std::vector<std::string> first(names.begin(), names.begin() + kShown);
    return fmt::format("{} and {} more", base::join(first, ", "), names.size() - kShown);
}

// Idle jobs of at least an hour, if the record tells them apart.
std::string old_jobs(const model::JobClass& job_class) {
    for (const auto& age : job_class.idle_by_age) {
        if (age.min_age >= std::chrono::hours{1}) {
            return fmt::format("{}", age.jobs);
        }
    }
    return "";
}

struct Failure {
    std::int64_t pilots = 0;
    std::set<std::string> entries;
    std::optional<base::Time> latest;
};

// What pilots of one kind of end have in common: state, exit code, reason.
using FailureKind = std::tuple<std::string, std::string, std::string>;

std::map<FailureKind, Failure> failures_of(const Snapshot& snapshot) {
    std::map<std::string_view, const model::Pilot*> pilots;
    for (const auto& pilot : snapshot.input.situation.pilots) {
        pilots[pilot.id] = &pilot;
    }
    std::map<FailureKind, Failure> failures;
    for (const auto& [id, pilot] : pilots) {
        using enum model::PilotState;
        if (pilot->state != Failed && pilot->state != Lost && pilot->state != Held) {
            continue;
        }
        const auto code = pilot->state == Held ? pilot->hold_code : pilot->exit_code;
        auto& failure = failures[{std::string(model::state_name(pilot->state)),
                                  code ? std::to_string(*code) : "", pilot->reason.value_or("")}];
        ++failure.pilots;
        failure.entries.insert(pilot->entry);
        failure.latest = std::max(failure.latest, pilot->ended_at);
    }
    return failures;
}

Table entry_costs(const std::string& currency, const CurrencySpent& spent) {
    Table table{fmt::format("Cost by entry, in {}", currency),
                {{"Entry"},
                 {"Today", true},
                 {"This month", true},
                 {"Committed", true},
                 {"Share of the month", false, true}},
                {}};
    std::vector<const std::pair<const std::string, Spent>*> order;
    for (const auto& each : spent.by_entry) {
        order.push_back(&each);
    }
    std::ranges::stable_sort(order, [](const auto* a, const auto* b) {
        return a->second.this_month > b->second.this_month;
    });
    order.resize(std::min(order.size(), kMostRows));
    for (const auto* each : order) {
        Cell share;
        if (spent.this_month > 0) {
            share.share = each->second.this_month / spent.this_month;
            share.text = fmt::format("{:.0f} %", *share.share * 100);
        }
        table.rows.push_back({each->first, hours_text(each->second.today),
                              hours_text(each->second.this_month),
                              hours_text(each->second.committed), share});
    }
    return table;
}

Table budget_table(const std::vector<Budget>& budgets) {
    Table table{"Budgets; what living pilots may still use is committed",
                {{"Budget"},
                 {"Limit", true},
                 {"Used", true},
                 {"Committed", true},
                 {"Unit"},
                 {"Used and committed"}},
                {}};
    for (const auto& budget : budgets) {
        Cell share(fmt::format("{:.0f} %", budget.share() * 100),
                   budget.share() >= 1    ? Tone::Critical
                   : budget.share() >= .9 ? Tone::Warning
                                          : Tone::Plain);
        share.share = std::min(1.0, budget.share());
        table.rows.push_back({budget.name, hours_text(budget.limit), hours_text(budget.used),
                              hours_text(budget.committed), budget.unit, share});
    }
    return table;
}

void add_daily(Section& section, const std::string& title, const std::string& unit,
               const std::map<base::Time, double>& by_day) {
    if (by_day.size() < 2) {
        return;
    }
    Plot plot{title, unit, {}, {{unit, {}}}, false};
    for (const auto& [day, amount] : by_day) {
        plot.times.push_back(day);
        plot.series[0].values.emplace_back(amount);
    }
    section.blocks.emplace_back(std::move(plot));
}

}  // namespace

Section work_section(const Material& material) {
    Section section{"work", "What waits", {}};
    std::vector<const model::JobClass*> order;
    for (const auto& job_class : material.snapshot.input.situation.classes) {
        if (job_class.idle_jobs > 0) {
            order.push_back(&job_class);
        }
    }
    if (order.empty()) {
        return section;
    }
    // Those that can run nowhere need somebody; then the many.
    std::ranges::stable_sort(order, [](const auto* a, const auto* b) {
        return a->entries.empty() != b->entries.empty() ? a->entries.empty()
                                                        : a->idle_jobs > b->idle_jobs;
    });
    Table table{fmt::format("Idle jobs that can run at the same entries: {} kinds", order.size()),
                {{"Asks for"},
                 {"Group", false, true},
                 {"Waiting", true},
                 {"Over 1h", true, true},
                 {"Running", true},
                 {"Entries", true},
                 {"Can run at"}},
                {}};
    for (const auto* each : order) {
        if (table.rows.size() == kMostRows) {
            break;
        }
        const bool is_lost = each->entries.empty();
        table.rows.push_back(
            {shape_text(each->request), each->group.value_or(""), std::to_string(each->idle_jobs),
             old_jobs(*each), std::to_string(each->running_jobs),
             std::to_string(each->entries.size()),
             is_lost ? Cell("no entry", Tone::Critical) : Cell(some_of(each->entries))});
    }
    section.blocks.emplace_back(std::move(table));
    return section;
}

Section failure_section(const Material& material) {
    Section section{"failures", "Pilots that failed or are held", {}};
    const auto failures = failures_of(material.snapshot);
    if (failures.empty()) {
        return section;
    }
    std::vector<std::pair<FailureKind, Failure>> order(failures.begin(), failures.end());
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [](const auto& each) { return each.second.pilots; });
    Table table{"By state, code and reason, the most frequent first",
                {{"State"},
                 {"Code", true},
                 {"Reason"},
                 {"Pilots", true},
                 {"Last", false, true},
                 {"Entries"}},
                {}};
    for (const auto& [kind, failure] : order) {
        if (table.rows.size() == kMostRows) {
            break;
        }
        const auto& [state, code, reason] = kind;
        table.rows.push_back({{state, state == "held" ? Tone::Warning : Tone::Critical},
                              code,
                              reason.empty() ? "none given" : reason,
                              std::to_string(failure.pilots),
                              failure.latest ? age_text(*failure.latest, material.now) : "",
                              some_of({failure.entries.begin(), failure.entries.end()})});
    }
    section.blocks.emplace_back(std::move(table));
    return section;
}

Section waste_section(const Material& material) {
    Section section{"waste", "Waste", {}};
    const auto& overview = material.overview;
    if (overview.lost_core_hours <= 0 && overview.pilots.idle_cores.value_or(0) <= 0) {
        return section;
    }
    Figures figures;
    figures.figures.push_back({"Core hours lost", hours_text(overview.lost_core_hours),
                               "of pilots that failed or were lost"});
    if (const auto& idle = overview.pilots.idle_cores) {
        const auto all = *idle + overview.pilots.busy_cores.value_or(0);
        figures.figures.push_back(
            {"Cores idle now", std::to_string(*idle),
             all > 0 ? fmt::format("{:.0f} % of those that run",
                                   100.0 * static_cast<double>(*idle) / static_cast<double>(all))
                     : ""});
    }
    section.blocks.emplace_back(std::move(figures));
    std::vector<const EntryLine*> order;
    for (const auto& line : overview.lines) {
        if (line.lost_core_hours > 0 || line.pilots.idle_cores.value_or(0) > 0) {
            order.push_back(&line);
        }
    }
    std::ranges::stable_sort(order, [](const EntryLine* a, const EntryLine* b) {
        return std::pair(a->lost_core_hours, a->pilots.idle_cores.value_or(0)) >
               std::pair(b->lost_core_hours, b->pilots.idle_cores.value_or(0));
    });
    order.resize(std::min(order.size(), kMostRows));
    Table table{"Entries that waste most",
                {{"Entry"},
                 {"Core hours lost", true},
                 {"Failed", true},
                 {"Lost", true},
                 {"Done", true},
                 {"Idle cores", true}},
                {}};
    for (const auto* line : order) {
        table.rows.push_back(
            {line->entry, hours_text(line->lost_core_hours), std::to_string(line->pilots.failed),
             std::to_string(line->pilots.lost), std::to_string(line->pilots.done),
             line->pilots.idle_cores ? std::to_string(*line->pilots.idle_cores) : ""});
    }
    section.blocks.emplace_back(std::move(table));
    return section;
}

Section cost_section(const Material& material) {
    Section section{"cost", "Use and cost", {}};
    const auto& spending = material.spending;
    if (!spending.budgets.empty()) {
        section.blocks.emplace_back(budget_table(spending.budgets));
    }
    if (!spending.budget_problem.empty()) {
        section.blocks.emplace_back(
            Note{"The budgets of the policy cannot be told: " + spending.budget_problem});
    }
    add_daily(section, "Core hours per day", "core hours", spending.core_hours_by_day);
    for (const auto& [currency, spent] : spending.by_currency) {
        add_daily(section, "Cost per day, " + currency, currency, spent.by_day);
        section.blocks.emplace_back(entry_costs(currency, spent));
    }
    return section;
}

}  // namespace tow::report
