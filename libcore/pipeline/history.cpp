#include "pipeline/history.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "fleet/state_file.hpp"
#include "record/json.hpp"

namespace tow::pipeline {

namespace {

std::string stages_text(const model::Run& run) {
    return record::to_json(model::stages_array(run.stages));
}

}  // namespace

History::Begun History::begin(const model::Run& run) const {
    store::Transaction all(database_);
    auto left =
        database_.prepare("SELECT max(started_at) FROM run WHERE name = ? AND state = 'running'");
    left.bind(run.name).step();
    Begun begun{0, fleet::from_seconds(left.known_integer(0))};
    left.reset();
    database_.prepare("UPDATE run SET state = 'killed' WHERE name = ? AND state = 'running'")
        .bind(run.name)
        .run();
    auto insert = database_.prepare(
        "INSERT INTO run (name, state, started_at, stages) VALUES (?, 'running', ?, ?) "
        "RETURNING number");
    insert.bind(run.name).bind(fleet::to_seconds(run.started_at)).bind(stages_text(run)).step();
    begun.number = insert.integer(0);
    insert.reset();
    forget(run.name, run.started_at);
    all.commit();
    return begun;
}

void History::end(std::int64_t number, const model::Run& run) const {
    database_
        .prepare(
            "UPDATE run SET state = ?, seconds = ?, exit_code = ?, stages = ? WHERE number = ?")
        .bind(model::run_state_name(run.state))
        .bind(run.seconds)
        .bind(run.exit_code)
        .bind(stages_text(run))
        .bind(number)
        .run();
}

std::optional<History::Row> History::read_latest(const std::string& name) const {
    auto row = database_.prepare(
        "SELECT number, state, started_at, seconds, exit_code, stages FROM run "
        "WHERE name = ? ORDER BY number DESC LIMIT 1");
    if (!row.bind(name).step()) {
        return std::nullopt;
    }
    Row latest{row.integer(0), {}};
    const auto state = model::run_state(row.text(1));
    if (!state) {
        base::fail(base::Kind::Data, "the state file: run {}: unknown state \"{}\"", name,
                   base::printable(row.text(1)));
    }
    latest.run.name = name;
    latest.run.state = *state;
    latest.run.started_at = fleet::from_seconds(row.integer(2));
    latest.run.seconds = row.known_real(3);
    latest.run.exit_code = row.known_integer(4);
    latest.run.stages = base::with_context("the state file: run " + name, [&] {
        return model::read_stages(record::Document(row.text(5)).root());
    });
    return latest;
}

std::optional<model::Run> History::latest(const std::string& name,
                                          const IsRunning& is_running) const {
    using enum model::RunState;
    auto latest = read_latest(name);
    // It may have ended between the look at the row and the look at the lock: then the row tells.
    while (latest && latest->run.state == Running && !is_running(name)) {
        auto again = read_latest(name);
        if (again && again->number == latest->number && again->run.state == Running) {
            again->run.state = Killed;
        }
        latest = std::move(again);
    }
    if (!latest) {
        return std::nullopt;
    }
    auto past = database_.prepare(
        "WITH good AS (SELECT max(number) AS number FROM run WHERE name = ?1 AND state = 'done') "
        "SELECT (SELECT started_at FROM run WHERE number = (SELECT number FROM good)), "
        "(SELECT count(*) FROM run WHERE name = ?1 AND state NOT IN ('done', 'running') "
        "AND number > coalesce((SELECT number FROM good), 0) AND number < ?2)");
    past.bind(name).bind(latest->number).step();
    auto& run = latest->run;
    run.last_success_at = fleet::from_seconds(past.known_integer(0));
    run.failures = past.integer(1) + (run.state == Done || run.state == Running ? 0 : 1);
    return run;
}

std::vector<std::string> History::names() const {
    std::vector<std::string> names;
    auto rows = database_.prepare("SELECT DISTINCT name FROM run ORDER BY name");
    while (rows.step()) {
        names.push_back(rows.text(0));
    }
    return names;
}

void History::forget(const std::string& name, base::Time now) const {
    database_.prepare("DELETE FROM run WHERE started_at < ?")
        .bind(fleet::to_seconds(now - kForgottenAfter))
        .run();
    database_
        .prepare(
            "DELETE FROM run WHERE name = ?1 AND number <= "
            "(SELECT number FROM run WHERE name = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2) "
            "AND number <> coalesce("
            "(SELECT max(number) FROM run WHERE name = ?1 AND state = 'done'), 0)")
        .bind(name)
        .bind(kMostRuns)
        .run();
}

}  // namespace tow::pipeline
