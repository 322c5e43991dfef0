#include "fleet/journal.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <array>
#include <unistd.h>

namespace tow::fleet {

namespace {

// Times are seconds since 1970. Steps are only ever added, never changed.
constexpr std::array<std::string_view, 1> kSchema{R"sql(
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
)sql"};

constexpr std::string_view kColumns =
    "pilot, request, entry, job_group, backend, state, backend_id, submitted_at, started_at, "
    "ended_at, expires_at, exit_code, reason, removal";

std::string file_in(const std::string& directory) {
    return directory + "/state.sqlite";
}

std::string prepared_path(const std::string& directory, store::Access access) {
    if (access == store::Access::ReadWrite) {
        base::make_directories(directory);
    } else if (!Journal::exists(directory)) {
        base::fail(base::Kind::NotFound, "{}: no state file", file_in(directory));
    }
    return file_in(directory);
}

std::optional<std::int64_t> seconds(const std::optional<base::Time>& time) {
    return time ? std::optional<std::int64_t>{time->time_since_epoch().count()} : std::nullopt;
}

std::optional<base::Time> time(const std::optional<std::int64_t>& seconds_since_1970) {
    return seconds_since_1970 ? std::optional{base::Time{std::chrono::seconds{*seconds_since_1970}}}
                              : std::nullopt;
}

model::PilotState state(const std::string& name) {
    const auto state = model::pilot_state(name);
    if (!state) {
        base::fail(base::Kind::Data, "the state file holds a pilot in state \"{}\"", name);
    }
    return *state;
}

Row read_row(const store::Statement& row) {
    Row result;
    auto& pilot = result.pilot;
    pilot.id = row.text(0);
    pilot.request = row.known_text(1);
    pilot.entry = row.text(2);
    pilot.group = row.known_text(3);
    result.backend = row.text(4);
    pilot.state = state(row.text(5));
    pilot.backend_id = row.known_text(6);
    pilot.submitted_at = time(row.known_integer(7));
    pilot.started_at = time(row.known_integer(8));
    pilot.ended_at = time(row.known_integer(9));
    pilot.expires_at = time(row.known_integer(10));
    pilot.exit_code = row.known_integer(11);
    pilot.reason = row.known_text(12);
    result.removal = row.known_text(13);
    return result;
}

}  // namespace

Journal::Journal(const std::string& state_directory, store::Access access)
    : database_(prepared_path(state_directory, access), access) {
    if (access == store::Access::ReadWrite) {
        database_.migrate(kSchema);
    }
}

bool Journal::exists(const std::string& state_directory) {
    return ::access(file_in(state_directory).c_str(), F_OK) == 0;
}

void Journal::insert(const Row& row, base::Time now) {
    const auto& pilot = row.pilot;
    database_
        .prepare(
            "INSERT INTO pilot (pilot, request, entry, job_group, backend, state, backend_id, "
            "intended_at, submitted_at, started_at, ended_at, expires_at, exit_code, reason) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(pilot.id)
        .bind(pilot.request)
        .bind(pilot.entry)
        .bind(pilot.group)
        .bind(row.backend)
        .bind(model::state_name(pilot.state))
        .bind(pilot.backend_id)
        .bind(now.time_since_epoch().count())
        .bind(seconds(pilot.submitted_at))
        .bind(seconds(pilot.started_at))
        .bind(seconds(pilot.ended_at))
        .bind(seconds(pilot.expires_at))
        .bind(pilot.exit_code)
        .bind(pilot.reason)
        .run();
}

void Journal::update(const Row& row) {
    const auto& pilot = row.pilot;
    database_
        .prepare(
            "UPDATE pilot SET state = ?, backend_id = ?, submitted_at = ?, started_at = ?, "
            "ended_at = ?, expires_at = ?, exit_code = ?, reason = ?, removal = ? "
            "WHERE pilot = ?")
        .bind(model::state_name(pilot.state))
        .bind(pilot.backend_id)
        .bind(seconds(pilot.submitted_at))
        .bind(seconds(pilot.started_at))
        .bind(seconds(pilot.ended_at))
        .bind(seconds(pilot.expires_at))
        .bind(pilot.exit_code)
        .bind(pilot.reason)
        .bind(row.removal)
        .bind(pilot.id)
        .run();
}

std::vector<Row> Journal::select(std::string_view where, std::optional<std::string> text,
                                 std::optional<std::int64_t> number) const {
    auto rows = database_.prepare(
        fmt::format("SELECT {} FROM pilot WHERE {} ORDER BY number", kColumns, where));
    if (text) {
        rows.bind(*text);
    }
    if (number) {
        rows.bind(*number);
    }
    std::vector<Row> result;
    while (rows.step()) {
        result.push_back(read_row(rows));
    }
    return result;
}

std::optional<Row> Journal::find(const std::string& pilot) const {
    auto rows = select("pilot = ?", pilot, std::nullopt);
    return rows.empty() ? std::nullopt : std::optional{std::move(rows.front())};
}

std::vector<Row> Journal::of_request(const std::string& request) const {
    return select("request = ?", request, std::nullopt);
}

std::vector<Row> Journal::living() const {
    return select("state NOT IN ('done', 'failed', 'lost')", std::nullopt, std::nullopt);
}

std::vector<Row> Journal::ended_since(base::Time since) const {
    return select("ended_at >= ? AND state IN ('done', 'failed', 'lost')", std::nullopt,
                  since.time_since_epoch().count());
}

std::int64_t Journal::count_removed_by(const std::string& request) const {
    auto count = database_.prepare("SELECT count(*) FROM pilot WHERE removal = ?");
    count.bind(request);
    count.step();
    return count.integer(0);
}

}  // namespace tow::fleet
