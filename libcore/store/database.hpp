// SQLite, as the state file needs it: one file, every write synced, errors in our classes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace tow::store {

enum class Access { ReadOnly, ReadWrite };

// One SQL statement, with ?1, ?2, ... bound in order. Values are bound, never pasted.
class Statement {
  public:
    Statement(sqlite3* database, std::string_view sql);

    Statement& bind(std::int64_t value);
    Statement& bind(double value);
    Statement& bind(std::string_view text);
    Statement& bind(std::nullptr_t);
    template <class T>
    Statement& bind(const std::optional<T>& value) {
        return value ? bind(*value) : bind(nullptr);
    }

    bool step();   // true: there is a row
    void run();    // steps to the end
    void reset();  // to bind and run it again

    // Of the current row, columns from 0.
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;  // empty if NULL
    std::optional<std::int64_t> known_integer(int column) const;
    std::optional<double> known_real(int column) const;
    std::optional<std::string> known_text(int column) const;

  private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };

    void check(int code) const;

    sqlite3* database_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    int bound_ = 0;
};

// A failed write is Error{Io} (a full disk too), a lock held too long Error{Busy}, a file that
// cannot be opened Error{CannotCreate}, a damaged one Error{Data}.
class Database {
  public:
    Database(const std::string& path, Access access);

    Statement prepare(std::string_view sql) const { return {handle_.get(), sql}; }
    void run(std::string_view sql) const { prepare(sql).run(); }
    std::int64_t changes() const noexcept;  // rows that the last statement changed

    // Brings the file to the newest schema: steps[i] leads from version i to i + 1. One that is
    // only read stays as it is: what is seen from then on is a copy in memory. Error{Config} if the
    // file is newer than this program.
    void migrate(std::span<const std::string_view> steps);

    bool in_transaction() const noexcept;

  private:
    struct Close {
        void operator()(sqlite3* database) const noexcept;
    };

    std::size_t version() const;
    void continue_in_memory();

    std::unique_ptr<sqlite3, Close> handle_;
    Access access_;
};

// Everything between construction and commit() happens, or nothing of it. Waits for other writers.
// One inside another happens only if the outer one does as well.
class Transaction {
  public:
    explicit Transaction(const Database& database);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    void commit();

  private:
    const Database& database_;
    bool is_inner_;
    bool open_ = true;
};

}  // namespace tow::store
