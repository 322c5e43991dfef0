#include "metrics/mapping.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/node.hpp"
#include "config/yaml.hpp"
#include "metrics/names.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace tow::metrics {

namespace {

using config::MapReader;
using config::Node;

Path read_path(std::string_view text) {
    Path path;
    path.in_element = text.starts_with('.');
    path.keys = base::split(text, '.');
    return path;
}

Path read_path(const Node& node) {
    auto path = read_path(node.string());
    if (path.keys.empty()) {
        node.expected("the path of a field");
    }
    return path;
}

std::optional<Path> known_path(MapReader& map, std::string_view key) {
    const auto* node = map.get(key);
    return node == nullptr ? std::nullopt : std::optional{read_path(*node)};
}

std::vector<Path> paths(MapReader& map, std::string_view key) {
    std::vector<Path> result;
    if (const auto* node = map.get(key)) {
        for (const auto& text : node->strings()) {
            result.push_back(read_path(text));
        }
    }
    return result;
}

std::vector<Condition> conditions(MapReader& map, std::string_view key) {
    std::vector<Condition> result;
    if (const auto* node = map.get(key)) {
        for (const auto& field : node->fields()) {
            result.push_back({read_path(field.key), field.value.strings()});
        }
    }
    return result;
}

void check_label(const Node& place, std::string_view name) {
    if (const auto problem = label_problem(name); !problem.empty()) {
        place.reject(fmt::format("the label \"{}\" {}", name, problem));
    }
}

std::vector<LabelRule> labels(MapReader& map) {
    std::vector<LabelRule> result;
    if (const auto* node = map.get("labels")) {
        for (const auto& field : node->fields()) {
            check_label(field.value, field.key);
            const auto text = field.value.string();
            const bool is_constant = text.starts_with('=');
            result.push_back({field.key, is_constant ? text.substr(1) : "",
                              is_constant ? Path() : read_path(field.value)});
        }
    }
    return result;
}

Add add_of(const Node& node) {
    constexpr std::array<std::string_view, 4> kNames{"sum", "max", "min", "last"};
    const auto text = node.string();
    const auto* found = std::ranges::find(kNames, text);
    if (found == kNames.end()) {
        node.expected("sum, max, min or last");
    }
    return static_cast<Add>(found - kNames.begin());
}

void read_values(MapReader& map, Rule& rule) {
    if (const auto* by = map.get("by")) {
        rule.by = by->string();
        check_label(*by, rule.by);
    }
    if (const auto* values = map.get("values")) {
        for (const auto& field : values->fields()) {
            rule.parts.push_back({field.key, read_path(field.value)});
        }
    } else {
        const auto& value = map.require("value");
        rule.counts = value.string() == "1";
        rule.parts.push_back({"", read_path(value)});
    }
    if (const auto* states = map.get("states")) {
        rule.states = states->strings();
    }
    if (const auto* words = map.get("words")) {
        for (const auto& field : words->fields()) {
            rule.words.emplace_back(field.key, field.value.real());
        }
    }
}

Rule read_rule(const Node& node) {
    MapReader map(node);
    Rule rule;
    rule.record = map.require("record").string();
    rule.each = known_path(map, "each");
    rule.labels = labels(map);
    rule.where = conditions(map, "where");
    rule.unless = conditions(map, "unless");
    rule.require = paths(map, "require");
    rule.forbid = paths(map, "forbid");
    read_values(map, rule);
    rule.absent = map.real("absent");
    rule.times = known_path(map, "times");
    rule.minus = known_path(map, "minus");
    if (const auto* add = map.get("add")) {
        rule.add = add_of(*add);
    }
    rule.once = paths(map, "once");
    map.finish();
    if (rule.by.empty() != (rule.states.empty() && node.find("values") == nullptr)) {
        node.reject("\"by\" stands with \"values\" or \"states\", and they with it");
    }
    return rule;
}

std::vector<double> buckets(MapReader& map, Kind kind, const Node& place) {
    std::vector<double> result;
    if (const auto* node = map.get("buckets")) {
        for (const auto& item : node->items()) {
            result.push_back(item.real());
        }
    }
    constexpr std::size_t kMost = 100;
    const bool rises = std::ranges::is_sorted(result, std::less_equal<>());
    if ((kind == Kind::Histogram) == result.empty() || !rises || result.size() > kMost) {
        place.reject("a histogram, and nothing else, has buckets, in rising order");
    }
    return result;
}

Metric read_metric(const Node::Field& field) {
    MapReader map(field.value);
    Metric metric;
    metric.name = field.key;
    if (const auto* kind = map.get("kind")) {
        const auto known = kind_named(kind->string());
        if (!known) {
            kind->expected("gauge, counter or histogram");
        }
        metric.kind = *known;
    }
    metric.help = map.require("help").string();
    metric.buckets = buckets(map, metric.kind, field.value);
    const auto& from = map.require("from");
    if (from.kind() == Node::Kind::List) {
        std::ranges::transform(from.items(), std::back_inserter(metric.rules), read_rule);
    } else {
        metric.rules.push_back(read_rule(from));
    }
    map.finish();
    if (const auto problem = name_problem(metric.name, metric.kind); !problem.empty()) {
        field.value.reject(problem);
    }
    return metric;
}

}  // namespace

Mapping Mapping::parse(std::string_view yaml, const std::string& name) {
    const auto root = config::parse_yaml(yaml, name);
    Mapping mapping;
    if (!root.is_null() && root.kind() != Node::Kind::Map) {
        root.expected("a map of metrics");
    }
    for (const auto& field : root.fields()) {
        mapping.metrics_.push_back(read_metric(field));
    }
    return mapping;
}

Mapping Mapping::read(const std::vector<std::string>& files) {
    constexpr std::size_t kMost = std::size_t{1} << 20;
    auto mapping = parse(builtin_mapping(), "built-in mapping");
    for (const auto& file : files) {
        mapping.merge(parse(base::read_file(file, kMost), file));
    }
    return mapping;
}

void Mapping::merge(Mapping other) {
    for (auto& metric : other.metrics_) {
        const auto known = std::ranges::find(metrics_, metric.name, &Metric::name);
        if (known == metrics_.end()) {
            metrics_.push_back(std::move(metric));
        } else {
            *known = std::move(metric);
        }
    }
}

bool Mapping::makes(std::string_view sample_name) const noexcept {
    return std::ranges::any_of(metrics_, [&](const Metric& metric) {
        return sample_name == metric.name ||
               (metric.kind == Kind::Histogram && sample_name.starts_with(metric.name) &&
                (sample_name.substr(metric.name.size()) == "_bucket" ||
                 sample_name.substr(metric.name.size()) == "_sum" ||
                 sample_name.substr(metric.name.size()) == "_count"));
    });
}

}  // namespace tow::metrics
