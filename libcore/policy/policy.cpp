#include "policy/policy.hpp"

#include "base/error.hpp"
#include "policy/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

namespace tow::policy {

namespace {

using config::MapReader;
using config::Node;
using plan::Measure;
using plan::Scope;

constexpr double kMicro = 1e6;
constexpr double kMost = 1e9;  // core hours, or units of money

template <class Each>
void each_item(MapReader& reader, std::string_view key, Each each) {
    if (const auto* list = reader.get(key)) {
        if (list->kind() != Node::Kind::List) {
            list->expected("a list");
        }
        for (const auto& item : list->items()) {
            each(item);
        }
    }
}

// An enumeration by the names of its values, in their order.
template <class Enum, std::size_t Size>
Enum read_choice(const Node& node, const std::array<std::string_view, Size>& names,
                 std::string_view what) {
    const auto* known = std::find(names.begin(), names.end(), node.string());
    if (known == names.end()) {
        node.expected(what);
    }
    return static_cast<Enum>(known - names.begin());
}

double amount_of(const Node& node) {
    const auto value = node.real();
    if (!(value >= 0 && value <= kMost)) {
        node.expected("a number from 0 to 1000000000");
    }
    return value;
}

void set_window(Limit& limit, const Node& per) {
    limit.scope = Scope::Window;
    if (per.string() == "day" || per.string() == "month") {
        limit.window = per.string() == "day" ? Window::Day : Window::Month;
        return;
    }
    limit.window = Window::Rolling;
    limit.length = per.duration();
    if (limit.length <= std::chrono::seconds{0} || limit.length > kLedgerLength) {
        per.expected("day, month, or a duration up to 61d");
    }
}

// {per: month, cost: 500, currency: USD}
Limit read_budget(const Node& item) {
    MapReader reader(item);
    Limit limit;
    const auto& per = reader.require("per");
    set_window(limit, per);
    const auto* pilots = reader.get("pilots");
    const auto* core_hours = reader.get("core_hours");
    const auto* cost = reader.get("cost");
    if ((pilots != nullptr) + (core_hours != nullptr) + (cost != nullptr) != 1) {
        item.reject("expected one of pilots, core_hours, cost");
    }
    std::string_view what = "pilots";
    if (pilots != nullptr) {
        limit.amount = static_cast<std::int64_t>(amount_of(*pilots));
    } else if (core_hours != nullptr) {
        what = "core_hours";
        limit.measure = Measure::CoreSeconds;
        limit.amount = std::llround(amount_of(*core_hours) * 3600);
    } else {
        what = "cost";
        limit.measure = Measure::MicroCost;
        limit.amount = std::llround(amount_of(*cost) * kMicro);
        limit.currency = reader.require("currency").string();
    }
    limit.name = fmt::format("{} per {}", what, per.string());
    reader.finish();
    return limit;
}

void read_curb(const Node& node, std::vector<Limit>& limits) {
    MapReader reader(node);
    for (const auto& [key, scope] :
         {std::pair{"pilots", Scope::Existing}, std::pair{"pending", Scope::Pending}}) {
        if (const auto count = reader.count(key)) {
            limits.push_back({fmt::format("curb {}", key), Measure::Pilots, scope, *count, true});
        }
    }
    reader.finish();
}

Cap read_cap(const Node& item) {
    MapReader reader(item);
    Cap cap;
    const auto name = reader.string("name");
    cap.selector = Selector::read(reader);
    cap.name = name.value_or(cap.selector.text());
    cap.limits = read_limits(reader);
    reader.finish();
    if (cap.limits.empty()) {
        item.reject(
            "expected a limit: max_pilots, max_pending, max_submit, max_cores, "
            "max_pending_cores, max_submit_cores, budget or curb");
    }
    return cap;
}

void read_full(const Node& node, plan::SpillTerms& terms) {
    MapReader reader(node);
    terms.min_full_pending = reader.count("min_pending").value_or(terms.min_full_pending);
    terms.full_after = reader.duration("after").value_or(terms.full_after);
    terms.quiet_for = reader.duration("quiet").value_or(terms.quiet_for);
    terms.looks = reader.count("looks").value_or(terms.looks);
    reader.finish();
}

// A stage may have limits of its own: they become a cap.
Spill read_spill(const Node& item, std::vector<Cap>& caps) {
    MapReader reader(item);
    Spill spill;
    spill.origin = item.origin();
    spill.terms.name = reader.string("name").value_or("spill");
    if (const auto* full = reader.get("full")) {
        read_full(*full, spill.terms);
    }
    const auto& stages = reader.require("stages");
    if (stages.kind() != Node::Kind::List || stages.items().size() < 2) {
        stages.reject("expected a list of at least two stages");
    }
    for (const auto& stage : stages.items()) {
        MapReader fields(stage);
        auto selector = Selector::read(fields);
        auto limits = read_limits(fields);
        spill.stages.push_back({selector, fields.count("enough")});
        fields.finish();
        if (!limits.empty()) {
            caps.push_back({fmt::format("{} stage {}", spill.terms.name, spill.stages.size()),
                            std::move(selector), std::move(limits)});
        }
    }
    reader.finish();
    return spill;
}

plan::RemovalTerms read_removal(MapReader& reader) {
    plan::RemovalTerms terms;
    const auto& what = reader.require("what");
    const auto known = model::remove_what(what.string());
    if (!known) {
        what.expected("one of none, unsubmitted, pending, idle, all");
    }
    terms.what = *known;
    terms.after_looks = reader.count("after_looks").value_or(terms.after_looks);
    terms.most = reader.count("max_remove").value_or(terms.most);
    terms.margin = reader.count("margin").value_or(terms.margin);
    if (const auto* stuck = reader.get("stuck")) {
        MapReader fields(*stuck);
        terms.stuck_after = fields.require("after").duration();
        terms.stuck_keep = fields.count("keep").value_or(0);
        fields.finish();
    }
    return terms;
}

plan::BreakerTerms read_breaker(MapReader& reader) {
    plan::BreakerTerms terms;
    terms.is_on = reader.boolean("on").value_or(true);
    terms.window = reader.duration("window").value_or(terms.window);
    terms.short_life = reader.duration("short").value_or(terms.short_life);
    terms.cool_down = reader.duration("cool_down").value_or(terms.cool_down);
    terms.dead_after = reader.duration("dead_after").value_or(*terms.dead_after);
    terms.sample = reader.count("sample").value_or(terms.sample);
    terms.bound = reader.real("share").value_or(terms.bound);
    if (!(terms.bound > 0 && terms.bound < 1)) {
        reader.require("share").expected("a number between 0 and 1");
    }
    return terms;
}

plan::DowntimeTerms read_downtime(MapReader& reader) {
    plan::DowntimeTerms terms;
    const auto& ahead = reader.require("ahead");
    constexpr std::array<std::string_view, 3> kNames{"refuse", "shorten", "ignore"};
    terms.ahead = read_choice<plan::Outage>(ahead, kNames, "one of refuse, shorten, ignore");
    terms.min_walltime = reader.duration("min_walltime").value_or(terms.min_walltime);
    return terms;
}

// Lists of {selector, terms}.
template <class Terms, class Read>
std::vector<For<Terms>> read_list(MapReader& reader, std::string_view key, Read read) {
    std::vector<For<Terms>> result;
    each_item(reader, key, [&](const Node& item) {
        MapReader fields(item);
        auto selector = Selector::read(fields);
        auto terms = read(fields);
        fields.finish();
        result.push_back({std::move(selector), std::move(terms)});
    });
    return result;
}

void read_order(const Node& node, Policy& policy) {
    MapReader reader(node);
    if (const auto* merit = reader.get("merit")) {
        constexpr std::array<std::string_view, 3> kNames{"none", "price", "hepcloud"};
        policy.merit = read_choice<plan::Merit>(*merit, kNames, "one of none, price, hepcloud");
    }
    policy.by_health = reader.boolean("health").value_or(false);
    reader.finish();
}

}  // namespace

std::vector<Limit> read_limits(MapReader& reader) {
    struct Kind {
        std::string_view key;
        Measure measure;
        Scope scope;
    };
    constexpr std::array kKinds{Kind{"max_pilots", Measure::Pilots, Scope::Existing},
                                Kind{"max_pending", Measure::Pilots, Scope::Pending},
                                Kind{"max_submit", Measure::Pilots, Scope::Decision},
                                Kind{"max_cores", Measure::Cores, Scope::Existing},
                                Kind{"max_pending_cores", Measure::Cores, Scope::Pending},
                                Kind{"max_submit_cores", Measure::Cores, Scope::Decision}};
    std::vector<Limit> limits;
    for (const auto& [key, measure, scope] : kKinds) {
        if (const auto count = reader.count(key)) {
            limits.push_back({std::string(key), measure, scope, *count});
        }
    }
    each_item(reader, "budget", [&](const Node& item) { limits.push_back(read_budget(item)); });
    if (const auto* curb = reader.get("curb")) {
        read_curb(*curb, limits);
    }
    return limits;
}

Policy read_policy(const Node& file) {
    MapReader reader(file);
    Policy policy;
    if (const auto* order = reader.get("prefer")) {
        read_order(*order, policy);
    }
    each_item(reader, "caps", [&](const Node& item) { policy.caps.push_back(read_cap(item)); });
    each_item(reader, "spill",
              [&](const Node& item) { policy.spills.push_back(read_spill(item, policy.caps)); });
    policy.shapes = read_list<std::vector<plan::Step>>(
        reader, "shape", [](MapReader& fields) { return read_chain(fields.require("steps")); });
    policy.removals = read_list<plan::RemovalTerms>(reader, "remove", read_removal);
    for (const auto& removal : policy.removals) {
        if (removal.terms.what == model::RemoveWhat::All && !removal.selector.names_entries()) {
            base::fail(base::Kind::Config,
                       "{}: what: all ends running pilots; name its entries one by one",
                       removal.selector.origin().text());
        }
    }
    policy.breakers = read_list<plan::BreakerTerms>(reader, "breaker", read_breaker);
    policy.downtimes = read_list<plan::DowntimeTerms>(reader, "downtime", read_downtime);
    if (const auto* gwms = reader.get("gwms")) {
        policy.gwms = read_gwms(*gwms);
    }
    static const Node none;
    const auto* facts = reader.get("facts");
    const auto* rules = reader.get("rules");
    policy.rules = read_rules(facts == nullptr ? none : *facts, rules == nullptr ? none : *rules,
                              figure_names());
    reader.finish();
    return policy;
}

}  // namespace tow::policy
