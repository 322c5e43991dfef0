#include "logstore/query_sql.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace tow::logstore {

namespace {

// GLOB also knows brackets, which our patterns do not.
std::string to_glob(std::string_view pattern) {
    std::string glob;
    for (const char c : pattern) {
        glob += c == '[' ? std::string("[[]") : std::string(1, c);
    }
    return glob;
}

}  // namespace

QuerySql::QuerySql(const Query& query) {
    add_pattern("entry", query.entries);
    add_pattern("outcome", query.outcomes);
    if (query.cause) {
        add_pattern("cause", {*query.cause});
    }
    if (query.node) {
        add_pattern("node", {*query.node});
    }
    if (query.pilot) {
        const auto place = values_.size() + 1;
        values_.emplace_back(*query.pilot);
        conditions_.push_back(
            fmt::format("(pilot = ?{0} OR backend_id = ?{0} OR key = ?{0})", place));
    }
    if (query.since) {
        add("at >=", query.since->time_since_epoch().count());
    }
    if (query.until) {
        add("at <", query.until->time_since_epoch().count());
    }
    if (query.most) {
        limit_ = fmt::format(" LIMIT {}", *query.most);
    }
}

void QuerySql::add(std::string condition, std::string value) {
    values_.emplace_back(std::move(value));
    conditions_.push_back(fmt::format("{} ?{}", condition, values_.size()));
}

void QuerySql::add(std::string condition, std::int64_t value) {
    values_.emplace_back(value);
    conditions_.push_back(fmt::format("{} ?{}", condition, values_.size()));
}

void QuerySql::add_pattern(std::string_view column, const std::vector<std::string>& patterns) {
    std::vector<std::string> any;
    for (const auto& pattern : patterns) {
        const bool is_plain = pattern.find_first_of("*?") == std::string::npos;
        values_.emplace_back(is_plain ? pattern : to_glob(pattern));
        any.push_back(fmt::format("{} {} ?{}", column, is_plain ? "=" : "GLOB", values_.size()));
    }
    if (!any.empty()) {
        conditions_.push_back("(" + base::join(any, " OR ") + ")");
    }
}

std::string QuerySql::where() const {
    return conditions_.empty() ? "" : " WHERE " + base::join(conditions_, " AND ");
}

std::string QuerySql::where_and(std::string_view condition) const {
    auto conditions = conditions_;
    conditions.emplace_back(condition);
    return " WHERE " + base::join(conditions, " AND ");
}

std::string QuerySql::limit() const {
    return limit_;
}

void QuerySql::bind(store::Statement& statement) const {
    for (const auto& value : values_) {
        if (const auto* text = std::get_if<std::string>(&value)) {
            statement.bind(*text);
        } else {
            statement.bind(std::get<std::int64_t>(value));
        }
    }
}

// The + keeps SQLite from walking the index of the group, which leads it to every pilot's record:
// all that sums need is in an index of its own.
std::string group_sql(std::string_view by) {
    if (by == "hour") {
        return "strftime('%Y-%m-%dT%H:00:00Z', at, 'unixepoch')";
    }
    if (by == "day") {
        return "strftime('%Y-%m-%dT00:00:00Z', at, 'unixepoch')";
    }
    if (by == "entry" || by == "outcome" || by == "cause" || by == "node") {
        return "+" + std::string(by);
    }
    base::fail(base::Kind::Usage, "--by {}: expected entry, outcome, cause, node, hour or day", by);
}

}  // namespace tow::logstore
