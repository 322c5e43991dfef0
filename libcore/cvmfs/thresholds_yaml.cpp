// What a site says of thresholds. Apart from the rest, which tow-cvmfs-node holds without a reader
// of YAML.
#include "cvmfs/thresholds.hpp"

namespace tow::cvmfs {

namespace {

// Durations as people write them, sizes, numbers; none or null switches it off.
std::optional<double> read_limit(const config::Node& node, Unit unit) {
    if (node.is_null() || (node.kind() == config::Node::Kind::Scalar && node.string() == "none")) {
        return std::nullopt;
    }
    switch (unit) {
        case Unit::Seconds:
            return static_cast<double>(node.duration().count());
        case Unit::Bytes:
            return static_cast<double>(node.bytes());
        default:
            return node.real();
    }
}

}  // namespace

Thresholds::Thresholds(const config::Node& root) {
    config::MapReader reader(root);
    read_figures(root, "*");
    if (const auto* repositories = reader.get("repositories")) {
        if (repositories->kind() != config::Node::Kind::Map) {
            repositories->expected("a map of repositories");
        }
        for (const auto& [pattern, figures] : repositories->fields()) {
            read_figures(figures, pattern);
        }
    }
    for (const auto& one : all_figures()) {
        reader.find(one.name);
    }
    reader.finish();
}

void Thresholds::read_figures(const config::Node& map, const std::string& repositories) {
    config::MapReader reader(map);
    if (repositories == "*") {
        reader.find("repositories");
    }
    for (const auto& one : all_figures()) {
        const auto* node = reader.get(one.name);
        if (node == nullptr) {
            continue;
        }
        config::MapReader limits(*node);
        Rule rule{repositories, one.name, of(one, repositories)};
        if (const auto* warning = limits.find("warning")) {
            rule.limits.warning = read_limit(*warning, one.unit);
        }
        if (const auto* critical = limits.find("critical")) {
            rule.limits.critical = read_limit(*critical, one.unit);
        }
        limits.finish();
        rules_.push_back(std::move(rule));
    }
    reader.finish();
}

}  // namespace tow::cvmfs
