#include "fleet/journal.hpp"

#include "base/error.hpp"
#include "fleet/ledger.hpp"
#include "fleet/state_file.hpp"

namespace tow::fleet {

namespace {

constexpr std::string_view kColumns =
    "pilot, request, entry, job_group, backend, state, backend_id, submitted_at, started_at, "
    "ended_at, expires_at, exit_code, reason, removal, cores, cost_per_core_hour, currency, "
    "walltime, hold_code, releases, released_at";

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
    pilot.submitted_at = from_seconds(row.known_integer(7));
    pilot.started_at = from_seconds(row.known_integer(8));
    pilot.ended_at = from_seconds(row.known_integer(9));
    pilot.expires_at = from_seconds(row.known_integer(10));
    pilot.exit_code = row.known_integer(11);
    pilot.reason = row.known_text(12);
    result.removal = row.known_text(13);
    result.cores = row.integer(14);
    result.cost_per_core_hour = row.known_real(15);
    result.currency = row.known_text(16);
    if (const auto walltime = row.known_integer(17)) {
        result.walltime = std::chrono::seconds{*walltime};
    }
    pilot.hold_code = row.known_integer(18);
    result.releases = row.integer(19);
    result.released_at = from_seconds(row.known_integer(20));
    return result;
}

}  // namespace

Journal::Journal(const std::string& state_directory, store::Access access)
    : database_(open_state(state_directory, access)) {}

bool Journal::exists(const std::string& state_directory) {
    return state_exists(state_directory);
}

void Journal::insert(const Row& row, base::Time now) {
    const auto& pilot = row.pilot;
    store::Transaction whole(database_);
    database_
        .prepare(
            "INSERT INTO pilot (pilot, request, entry, job_group, backend, state, backend_id, "
            "intended_at, submitted_at, started_at, ended_at, expires_at, exit_code, reason, "
            "cores, cost_per_core_hour, currency, walltime, hold_code) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(pilot.id)
        .bind(pilot.request)
        .bind(pilot.entry)
        .bind(pilot.group)
        .bind(row.backend)
        .bind(model::state_name(pilot.state))
        .bind(pilot.backend_id)
        .bind(to_seconds(now))
        .bind(to_seconds(pilot.submitted_at))
        .bind(to_seconds(pilot.started_at))
        .bind(to_seconds(pilot.ended_at))
        .bind(to_seconds(pilot.expires_at))
        .bind(pilot.exit_code)
        .bind(pilot.reason)
        .bind(row.cores)
        .bind(row.cost_per_core_hour)
        .bind(row.currency)
        .bind(row.walltime ? std::optional<std::int64_t>{row.walltime->count()} : std::nullopt)
        .bind(pilot.hold_code)
        .run();
    if (model::has_ended(pilot.state)) {
        Ledger(database_).add(row);
    }
    whole.commit();
}

void Journal::update(const Row& row) {
    const auto& pilot = row.pilot;
    store::Transaction whole(database_);
    const auto before = find(pilot.id);
    database_
        .prepare(
            "UPDATE pilot SET state = ?, backend_id = ?, submitted_at = ?, started_at = ?, "
            "ended_at = ?, expires_at = ?, exit_code = ?, reason = ?, removal = ?, hold_code = ?, "
            "releases = ?, released_at = ? "
            "WHERE pilot = ?")
        .bind(model::state_name(pilot.state))
        .bind(pilot.backend_id)
        .bind(to_seconds(pilot.submitted_at))
        .bind(to_seconds(pilot.started_at))
        .bind(to_seconds(pilot.ended_at))
        .bind(to_seconds(pilot.expires_at))
        .bind(pilot.exit_code)
        .bind(pilot.reason)
        .bind(row.removal)
        .bind(pilot.hold_code)
        .bind(row.releases)
        .bind(to_seconds(row.released_at))
        .bind(pilot.id)
        .run();
    // What the row says now, instead of what it said: so the sums are those of the rows, whatever
    // happens to a row.
    if (before && model::has_ended(before->pilot.state)) {
        Ledger(database_).take_back(*before);
    }
    if (before && model::has_ended(pilot.state)) {
        Ledger(database_).add(*find(pilot.id));
    }
    whole.commit();
}

std::vector<Row> Journal::select(std::string_view where, const std::vector<std::string>& texts,
                                 std::optional<std::int64_t> number) const {
    // "+": sort what an index finds, and do not read all pilots there ever were to save the
    // sorting.
    auto rows = database_.prepare(
        fmt::format("SELECT {} FROM pilot WHERE {} ORDER BY +number", kColumns, where));
    for (const auto& text : texts) {
        rows.bind(text);
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
    auto rows = select("pilot = ?", {pilot}, std::nullopt);
    return rows.empty() ? std::nullopt : std::optional{std::move(rows.front())};
}

std::vector<Row> Journal::of_request(const std::string& request) const {
    return select("request = ?", {request}, std::nullopt);
}

std::vector<Row> Journal::of_request(const std::string& request, const std::string& first,
                                     const std::string& end) const {
    return select("(request = ? OR (pilot >= ? AND pilot < ?))", {request, first, end},
                  std::nullopt);
}

std::optional<base::Time> Journal::beginning() const {
    auto first = database_.prepare("SELECT intended_at FROM pilot ORDER BY number LIMIT 1");
    return first.step() ? std::optional{from_seconds(first.integer(0))} : std::nullopt;
}

std::vector<Row> Journal::living() const {
    return select("state NOT IN ('done', 'failed', 'lost')", {}, std::nullopt);
}

std::vector<Row> Journal::ended_since(base::Time since) const {
    return select("ended_at >= ? AND state IN ('done', 'failed', 'lost')", {}, to_seconds(since));
}

std::int64_t Journal::count_removed_by(const std::string& request) const {
    auto count = database_.prepare(
        "SELECT count(*) FROM pilot WHERE removal = ? "
        "AND state IN ('removing', 'done', 'failed', 'lost')");
    count.bind(request);
    count.step();
    return count.integer(0);
}

}  // namespace tow::fleet
