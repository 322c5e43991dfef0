// What is asked of the index, as SQL. Internal. Values are bound, never pasted.
#pragma once

#include "logstore/log_store.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tow::logstore {

class QuerySql {
  public:
    explicit QuerySql(const Query& query);

    std::string where() const;  // " WHERE ...", or nothing
    std::string where_and(std::string_view condition) const;
    std::string limit() const;
    void bind(store::Statement& statement) const;

  private:
    void add(std::string condition, std::string value);
    void add(std::string condition, std::int64_t value);
    void add_pattern(std::string_view column, const std::vector<std::string>& patterns);

    std::vector<std::string> conditions_;
    std::vector<std::variant<std::string, std::int64_t>> values_;
    std::string limit_;
};

// The expression that pilots are grouped by. Error{Usage} if there is no such group.
std::string group_sql(std::string_view by);

}  // namespace tow::logstore
