#include "policy/what_if.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace tow::policy {

namespace {

struct Assignment {
    std::string_view whom;  // empty: all entries
    std::string_view key;
    std::string_view value;
};

[[noreturn]] void reject(std::string_view text, std::string_view why) {
    throw base::Error(base::Kind::Usage,
                      fmt::format("--what-if {}: {}", base::printable(text), why),
                      "e.g. --what-if max_submit=10, --what-if 'T2_US_*.max_pilots=4', "
                      "--what-if 'AWS_*.per_core_hour=0.04'");
}

Assignment read_assignment(std::string_view text) {
    const auto equals = text.rfind('=');
    if (equals == std::string_view::npos) {
        reject(text, "expected KEY=VALUE");
    }
    const auto left = text.substr(0, equals);
    const auto dot = left.rfind('.');
    const bool is_global = dot == std::string_view::npos;
    return {is_global ? std::string_view{} : left.substr(0, dot),
            is_global ? left : left.substr(dot + 1), text.substr(equals + 1)};
}

// A number if it looks like one, else text.
record::Value value_of(std::string_view text) {
    try {
        auto value = record::parse_json(text);
        return value.number() ? value : record::Value(text);
    } catch (const base::Error&) {
        return {text};
    }
}

Limit* limit_of(Policy& policy, const Assignment& assignment) {
    for (auto& cap : policy.caps) {
        for (auto& limit : cap.limits) {
            if (cap.name == assignment.whom && limit.name == assignment.key) {
                return &limit;
            }
        }
    }
    return nullptr;
}

bool set_price(model::Entry& entry, std::string_view key, double value) {
    auto cost = entry.cost.value_or(model::Cost{});
    if (key == "per_core_hour") {
        cost.per_core_hour = value;
    } else if (key == "performance") {
        cost.performance = value;
    } else {
        return false;
    }
    entry.cost = cost;
    return true;
}

void suppose_of_entries(std::string_view text, const Assignment& assignment,
                        plan::Situation& situation) {
    const auto value = value_of(assignment.value);
    bool is_any = false;
    for (auto& entry : situation.entries) {
        if (!base::matches_pattern(assignment.whom, entry.name)) {
            continue;
        }
        is_any = true;
        const auto number = value.number().value_or(-1);
        if (number >= 0 && set_price(entry, assignment.key, number)) {
            continue;
        }
        if (const auto problem = model::override_problem(assignment.key, value); !problem.empty()) {
            reject(text, problem);
        }
    }
    if (!is_any) {
        reject(text, fmt::format("no cap and no entry is called {}", assignment.whom));
    }
    if (assignment.key != "per_core_hour" && assignment.key != "performance") {
        model::Override supposed;
        supposed.id = std::string(26, 'Z');  // after all that were ever set
        supposed.entries = assignment.whom;
        supposed.values.set(assignment.key, value);
        supposed.until = base::Time::max();
        supposed.author = "--what-if";
        supposed.why = text;
        situation.overrides.push_back(std::move(supposed));
    }
}

}  // namespace

void limit_all(Policy& policy, plan::Scope scope, std::string_view name, std::int64_t amount) {
    constexpr std::string_view kAll = "all entries";
    for (auto& cap : policy.caps) {
        for (auto& limit : cap.limits) {
            if (cap.name == kAll && limit.name == name) {
                limit.amount = amount;
                return;
            }
        }
    }
    policy.caps.push_back(
        {std::string(kAll), {}, {{std::string(name), plan::Measure::Pilots, scope, amount}}});
}

void suppose(std::string_view text, Policy& policy, plan::Situation& situation) {
    const auto assignment = read_assignment(text);
    const auto count = value_of(assignment.value).integer().value_or(-1);
    if (!assignment.whom.empty() && limit_of(policy, assignment) == nullptr) {
        suppose_of_entries(text, assignment, situation);
        return;
    }
    if (count < 0) {
        reject(text, "expected an integer of at least 0");
    }
    if (auto* limit = limit_of(policy, assignment)) {
        limit->amount = count;
        return;
    }
    constexpr std::array<std::pair<std::string_view, plan::Scope>, 3> kGlobal{
        {{"max_pilots", plan::Scope::Existing},
         {"max_pending", plan::Scope::Pending},
         {"max_submit", plan::Scope::Decision}}};
    const auto* known = std::ranges::find(kGlobal, assignment.key,
                                          &std::pair<std::string_view, plan::Scope>::first);
    if (known == kGlobal.end()) {
        reject(text, "over all entries there are max_pilots, max_pending, max_submit");
    }
    limit_all(policy, known->second, known->first, count);
}

}  // namespace tow::policy
