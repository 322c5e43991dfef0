#include "fleet/state_file.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <array>
#include <unistd.h>

namespace tow::fleet {

namespace {

// Steps are only ever added, never changed.
constexpr std::array<std::string_view, 4> kSchema{R"sql(
CREATE TABLE pilot (
    number       INTEGER PRIMARY KEY,
    pilot        TEXT NOT NULL UNIQUE,
    request      TEXT,
    entry        TEXT NOT NULL,
    job_group    TEXT,
    backend      TEXT NOT NULL,
    state        TEXT NOT NULL,
    backend_id   TEXT,
    intended_at  INTEGER NOT NULL,
    submitted_at INTEGER,
    started_at   INTEGER,
    ended_at     INTEGER,
    expires_at   INTEGER,
    exit_code    INTEGER,
    reason       TEXT,
    removal      TEXT
) STRICT;
CREATE INDEX pilot_request ON pilot (request);
CREATE INDEX pilot_removal ON pilot (removal) WHERE removal IS NOT NULL;
CREATE INDEX pilot_living ON pilot (entry) WHERE state NOT IN ('done', 'failed', 'lost');
CREATE INDEX pilot_ended ON pilot (ended_at) WHERE ended_at IS NOT NULL;
)sql",
                                                  // use_of_day: sums over the pilots that ended.
                                                  // The price is part of the key, so that sums are
                                                  // integers, and exact; those of older pilots are
                                                  // their numbers only.
                                                  R"sql(
ALTER TABLE pilot ADD COLUMN cores INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pilot ADD COLUMN cost_per_core_hour REAL;
ALTER TABLE pilot ADD COLUMN currency TEXT;
ALTER TABLE pilot ADD COLUMN walltime INTEGER;
CREATE TABLE use_of_day (
    day                INTEGER NOT NULL,
    entry              TEXT NOT NULL,
    currency           TEXT NOT NULL,
    cost_per_core_hour REAL NOT NULL,
    pilots             INTEGER NOT NULL,
    core_seconds       INTEGER NOT NULL,
    PRIMARY KEY (day, entry, currency, cost_per_core_hour)
) STRICT, WITHOUT ROWID;
INSERT INTO use_of_day
    SELECT started_at - (started_at % 86400 + 86400) % 86400, entry, '', 0, count(*), 0
    FROM pilot WHERE started_at IS NOT NULL AND state IN ('done', 'failed', 'lost')
    GROUP BY 1, 2;
CREATE TABLE memory (
    entry  TEXT PRIMARY KEY,
    plan   TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE override (
    override    TEXT NOT NULL,
    key         TEXT NOT NULL,
    value       TEXT NOT NULL,
    entries     TEXT NOT NULL,
    until       INTEGER NOT NULL,
    why         TEXT NOT NULL,
    author      TEXT NOT NULL,
    lifted_at   INTEGER,
    lifted_by   TEXT,
    replaced_by TEXT,
    PRIMARY KEY (override, key)
) STRICT, WITHOUT ROWID;
)sql",
                                                  R"sql(
ALTER TABLE pilot ADD COLUMN hold_code INTEGER;
ALTER TABLE pilot ADD COLUMN releases INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pilot ADD COLUMN released_at INTEGER;
CREATE TABLE pause (
    system  TEXT PRIMARY KEY,
    until   INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    why     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql",
                                                  // The history of tow-run.
                                                  R"sql(
CREATE TABLE run (
    number     INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    state      TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    seconds    REAL,
    exit_code  INTEGER,
    stages     TEXT NOT NULL
) STRICT;
CREATE INDEX run_name ON run (name, number);
)sql"};

std::string file_in(const std::string& directory) {
    return directory + "/state.sqlite";
}

}  // namespace

bool state_exists(const std::string& state_directory) {
    return ::access(file_in(state_directory).c_str(), F_OK) == 0;
}

store::Database open_state(const std::string& state_directory, store::Access access) {
    if (access == store::Access::ReadWrite) {
        base::make_directories(state_directory);
    } else if (!state_exists(state_directory)) {
        base::fail(base::Kind::NotFound, "{}: no state file", file_in(state_directory));
    }
    store::Database database(file_in(state_directory), access);
    database.migrate(kSchema);
    return database;
}

std::int64_t to_seconds(base::Time time) noexcept {
    return time.time_since_epoch().count();
}

std::optional<std::int64_t> to_seconds(const std::optional<base::Time>& time) noexcept {
    return time ? std::optional{to_seconds(*time)} : std::nullopt;
}

base::Time from_seconds(std::int64_t seconds_since_1970) noexcept {
    return base::Time{std::chrono::seconds{seconds_since_1970}};
}

std::optional<base::Time> from_seconds(
    const std::optional<std::int64_t>& seconds_since_1970) noexcept {
    return seconds_since_1970 ? std::optional{from_seconds(*seconds_since_1970)} : std::nullopt;
}

}  // namespace tow::fleet
