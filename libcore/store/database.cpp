#include "store/database.hpp"

#include "base/error.hpp"

#include <algorithm>

#include <sqlite3.h>

namespace tow::store {

namespace {

constexpr int kBusyTimeoutMs = 10'000;

base::Kind kind_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return base::Kind::Busy;
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
            return base::Kind::CannotCreate;
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return base::Kind::Permission;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return base::Kind::Data;
        case SQLITE_FULL:
        case SQLITE_IOERR:
            return base::Kind::Io;
        default:
            return base::Kind::Internal;
    }
}

[[noreturn]] void fail(sqlite3* database, int code) {
    const char* path = sqlite3_db_filename(database, "main");
    base::fail(kind_of(code), "{}: {}", path == nullptr ? "state file" : path,
               sqlite3_errmsg(database));
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement,
                             nullptr));
    statement_.reset(statement);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) {
        fail(database_, code);
    }
}

Statement& Statement::bind(std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), ++bound_, value));
    return *this;
}

Statement& Statement::bind(double value) {
    check(sqlite3_bind_double(statement_.get(), ++bound_, value));
    return *this;
}

Statement& Statement::bind(std::string_view text) {
    check(sqlite3_bind_text64(statement_.get(), ++bound_, text.data(), text.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(std::nullptr_t) {
    check(sqlite3_bind_null(statement_.get(), ++bound_));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        fail(database_, code);
    }
    return code == SQLITE_ROW;
}

void Statement::run() {
    while (step()) {
    }
    reset();
}

void Statement::reset() {
    sqlite3_reset(statement_.get());
    bound_ = 0;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
    const auto* bytes = sqlite3_column_text(statement_.get(), column);
    const auto size = sqlite3_column_bytes(statement_.get(), column);
    return bytes == nullptr
               ? std::string{}
               : std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

std::optional<std::int64_t> Statement::known_integer(int column) const {
    const bool known = sqlite3_column_type(statement_.get(), column) != SQLITE_NULL;
    return known ? std::optional{integer(column)} : std::nullopt;
}

std::optional<double> Statement::known_real(int column) const {
    const bool known = sqlite3_column_type(statement_.get(), column) != SQLITE_NULL;
    return known ? std::optional{real(column)} : std::nullopt;
}

std::optional<std::string> Statement::known_text(int column) const {
    const bool known = sqlite3_column_type(statement_.get(), column) != SQLITE_NULL;
    return known ? std::optional{text(column)} : std::nullopt;
}

void Database::Close::operator()(sqlite3* database) const noexcept {
    sqlite3_close_v2(database);
}

Database::Database(const std::string& path, Access access) : access_(access) {
    // Who only reads opens for writing, too: after a writer was killed, the file has to be put back
    // to its last commit before it can be read. SQLite itself falls back if it may not be written.
    const int flags = SQLITE_OPEN_READWRITE | (access == Access::ReadOnly ? 0 : SQLITE_OPEN_CREATE);
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
    handle_.reset(database);
    if (code != SQLITE_OK) {
        base::fail(kind_of(code), "{}: {}", path, sqlite3_errstr(code));
    }
    sqlite3_busy_timeout(database, kBusyTimeoutMs);
    // The rollback journal, not WAL: a reader then needs no file of its own beside the database, so
    // the state can be read when the disk is full. FULL: what is committed survives a power cut.
    run("PRAGMA journal_mode = DELETE");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA trusted_schema = OFF");
    if (access == Access::ReadOnly) {
        run("PRAGMA query_only = ON");
    }
}

std::int64_t Database::changes() const noexcept {
    return sqlite3_changes64(handle_.get());
}

std::size_t Database::version() const {
    auto statement = prepare("PRAGMA user_version");
    statement.step();
    return static_cast<std::size_t>(statement.integer(0));
}

bool Database::in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

void Database::continue_in_memory() {
    Database copy(":memory:", Access::ReadWrite);
    auto* backup = sqlite3_backup_init(copy.handle_.get(), "main", handle_.get(), "main");
    if (backup != nullptr) {
        sqlite3_backup_step(backup, -1);
        sqlite3_backup_finish(backup);
    }
    if (const int code = sqlite3_errcode(copy.handle_.get()); code != SQLITE_OK) {
        const char* path = sqlite3_db_filename(handle_.get(), "main");
        base::fail(kind_of(code), "{}: {}", path == nullptr ? "state file" : path,
                   sqlite3_errstr(code));
    }
    handle_ = std::move(copy.handle_);
}

void Database::migrate(std::span<const std::string_view> steps) {
    const auto version_found = version();
    if (version_found == steps.size()) {
        return;
    }
    if (version_found > steps.size()) {
        base::fail(base::Kind::Config, "the state file has version {}, this program knows {}",
                   version_found, steps.size());
    }
    if (access_ == Access::ReadOnly) {
        continue_in_memory();
    }
    Transaction transaction(*this);  // version is read again: another run may have been faster
    for (const auto step : steps.subspan(std::min(version(), steps.size()))) {
        const std::string sql(step);
        if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
            fail(handle_.get(), sqlite3_extended_errcode(handle_.get()));
        }
    }
    run(fmt::format("PRAGMA user_version = {}", std::max(version(), steps.size())));
    transaction.commit();
}

Transaction::Transaction(const Database& database)
    : database_(database), is_inner_(database.in_transaction()) {
    database_.run(is_inner_ ? "SAVEPOINT inner_one" : "BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (open_) {
        try {
            if (is_inner_) {
                database_.run("ROLLBACK TO inner_one");
                database_.run("RELEASE inner_one");
            } else {
                database_.run("ROLLBACK");
            }
        } catch (
            const base::Error&) {  // NOLINT(bugprone-empty-catch) SQLite has rolled back itself
        }
    }
}

void Transaction::commit() {
    database_.run(is_inner_ ? "RELEASE inner_one" : "COMMIT");
    open_ = false;
}

}  // namespace tow::store
