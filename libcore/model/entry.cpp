#include "model/entry.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "model/fields.hpp"

#include <algorithm>
#include <array>

namespace tow::model {

namespace {

constexpr std::array<std::string_view, 4> kStates{"in_service", "draining", "downtime", "disabled"};

EntryState read_state(const Fields& fields) {
    const auto name = fields.known_text("state").value_or("in_service");
    const auto state = entry_state(name);
    if (!state) {
        fields.reject("state", fmt::format("expected one of in_service, draining, downtime, "
                                           "disabled, got \"{}\"",
                                           name));
    }
    return *state;
}

Limits read_limits(const Fields& fields) {
    Limits limits;
    limits.max_pilots = fields.known_count("max_pilots");
    limits.max_pending = fields.known_count("max_pending");
    limits.max_held = fields.known_count("max_held");
    limits.max_submit = fields.known_count("max_submit");
    limits.max_remove = fields.known_count("max_remove");
    return limits;
}

record::Object to_object(const Limits& limits) {
    record::Object object;
    object.set_known("max_pilots", limits.max_pilots);
    object.set_known("max_pending", limits.max_pending);
    object.set_known("max_held", limits.max_held);
    object.set_known("max_submit", limits.max_submit);
    object.set_known("max_remove", limits.max_remove);
    return object;
}

Cost read_cost(const Fields& fields) {
    return {fields.known_number("per_core_hour").value_or(0),
            fields.known_text("currency").value_or(""), fields.known_number("performance"),
            fields.known_time("observed_at")};
}

record::Object to_object(const Cost& cost) {
    record::Object object{{"per_core_hour", cost.per_core_hour}, {"currency", cost.currency}};
    object.set_known("performance", cost.performance);
    if (cost.observed_at) {
        object.set("observed_at", base::format_time(*cost.observed_at));
    }
    return object;
}

Allocation read_allocation(const Fields& fields) {
    Allocation allocation{fields.text("account"), fields.known_number("charge_factor").value_or(1),
                          fields.known_seconds("left_seconds"), fields.known_time("observed_at")};
    if (!is_charge_factor(allocation.charge_factor)) {
        fields.reject("charge_factor", "expected a number from 0 to 1000000");
    }
    return allocation;
}

record::Object to_object(const Allocation& allocation) {
    record::Object object{{"account", allocation.account},
                          {"charge_factor", allocation.charge_factor}};
    if (allocation.left) {
        object.set("left_seconds", allocation.left->count());
    }
    if (allocation.observed_at) {
        object.set("observed_at", base::format_time(*allocation.observed_at));
    }
    return object;
}

std::vector<Downtime> read_downtimes(const Fields& fields) {
    std::vector<Downtime> result;
    for (const auto& item : fields.list("downtime")) {
        const auto from = item.known_time("from");
        const auto until = item.known_time("until");
        if (!from || !until) {
            item.reject(from ? "until" : "from", "is missing");
        }
        result.push_back({*from, *until, item.known_text("severity").value_or("outage"),
                          item.known_text("reason").value_or(""),
                          item.known_text("source").value_or("")});
    }
    return result;
}

record::Array to_array(const std::vector<Downtime>& downtimes) {
    record::Array array;
    for (const auto& downtime : downtimes) {
        record::Object object{{"from", base::format_time(downtime.from)},
                              {"until", base::format_time(downtime.until)},
                              {"severity", downtime.severity}};
        if (!downtime.reason.empty()) {
            object.set("reason", downtime.reason);
        }
        if (!downtime.source.empty()) {
            object.set("source", downtime.source);
        }
        array.emplace_back(std::move(object));
    }
    return array;
}

void read_pilot(const Fields& fields, Entry& entry) {
    const auto pilot = fields.fields("pilot");
    entry.pilot = read_resources(pilot);
    entry.nodes = pilot.known_count("nodes").value_or(1);
    if (entry.pilot.cpus < 1 || entry.nodes < 1) {
        pilot.reject(entry.pilot.cpus < 1 ? "cpus" : "nodes", "expected at least 1");
    }
}

}  // namespace

std::string_view name_problem(std::string_view name) noexcept {
    constexpr std::size_t kLongest = 128;
    constexpr std::string_view kInside = "_.-+@:";
    const auto allowed = [=](char c) {
        return base::is_alpha(c) || base::is_digit(c) || kInside.find(c) != std::string_view::npos;
    };
    if (name.empty()) {
        return "is empty";
    }
    if (name.size() > kLongest) {
        return "is longer than 128 characters";
    }
    if (!std::ranges::all_of(name, allowed)) {
        return "may hold letters, digits and _ . - + @ : only";
    }
    if (!base::is_alpha(name.front()) && !base::is_digit(name.front())) {
        return "must begin with a letter or digit";
    }
    return {};
}

std::string_view state_name(EntryState state) noexcept {
    return kStates[static_cast<std::size_t>(state)];
}

std::optional<EntryState> entry_state(std::string_view name) noexcept {
    const auto* found = std::ranges::find(kStates, name);
    return found == kStates.end() ? std::nullopt
                                  : std::optional{static_cast<EntryState>(found - kStates.begin())};
}

bool is_charge_factor(double factor) noexcept {
    constexpr double kMost = 1e6;
    return factor >= 0 && factor <= kMost;
}

Entry read_entry(record::View record) {
    const Fields fields(record);
    Entry entry;
    entry.name = fields.text("entry");
    if (const auto problem = name_problem(entry.name); !problem.empty()) {
        fields.reject("entry", fmt::format("the name {}", problem));
    }
    entry.backend = fields.text("backend");
    entry.state = read_state(fields);
    entry.site = fields.known_text("site");
    entry.set = fields.known_text("set");
    entry.tags = fields.texts("tags");
    read_pilot(fields, entry);
    if (const auto limits = fields.known_fields("limits")) {
        entry.limits = read_limits(*limits);
    }
    entry.ad = fields.object("ad");
    entry.ad_exprs = fields.object("ad_exprs");
    entry.start = fields.known_text("start").value_or("");
    entry.tier = fields.known_count("tier").value_or(0);
    if (const auto cost = fields.known_fields("cost")) {
        entry.cost = read_cost(*cost);
    }
    if (const auto allocation = fields.known_fields("allocation")) {
        entry.allocation = read_allocation(*allocation);
    }
    entry.downtimes = read_downtimes(fields);
    entry.target = fields.object("target");
    entry.live = fields.object("live");
    entry.is_stale = record.find("stale").value() == record::Value(true);
    entry.observed_at = fields.known_time("observed_at");
    return entry;
}

record::Object to_record(const Entry& entry) {
    auto result = record::new_record("entry");
    result.set("entry", entry.name);
    result.set("backend", entry.backend);
    result.set("state", state_name(entry.state));
    result.set_known("site", entry.site);
    result.set_known("set", entry.set);
    if (!entry.tags.empty()) {
        result.set("tags", record::Array(entry.tags.begin(), entry.tags.end()));
    }
    auto pilot = to_object(entry.pilot);
    pilot.set("nodes", entry.nodes);
    result.set("pilot", pilot);
    result.set("limits", to_object(entry.limits));
    result.set("ad", entry.ad);
    if (!entry.ad_exprs.empty()) {
        result.set("ad_exprs", entry.ad_exprs);
    }
    if (!entry.start.empty()) {
        result.set("start", entry.start);
    }
    result.set("tier", entry.tier);
    if (entry.cost) {
        result.set("cost", to_object(*entry.cost));
    }
    if (entry.allocation) {
        result.set("allocation", to_object(*entry.allocation));
    }
    if (!entry.downtimes.empty()) {
        result.set("downtime", to_array(entry.downtimes));
    }
    result.set("target", entry.target);
    if (!entry.live.empty()) {
        result.set("live", entry.live);
    }
    if (entry.is_stale) {
        result.set("stale", true);
    }
    if (entry.observed_at) {
        result.set("observed_at", base::format_time(*entry.observed_at));
    }
    return result;
}

EntryState effective_state(const Entry& entry, base::Time now) noexcept {
    if (entry.state != EntryState::InService) {
        return entry.state;
    }
    const bool down = std::ranges::any_of(entry.downtimes, [now](const Downtime& downtime) {
        return downtime.severity != "warning" && downtime.from <= now && now < downtime.until;
    });
    return down ? EntryState::Downtime : EntryState::InService;
}

}  // namespace tow::model
