#include "source/entry_yaml.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "classad/parse.hpp"
#include "classad/references.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace tow::source {

namespace {

using config::MapReader;
using config::Node;

void check_expression(const Node& node) {
    try {
        classad::parse_expr(node.string());
    } catch (const base::Error& error) {
        node.reject(error.what());
    }
}

std::int64_t at_least_one(MapReader& reader, std::string_view key, std::int64_t otherwise) {
    const auto* node = reader.get(key);
    if (node != nullptr && node->integer() < 1) {
        node->expected("an integer of at least 1");
    }
    return node == nullptr ? otherwise : node->integer();
}

void read_pilot(const Node& node, model::Entry& entry) {
    MapReader reader(node);
    entry.pilot.cpus = at_least_one(reader, "cpus", 1);
    entry.pilot.memory_bytes = reader.require("memory").bytes();
    entry.pilot.disk_bytes = reader.bytes("disk");
    entry.pilot.gpus = reader.count("gpus");
    entry.pilot.walltime = reader.duration("walltime");
    entry.nodes = at_least_one(reader, "nodes", 1);
    reader.finish();
}

void read_limits(const Node& node, model::Limits& limits) {
    MapReader reader(node);
    limits.max_pilots = reader.count("max_pilots");
    limits.max_pending = reader.count("max_pending");
    limits.max_held = reader.count("max_held");
    limits.max_submit = reader.count("max_submit");
    limits.max_remove = reader.count("max_remove");
    reader.finish();
}

model::Cost read_cost(const Node& node) {
    MapReader reader(node);
    model::Cost cost;
    cost.per_core_hour = reader.require("per_core_hour").real();
    cost.currency = reader.require("currency").string();
    cost.performance = reader.real("performance");
    reader.finish();
    if (cost.per_core_hour < 0 || cost.performance.value_or(1) <= 0) {
        node.reject("a price cannot be negative, a performance must be positive");
    }
    return cost;
}

model::Allocation read_allocation(const Node& node) {
    MapReader reader(node);
    model::Allocation allocation;
    allocation.account = reader.require("account").string();
    allocation.charge_factor = reader.real("charge_factor").value_or(1);
    reader.finish();
    if (!model::is_charge_factor(allocation.charge_factor)) {
        reader.require("charge_factor").expected("a number from 0 to 1000000");
    }
    return allocation;
}

model::Downtime read_downtime(const Node& node) {
    MapReader reader(node);
    model::Downtime downtime;
    downtime.from = reader.require("from").time();
    downtime.until = reader.require("until").time();
    downtime.severity = reader.string("severity").value_or("outage");
    downtime.reason = reader.string("reason").value_or("");
    downtime.source = reader.string("source").value_or(node.origin().text());
    reader.finish();
    if (downtime.until <= downtime.from) {
        node.reject("it ends before it begins");
    }
    return downtime;
}

model::EntryState read_state(const Node& node) {
    using enum model::EntryState;
    constexpr std::array kStates{InService, Draining, Downtime, Disabled};
    const auto name = node.string();
    const auto* state = std::ranges::find(kStates, name, &model::state_name);
    if (state == kStates.end()) {
        node.expected("in_service, draining, downtime or disabled");
    }
    return *state;
}

void read_ad(const Node* node, model::Entry& entry) {
    entry.ad = conventional_ad(entry);
    record::Object own;
    for (const auto& field : node == nullptr ? std::vector<Node::Field>{} : node->fields()) {
        own.set(field.key, field.value.value());
    }
    record::Object merged;
    for (const auto& ad : {entry.ad, own}) {
        for (const auto& [name, value] : ad) {
            merged.set(name, value);
        }
    }
    entry.ad = {};
    for (const auto& [name, value] : merged) {
        if (!value.is_null()) {
            entry.ad.append(name, value);
        }
    }
}

void read_ad_exprs(const Node* node, model::Entry& entry) {
    for (const auto& field : node == nullptr ? std::vector<Node::Field>{} : node->fields()) {
        check_expression(field.value);
        entry.ad_exprs.set(field.key, field.value.string());
    }
}

const Node* map_at(MapReader& reader, std::string_view key) {
    const auto* node = reader.get(key);
    if (node != nullptr && node->kind() != Node::Kind::Map) {
        node->expected("a map");
    }
    return node;
}

model::Entry read_node(const std::string& name, const Node& node, const config::Origin& origin,
                       base::Time now) {
    if (const auto problem = model::name_problem(name); !problem.empty()) {
        base::fail(base::Kind::Config, "{}: the name of the entry \"{}\" {}", origin.text(),
                   base::printable(name), problem);
    }
    MapReader reader(node);
    model::Entry entry;
    entry.name = name;
    entry.backend = reader.require("backend").string();
    if (const auto* state = reader.get("state")) {
        entry.state = read_state(*state);
    }
    entry.site = reader.string("site");
    entry.set = reader.string("set");
    if (const auto* tags = reader.get("tags")) {
        entry.tags = tags->strings();
    }
    read_pilot(reader.require("pilot"), entry);
    if (const auto* limits = reader.get("limits")) {
        read_limits(*limits, entry.limits);
    }
    read_ad(map_at(reader, "ad"), entry);
    read_ad_exprs(map_at(reader, "ad_exprs"), entry);
    if (const auto* start = reader.get("start")) {
        check_expression(*start);
        entry.start = start->string();
    }
    entry.tier = reader.count("tier").value_or(0);
    if (const auto* cost = reader.get("cost")) {
        entry.cost = read_cost(*cost);
    }
    if (const auto* allocation = reader.get("allocation")) {
        entry.allocation = read_allocation(*allocation);
    }
    if (const auto* downtimes = reader.get("downtime")) {
        if (downtimes->kind() != Node::Kind::List) {
            downtimes->expected("a list");
        }
        std::ranges::transform(downtimes->items(), std::back_inserter(entry.downtimes),
                               read_downtime);
    }
    if (const auto* target = map_at(reader, "target")) {
        entry.target = *target->value().object();
    }
    reader.get("group");  // it has been applied
    entry.observed_at = now;
    reader.finish();
    return entry;
}

}  // namespace

// An entry changes or removes (null) any of them in its own `ad`.
record::Object conventional_ad(const model::Entry& entry) {
    record::Object ad{{"Arch", "X86_64"}, {"OpSys", "LINUX"}, {"HasFileTransfer", true}};
    ad.set("GLIDEIN_Entry_Name", entry.name);
    ad.set_known("GLIDEIN_Site", entry.site);
    return ad;
}

model::Entry read_entry(const WrittenEntry& entry, base::Time now) {
    try {
        return read_node(entry.name, entry.node, entry.origin, now);
    } catch (const base::Error&) {
        // Paths stand in complaints only: they are set when there is one.
        return blame_stream(entry.origin, [&] {
            auto node = entry.node;
            node.set_path("entries." + entry.name);
            return read_node(entry.name, node, entry.origin, now);
        });
    }
}

std::vector<model::Entry> read_entries(const std::vector<WrittenEntry>& entries, base::Time now) {
    std::vector<model::Entry> result;
    result.reserve(entries.size());
    std::ranges::transform(entries, std::back_inserter(result),
                           [now](const auto& entry) { return read_entry(entry, now); });
    return result;
}

std::vector<model::Entry> read_entries(const std::vector<std::string>& paths, base::Time now) {
    return read_entries(written_entries(paths), now);
}

std::vector<model::Entry> parse_entries(std::string_view yaml, const std::string& name,
                                        base::Time now) {
    return read_entries(parse_written_entries(yaml, name), now);
}

std::vector<std::string> entry_paths(const config::Settings& settings) {
    return settings.paths("entries");
}

std::vector<std::string> job_attributes(const std::vector<model::Entry>& entries) {
    std::set<std::string> names;
    const auto add = [&names](const std::string& text) {
        const auto mentions = classad::mentions(*classad::parse_expr(text));
        names.insert(mentions.target.begin(), mentions.target.end());
        names.insert(mentions.unscoped.begin(), mentions.unscoped.end());
    };
    for (const auto& entry : entries) {
        if (!entry.start.empty()) {
            add(entry.start);
        }
        for (const auto& [name, text] : entry.ad_exprs) {
            add(*text.string());
        }
    }
    return {names.begin(), names.end()};
}

}  // namespace tow::source
