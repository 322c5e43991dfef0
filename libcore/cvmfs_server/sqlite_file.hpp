// A SQLite file made by strangers: read-only, tables only, no function, no view, no trigger, and an
// end to the work it may cause.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tow::cvmfs_server {

// The current row of a query, columns from 0.
class Row {
  public:
    explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

    std::int64_t integer(int column) const;
    std::string_view bytes(int column) const;  // text or blob; good until the next row

  private:
    sqlite3_stmt* statement_;
};

class SqliteFile {
  public:
    // Error{Data} if it is no SQLite file.
    explicit SqliteFile(const std::string& path);
    SqliteFile(const SqliteFile&) = delete;
    SqliteFile& operator=(const SqliteFile&) = delete;
    ~SqliteFile();

    bool has_table(std::string_view name) const;

    // SELECT columns FROM an ordinary table, every row. visit returns whether to go on. Error{Data}
    // if the table is not there, is not what it seems, is damaged, or costs too much.
    void each_row(std::string_view columns, std::string_view table,
                  const std::function<bool(const Row& row)>& visit) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace tow::cvmfs_server
