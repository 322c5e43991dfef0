#include "fleet/overrides.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "fleet/state_file.hpp"
#include "model/entry.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace tow::fleet {

namespace {

record::Value value_of(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    return is_number ? record::Value(number) : record::Value(text);
}

std::string guess_key(const std::string& key) {
    const std::vector<std::string> keys{"state",      "max_pilots", "max_pending", "max_held",
                                        "max_submit", "max_remove", "tier"};
    const auto guess = base::nearest(key, keys);
    return guess && *guess != key ? fmt::format("did you mean \"{}\"?", *guess) : "";
}

// Rows are values; those that belong together follow each other.
std::vector<KeptOverride> read(store::Statement rows) {
    std::vector<KeptOverride> result;
    while (rows.step()) {
        KeptOverride kept;
        auto& override = kept.override;
        override.id = rows.text(0);
        override.entries = rows.text(3);
        override.until = from_seconds(rows.integer(4));
        override.why = rows.text(5);
        override.author = rows.text(6);
        kept.lifted_at = from_seconds(rows.known_integer(7));
        kept.lifted_by = rows.known_text(8);
        kept.replaced_by = rows.known_text(9);
        const bool is_next_value = !result.empty() && result.back().override.id == override.id &&
                                   result.back().lifted_at == kept.lifted_at &&
                                   result.back().replaced_by == kept.replaced_by;
        auto& target = is_next_value ? result.back() : result.emplace_back(std::move(kept));
        target.override.values.set(rows.text(1), record::parse_json(rows.text(2)));
    }
    return result;
}

constexpr std::string_view kColumns =
    "override, key, value, entries, until, why, author, lifted_at, lifted_by, replaced_by";
constexpr std::string_view kOrder = "override, lifted_at, replaced_by, key";

}  // namespace

record::Object to_record(const KeptOverride& kept) {
    auto result = to_record(kept.override);
    if (kept.lifted_at) {
        result.set("lifted_at", base::format_time(*kept.lifted_at));
    }
    result.set_known("lifted_by", kept.lifted_by);
    result.set_known("replaced_by", kept.replaced_by);
    return result;
}

record::Object override_values(const std::vector<std::string>& assignments) {
    record::Object values;
    for (const auto& assignment : assignments) {
        const auto sign = assignment.find('=');
        if (sign == std::string::npos) {
            base::fail(base::Kind::Usage, "expected KEY=VALUE, got \"{}\"",
                       base::printable(assignment));
        }
        const auto key = assignment.substr(0, sign);
        const auto value = value_of(assignment.substr(sign + 1));
        if (const auto problem = model::override_problem(key, value); !problem.empty()) {
            throw base::Error(base::Kind::Usage,
                              fmt::format("{}: {}", base::printable(assignment), problem),
                              guess_key(key));
        }
        if (values.find(key) != nullptr) {
            base::fail(base::Kind::Usage, "{}: stands twice", key);
        }
        values.set(key, value);
    }
    if (values.empty()) {
        base::fail(base::Kind::Usage, "nothing to set: give KEY=VALUE, as in max_pilots=10");
    }
    return values;
}

std::string_view pattern_problem(std::string_view pattern) noexcept {
    std::string name(pattern);
    std::ranges::replace_if(
        name, [](char c) { return c == '*' || c == '?'; }, 'x');
    return model::name_problem(name);
}

void Overrides::set(const model::Override& override, base::Time now) const {
    store::Transaction all(database_);
    for (const auto& [key, value] : override.values) {
        database_
            .prepare(
                "UPDATE override SET lifted_at = ?1, lifted_by = ?2, replaced_by = ?3 "
                "WHERE entries = ?4 AND key = ?5 AND override <> ?3 AND lifted_at IS NULL "
                "AND until > ?1")
            .bind(to_seconds(now))
            .bind(override.author)
            .bind(override.id)
            .bind(override.entries)
            .bind(key)
            .run();
        database_
            .prepare(fmt::format("INSERT OR REPLACE INTO override ({}) "
                                 "VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)",
                                 kColumns))
            .bind(override.id)
            .bind(key)
            .bind(record::to_json(value))
            .bind(override.entries)
            .bind(to_seconds(override.until))
            .bind(override.why)
            .bind(override.author)
            .run();
    }
    all.commit();
}

std::vector<KeptOverride> Overrides::named(const std::vector<std::string>& names,
                                           base::Time now) const {
    std::set<std::string> left(names.begin(), names.end());
    std::vector<KeptOverride> result;
    for (auto& kept : in_force(now)) {
        const bool by_id = std::ranges::find(names, kept.override.id) != names.end();
        const bool by_pattern = std::ranges::find(names, kept.override.entries) != names.end();
        if (by_id || by_pattern) {
            left.erase(kept.override.id);
            left.erase(kept.override.entries);
            result.push_back(std::move(kept));
        }
    }
    if (!left.empty()) {
        base::fail(base::Kind::NotFound, "{}: no override in force has this id or pattern",
                   base::printable(*left.begin()));
    }
    return result;
}

std::vector<KeptOverride> Overrides::lift(const std::vector<std::string>& names,
                                          const std::string& by, base::Time now) const {
    store::Transaction all(database_);
    auto lifted = named(names, now);
    for (auto& kept : lifted) {
        kept.lifted_at = now;
        kept.lifted_by = by;
        database_
            .prepare(
                "UPDATE override SET lifted_at = ?, lifted_by = ? "
                "WHERE override = ? AND lifted_at IS NULL")
            .bind(to_seconds(now))
            .bind(by)
            .bind(kept.override.id)
            .run();
    }
    all.commit();
    return lifted;
}

std::vector<KeptOverride> Overrides::in_force(base::Time now) const {
    auto rows = database_.prepare(
        fmt::format("SELECT {} FROM override WHERE lifted_at IS NULL AND until > ? ORDER BY {}",
                    kColumns, kOrder));
    rows.bind(to_seconds(now));
    return read(std::move(rows));
}

std::vector<KeptOverride> Overrides::all() const {
    return read(
        database_.prepare(fmt::format("SELECT {} FROM override ORDER BY {}", kColumns, kOrder)));
}

void Overrides::forget(base::Time now) const {
    database_.prepare("DELETE FROM override WHERE min(until, coalesce(lifted_at, until)) < ?")
        .bind(to_seconds(now - kForgottenAfter))
        .run();
}

}  // namespace tow::fleet
