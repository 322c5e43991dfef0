#include "pilotlog/taxonomy.hpp"

#include "base/error.hpp"
#include "config/yaml.hpp"

#include <algorithm>

namespace tow::pilotlog {

namespace {

constexpr std::array<std::string_view, 9> kPlaces{
    "out", "err", "hold", "removal", "events", "gridmanager", "daemon", "pending", "batch"};
constexpr std::array<std::string_view, 6> kStages{"queue",        "boot", "validation",
                                                  "registration", "run",  "end"};
constexpr std::array<std::string_view, 3> kSeverities{"note", "warning", "error"};
constexpr std::array<std::string_view, 5> kActors{"site", "vo", "factory", "user", "nobody"};

template <std::size_t N>
std::size_t one_of(const std::array<std::string_view, N>& names, const config::Node& node) {
    const auto text = node.string();
    const auto* const found = std::ranges::find(names, text);
    if (found == names.end()) {
        std::string list;
        for (const auto name : names) {
            list += list.empty() ? "" : ", ";
            list += name;
        }
        node.reject("expected one of " + list);
    }
    return static_cast<std::size_t>(found - names.begin());
}

std::uint32_t read_places(const config::Node& node) {
    if (node.kind() != config::Node::Kind::List) {
        return 1U << one_of(kPlaces, node);
    }
    std::uint32_t places = 0;
    for (const auto& item : node.items()) {
        places |= 1U << one_of(kPlaces, item);
    }
    return places;
}

void read_words(const config::Node& node, Rule& rule) {
    rule.words = node.strings();
    for (const auto& word : rule.words) {
        if (word.size() < Literals::kShortest) {
            node.reject(fmt::format("\"{}\" is too short: {} characters at least", word,
                                    Literals::kShortest));
        }
    }
}

Rule read_rule(const std::string& name, const config::Node& node) {
    config::MapReader map(node);
    Rule rule;
    rule.name = name;
    rule.places = read_places(map.require("where"));
    rule.stage = static_cast<Stage>(one_of(kStages, map.require("stage")));
    if (const auto* outcome = map.get("outcome")) {
        rule.outcome = model::outcome_named(outcome->string());
        if (!rule.outcome) {
            outcome->reject("no outcome has this name");
        }
    }
    if (const auto* severity = map.get("severity")) {
        rule.severity = kSeverities[one_of(kSeverities, *severity)];
    } else {
        rule.severity = "error";
    }
    rule.actor = kActors[one_of(kActors, map.require("actor"))];
    rule.advice = map.string("advice").value_or("");
    if (const auto* words = map.get("contains")) {
        read_words(*words, rule);
    }
    if (const auto* pattern = map.get("matches")) {
        try {
            rule.pattern.emplace(pattern->string());
        } catch (const base::Error& error) {
            pattern->reject(error.what());
        }
    }
    if (const auto* codes = map.get("hold_codes")) {
        for (const auto& code : codes->items()) {
            rule.codes.push_back(code.integer());
        }
    }
    if (rule.words.empty() && !rule.pattern && rule.codes.empty()) {
        node.reject("expected contains, matches or hold_codes");
    }
    if (const auto* examples = map.get("examples")) {
        rule.examples = examples->strings();
    }
    map.finish();
    return rule;
}

}  // namespace

Taxonomy::Taxonomy() {
    add(config::parse_yaml(shipped_taxonomy(), "taxonomy"));
}

void Taxonomy::add(const config::Node& yaml) {
    config::MapReader map(yaml);
    std::vector<Rule> rules;
    const auto& causes = map.require("causes");
    if (causes.kind() != config::Node::Kind::Map) {
        causes.expected("a map of causes");
    }
    for (const auto& [name, node] : causes.fields()) {
        rules.push_back(read_rule(name, node));
        check_examples(rules.back(), node);
    }
    map.finish();
    for (auto& old : rules_) {
        if (std::ranges::find(rules, old.name, &Rule::name) == rules.end()) {
            rules.push_back(std::move(old));
        }
    }
    rules_ = std::move(rules);
}

void Taxonomy::check_examples(const Rule& rule, const config::Node& at) {
    for (const auto& example : rule.examples) {
        if (!knows(rule, example)) {
            at.reject(fmt::format("it does not know its own example: {}", example));
        }
    }
}

const Rule* Taxonomy::find(std::string_view name) const noexcept {
    const auto found = std::ranges::find(rules_, name, &Rule::name);
    return found == rules_.end() ? nullptr : &*found;
}

bool Taxonomy::knows(const Rule& rule, std::string_view line) {
    const auto contains = [&](const std::string& word) {
        return line.find(word) != std::string_view::npos;
    };
    return (!rule.words.empty() || rule.pattern) &&
           (rule.words.empty() || std::ranges::any_of(rule.words, contains)) &&
           (!rule.pattern || rule.pattern->find(line));
}

const Rule* Taxonomy::classify(Place place, std::string_view line) const {
    for (const auto& rule : rules_) {
        if (rule.is_for(place) && knows(rule, line)) {
            return &rule;
        }
    }
    return nullptr;
}

const Rule* Taxonomy::by_hold_code(std::int64_t code) const noexcept {
    for (const auto& rule : rules_) {
        if (std::ranges::find(rule.codes, code) != rule.codes.end()) {
            return &rule;
        }
    }
    return nullptr;
}

}  // namespace tow::pilotlog
