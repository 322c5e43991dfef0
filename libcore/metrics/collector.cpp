#include "metrics/collector.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/utf8.hpp"
#include "metrics/names.hpp"
#include "model/fields.hpp"
#include "record/json.hpp"

#include <algorithm>

namespace tow::metrics {

namespace {

using record::View;

View find(View value, const std::string& key) {
    if (key == "-1" && value.is_array()) {
        const auto elements = value.elements();
        return elements.empty() ? View() : elements.back();
    }
    return value.is_object() ? value.find(key) : View();
}

View find(const Path& path, View record, View element) {
    auto value = path.in_element ? element : record;
    for (const auto& key : path.keys) {
        value = find(value, key);
    }
    return value;
}

// As a label or a condition shows it; nothing for null, lists and objects.
std::optional<std::string> word(View value) {
    if (const auto text = value.string()) {
        return std::string(*text);
    }
    if (value.is_null() || value.is_array() || value.is_object()) {
        return std::nullopt;
    }
    return record::to_json(value.value());
}

// A number, a time as seconds since 1970, or what a word stands for.
std::optional<double> number(const Rule& rule, View value) {
    if (const auto known = value.number()) {
        return known;
    }
    const auto text = value.string();
    if (!text) {
        return value.is_null() ? rule.absent : std::nullopt;
    }
    const auto found = std::ranges::find(rule.words, *text, &std::pair<std::string, double>::first);
    if (found != rule.words.end()) {
        return found->second;
    }
    const auto time = base::parse_rfc3339(*text);
    return time ? std::optional{static_cast<double>(time->time_since_epoch().count())}
                : std::nullopt;
}

bool holds(const Condition& condition, View record, View element) {
    const auto value = find(condition.path, record, element);
    if (condition.values.empty()) {
        return value.is_array() && value.elements().empty();
    }
    const auto text = word(value);
    return text && std::ranges::find(condition.values, *text) != condition.values.end();
}

bool applies(const Rule& rule, View record, View element) {
    const auto is = [&](const Condition& condition) { return holds(condition, record, element); };
    const auto is_there = [&](const Path& path) { return !find(path, record, element).is_null(); };
    return std::ranges::all_of(rule.where, is) && std::ranges::none_of(rule.unless, is) &&
           std::ranges::all_of(rule.require, is_there) &&
           std::ranges::none_of(rule.forbid, is_there);
}

std::optional<double> value_of(const Rule& rule, const Path& path, View record, View element) {
    auto value = number(rule, find(path, record, element));
    if (value && rule.times) {
        const auto factor = find(*rule.times, record, element).number();
        value = factor ? std::optional{*value * *factor} : std::nullopt;
    }
    if (value && rule.minus) {
        const auto other = number(rule, find(*rule.minus, record, element));
        value = other ? std::optional{*value - *other} : std::nullopt;
    }
    return value;
}

// Lengths stand between the parts, so that no two lists of parts are the same text.
void append_part(std::string_view part, std::string& out) {
    out += std::to_string(part.size());
    out += ':';
    out += part;
}

void append_labels(std::string_view metric, const Labels& labels, std::string& out) {
    append_part(metric, out);
    for (const auto& label : labels) {
        append_part(label.name, out);
        append_part(label.value, out);
    }
}

}  // namespace

Collector::Collector(const Mapping& mapping, Registry& registry)
    : registry_(registry), mapping_(mapping) {
    for (const auto& metric : mapping.metrics()) {
        auto* family = registry.family(metric.name, metric.kind, metric.help, metric.buckets);
        for (const auto& rule : metric.rules) {
            rules_[rule.record].push_back({&metric, &rule, family});
        }
    }
}

bool Collector::take(std::string_view type, View record) {
    note_entries(type, record);
    if (type == "metric" && !take_metric(record)) {
        return false;
    }
    for (const std::string_view key : {type, std::string_view("any")}) {
        const auto rules = rules_.find(key);
        if (rules == rules_.end()) {
            continue;
        }
        for (const auto& bound : rules->second) {
            if (!bound.rule->each) {
                apply(bound, record, {});
                continue;
            }
            for (const auto& element : find(*bound.rule->each, record, {}).elements()) {
                apply(bound, record, element);
            }
        }
    }
    return true;
}

std::string_view Collector::kept(std::string text) {
    if (texts_used_ == texts_.size()) {
        texts_.emplace_back();
    }
    auto& place = texts_[texts_used_++];
    place = std::move(text);
    if (place.find('\0') != std::string::npos) {  // ends the text for many a reader
        std::erase(place, '\0');
    }
    return place;
}

void Collector::set_labels(const Rule& rule, View record, View element) {
    labels_.clear();
    texts_used_ = 0;
    for (const auto& label : rule.labels) {
        if (label.path.keys.empty()) {
            labels_.push_back({label.name, label.constant});
        } else if (const auto text = word(find(label.path, record, element))) {
            labels_.push_back({label.name, kept(*text)});
        }
    }
}

void Collector::apply(const Bound& bound, View record, View element) {
    const auto& rule = *bound.rule;
    if (!applies(rule, record, element)) {
        return;
    }
    set_labels(rule, record, element);
    if (rule.counts) {
        emit(bound, record, element, 1);
        return;
    }
    for (const auto& part : rule.parts) {
        if (!rule.states.empty()) {
            emit_states(bound, record, element);
        } else if (const auto value = value_of(rule, part.path, record, element)) {
            emit_by(part.word, bound, record, element, *value);
        }
    }
}

// 1 for the state that it is in, 0 for all others.
void Collector::emit_states(const Bound& bound, View record, View element) {
    const auto state = find(bound.rule->parts[0].path, record, element).string();
    for (const auto& word : bound.rule->states) {
        if (state) {
            emit_by(word, bound, record, element, *state == word ? 1 : 0);
        }
    }
}

// With the label that tells it from other parts, if there are such.
void Collector::emit_by(std::string_view word, const Bound& bound, View record, View element,
                        double value) {
    const bool has_parts = !bound.rule->by.empty();
    if (has_parts) {
        labels_.push_back({bound.rule->by, word});
    }
    emit(bound, record, element, value);
    if (has_parts) {
        labels_.pop_back();
    }
}

void Collector::emit(const Bound& bound, View record, View element, double value) {
    auto& family = *bound.family;
    if (family.kind() == Kind::Gauge) {
        registry_.put(family, labels_, value, bound.rule->add);
        return;
    }
    const auto series = registry_.series(family, labels_);
    if (!series || value < 0) {  // time that runs backwards, and a count below zero, are no values
        return;
    }
    const bool is_histogram = family.kind() == Kind::Histogram;
    const auto& once = bound.rule->once;
    Event event{&family, *series, {}, value, Event::Means::Each};
    if (!once.empty() || is_histogram) {
        std::string what;
        append_labels(family.name(), labels_, what);
        for (const auto& path : once) {
            append_part(word(find(path, record, element)).value_or(""), what);
        }
        event.identity = base::hash128(what);
        event.means = is_histogram ? Event::Means::Seen : Event::Means::Grows;
    }
    events_.push_back(event);
}

bool Collector::take_metric(View record) {
    const model::Fields fields(record);
    const auto name = fields.text("metric");
    if (mapping_.makes(name) || name.starts_with("tow_metrics_")) {
        return false;
    }
    const auto kind = kind_named(fields.known_text("kind").value_or("gauge"));
    if (!kind || kind == Kind::Histogram) {
        fields.reject("kind", "expected gauge or counter");
    }
    if (const auto problem = name_problem(name, *kind); !problem.empty()) {
        fields.reject("metric", problem);
    }
    const auto value = fields.known_number("value");
    if (!value) {
        return true;  // unknown
    }
    auto* family = registry_.family(name, *kind, fields.known_text("help").value_or(name));
    if (family == nullptr) {
        fields.reject("kind", "is a gauge here and a counter there");
    }
    labels_.clear();
    texts_used_ = 0;
    const auto labels = fields.object("labels");
    for (const auto& label : labels) {
        if (const auto problem = label_problem(label.key); !problem.empty()) {
            fields.reject("labels", base::printable(label.key) + " " + problem);
        }
        const auto* text = label.value.string();
        labels_.push_back(
            {label.key, kept(text != nullptr ? *text : record::to_json(label.value))});
    }
    if (*kind == Kind::Gauge) {
        registry_.put(*family, labels_, *value, Add::Last);
    } else if (const auto series = registry_.series(*family, labels_)) {
        std::string what;
        append_labels(name, labels_, what);
        events_.push_back({family, *series, base::hash128(what), *value, Event::Means::Total});
    }
    return true;
}

void Collector::note_entries(std::string_view type, View record) {
    if (type == "entry") {
        if (const auto name = record.find("entry").string()) {
            entries_.emplace(*name);
            entries_are_known_ = true;
        }
    } else if (type == "gap" && record.find("scope").string() == "entries") {
        entries_have_a_gap_ = true;
    }
}

bool Collector::is_gone(std::string_view entry) const {
    return entries_are_known_ && !entries_have_a_gap_ && !entries_.contains(entry);
}

}  // namespace tow::metrics
