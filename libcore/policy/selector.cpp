#include "policy/selector.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "classad/evaluate.hpp"
#include "classad/expr.hpp"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

namespace tow::policy {

namespace {

using Patterns = std::vector<std::string>;

Patterns read_patterns(const config::Node* node) {
    if (node == nullptr) {
        return {};
    }
    auto patterns = node->strings();
    if (patterns.empty() || std::ranges::any_of(patterns, &std::string::empty)) {
        node->reject("expected a pattern or a list of patterns; * stands for any name");
    }
    return patterns;
}

bool is_pattern(const std::string& name) {
    return name.find_first_of("*?") != std::string::npos;
}

bool any_matches(const Patterns& patterns, std::string_view text) {
    return std::ranges::any_of(
        patterns, [text](const auto& pattern) { return base::matches_pattern(pattern, text); });
}

bool allows(const Patterns& patterns, const std::optional<std::string>& text) {
    return patterns.empty() || (text && any_matches(patterns, *text));
}

bool allows_one(const Patterns& patterns, const std::vector<std::string>& texts) {
    return patterns.empty() || std::ranges::any_of(texts, [&patterns](const auto& text) {
               return any_matches(patterns, text);
           });
}

}  // namespace

Selector Selector::read(config::MapReader& reader) {
    Selector result;
    result.origin_ = reader.origin();
    bool is_first = true;
    const auto find = [&](std::string_view key) {
        const auto* node = reader.find(key);
        if (node != nullptr && is_first) {
            result.origin_ = node->origin();
            is_first = false;
        }
        return node;
    };
    result.entries_ = read_patterns(find("entries"));
    result.sites_ = read_patterns(find("site"));
    result.sets_ = read_patterns(find("set"));
    result.tags_ = read_patterns(find("tag"));
    if (const auto* where = find("where")) {
        result.where_ = read_expression(*where);
    }
    return result;
}

bool Selector::selects(const model::Entry& entry, const classad::Ad& ad, base::Time now) const {
    if (!allows(entries_, entry.name) || !allows(sites_, entry.site) || !allows(sets_, entry.set) ||
        !allows_one(tags_, entry.tags)) {
        return false;
    }
    return where_.expr == nullptr || classad::evaluate_truth(*where_.expr, &ad, nullptr,
                                                             {.now = now}) == classad::Truth::True;
}

bool Selector::is_everything() const noexcept {
    return entries_.empty() && sites_.empty() && sets_.empty() && tags_.empty() &&
           where_.expr == nullptr;
}

bool Selector::names_entries() const {
    return !entries_.empty() && std::ranges::none_of(entries_, is_pattern);
}

void Selector::check_names(const std::function<bool(std::string_view)>& is_known) const {
    for (const auto& name : entries_) {
        if (!is_pattern(name) && !is_known(name)) {
            base::fail(base::Kind::Config, "{}: no entry is called {}", origin_.text(),
                       base::printable(name));
        }
    }
}

std::string Selector::text() const {
    if (is_everything()) {
        return "all entries";
    }
    std::vector<std::string> parts;
    const auto add = [&parts](std::string_view what, const Patterns& patterns) {
        if (!patterns.empty()) {
            parts.push_back(fmt::format("{} {}", what, base::join(patterns, " or ")));
        }
    };
    add("entries", entries_);
    add("site", sites_);
    add("set", sets_);
    add("tag", tags_);
    if (where_.expr != nullptr) {
        parts.push_back("where " + where_.text);
    }
    return base::join(parts, ", ");
}

}  // namespace tow::policy
