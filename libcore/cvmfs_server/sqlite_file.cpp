#include "cvmfs_server/sqlite_file.hpp"

#include "base/error.hpp"
#include "base/stop.hpp"

#include <sqlite3.h>

namespace tow::cvmfs_server {

namespace {

constexpr int kStepsBetweenLooks = 100'000;  // virtual machine instructions
constexpr std::int64_t kMostSteps = 200'000'000'000 / kStepsBetweenLooks;
constexpr int kLongestValue = 1 << 20;  // bytes: the longest xattr or symlink is far below

struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { ::sqlite3_finalize(statement); }
};

using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

// Only plain reading: whatever else the file's schema asks for is refused.
// NOLINTNEXTLINE(readability-function-size) SQLite says what it takes
int authorize(void*, int action, const char*, const char*, const char*, const char*) {
    return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

int look(void* looks) {
    auto& count = *static_cast<std::int64_t*>(looks);
    return ++count > kMostSteps || base::stop_requested() ? 1 : 0;
}

void harden(sqlite3* database) {
    ::sqlite3_limit(database, SQLITE_LIMIT_LENGTH, kLongestValue);
    ::sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, 65536);
    ::sqlite3_limit(database, SQLITE_LIMIT_COLUMN, 100);
    ::sqlite3_limit(database, SQLITE_LIMIT_EXPR_DEPTH, 20);
    ::sqlite3_limit(database, SQLITE_LIMIT_COMPOUND_SELECT, 2);
    ::sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    ::sqlite3_limit(database, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
    ::sqlite3_limit(database, SQLITE_LIMIT_WORKER_THREADS, 0);
    ::sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    ::sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    ::sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    ::sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    ::sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0, nullptr);
    ::sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
}

// In a URI these would mean something.
std::string escaped(const std::string& path) {
    std::string result;
    for (const char c : path) {
        result += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02x}", static_cast<int>(c))
                                                   : std::string(1, c);
    }
    return result;
}

}  // namespace

std::int64_t Row::integer(int column) const {
    return ::sqlite3_column_int64(statement_, column);
}

std::string_view Row::bytes(int column) const {
    const auto* data = static_cast<const char*>(::sqlite3_column_blob(statement_, column));
    return {data, data == nullptr
                      ? 0
                      : static_cast<std::size_t>(::sqlite3_column_bytes(statement_, column))};
}

struct SqliteFile::State {
    sqlite3* database = nullptr;
    std::int64_t looks = 0;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { ::sqlite3_close(database); }

    [[noreturn]] void fail() const {
        base::check_stop();
        base::fail(base::Kind::Data, "SQLite: {}", ::sqlite3_errmsg(database));
    }

    Statement prepare(const std::string& sql) const {
        sqlite3_stmt* statement = nullptr;
        if (::sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
            fail();
        }
        return Statement(statement);
    }
};

SqliteFile::SqliteFile(const std::string& path) : state_(std::make_unique<State>()) {
    const auto uri = "file:" + escaped(path) + "?mode=ro&immutable=1";
    constexpr int kFlags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
                           SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    if (::sqlite3_open_v2(uri.c_str(), &state_->database, kFlags, nullptr) != SQLITE_OK) {
        state_->fail();
    }
    harden(state_->database);
    ::sqlite3_set_authorizer(state_->database, &authorize, nullptr);
    ::sqlite3_progress_handler(state_->database, kStepsBetweenLooks, &look, &state_->looks);
    state_->prepare("SELECT name FROM sqlite_schema");  // reads the schema: is it a SQLite file
}

SqliteFile::~SqliteFile() = default;

bool SqliteFile::has_table(std::string_view name) const {
    // A table that SQL makes up (a virtual one) has no root page of its own.
    const auto statement =
        state_->prepare("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'");
    int code = SQLITE_ROW;
    while ((code = ::sqlite3_step(statement.get())) == SQLITE_ROW) {
        const Row row(statement.get());
        if (row.bytes(0) == name && row.integer(1) > 0) {
            return true;
        }
    }
    if (code != SQLITE_DONE) {
        state_->fail();
    }
    return false;
}

void SqliteFile::each_row(std::string_view columns, std::string_view table,
                          const std::function<bool(const Row& row)>& visit) const {
    if (!has_table(table)) {
        base::fail(base::Kind::Data, "SQLite: there is no table {}", table);
    }
    const auto statement = state_->prepare(fmt::format("SELECT {} FROM {}", columns, table));
    int code = SQLITE_ROW;
    const Row row(statement.get());
    while ((code = ::sqlite3_step(statement.get())) == SQLITE_ROW) {
        if (!visit(row)) {
            return;
        }
    }
    if (code != SQLITE_DONE) {
        state_->fail();
    }
}

}  // namespace tow::cvmfs_server
