#include "fleet/ledger.hpp"

#include "base/ulid.hpp"
#include "scratch.hpp"

#include <catch2/catch.hpp>

namespace tow::fleet {

namespace {

using namespace std::chrono_literals;
using model::PilotState;
using std::chrono::days;

constexpr base::Time kToday = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21};
constexpr base::Time kNow = kToday + 12h;

Row pilot(const std::string& id, PilotState state, std::optional<base::Time> start,
          std::optional<base::Time> end = std::nullopt) {
    Row row;
    row.pilot.id = base::make_ulid(1, id);
    row.pilot.entry = "E";
    row.pilot.state = state;
    row.pilot.started_at = start;
    row.pilot.ended_at = end;
    row.backend = "fake";
    row.cores = 8;
    row.cost_per_core_hour = 0.5;
    row.currency = "EUR";
    row.walltime = 24h;
    return row;
}

model::Usage usage_of(const Journal& journal) {
    const auto all = Ledger(journal.database()).usage(journal.living(), kNow);
    REQUIRE(all.size() == 1);
    return all[0];
}

}  // namespace

TEST_CASE("use is split at midnight, and a pilot counts on the day it starts") {
    const auto row = pilot("a", PilotState::Running, kToday - 1h - days{1});
    const std::vector<DayUse> expected{
        {kToday - days{2}, 1, 28'800}, {kToday - days{1}, 0, 691'200}, {kToday, 0, 345'600}};
    CHECK(use_of(row, kNow) == expected);
    CHECK(use_of(pilot("b", PilotState::Done, kToday - 60s, kToday), kNow) ==
          std::vector<DayUse>{{kToday - days{1}, 1, 480}});
    CHECK(use_of(pilot("c", PilotState::Pending, {}), kNow).empty());
    const auto backwards = pilot("d", PilotState::Done, kToday + 2h, kToday + 1h);
    CHECK(use_of(backwards, kNow) == std::vector<DayUse>{{kToday, 1, 0}});
    CHECK(use_of(pilot("e", PilotState::Running, base::Time{}), kNow).size() == 367);
}

TEST_CASE("living pilots are committed to the end of their wall time") {
    CHECK(committed_use(pilot("a", PilotState::Pending, {}), kNow) == DayUse{{}, 1, 691'200});
    CHECK(committed_use(pilot("b", PilotState::Running, kNow - 23h), kNow) ==
          DayUse{{}, 0, 28'800});
    CHECK(committed_use(pilot("c", PilotState::Running, kNow - 25h), kNow) == DayUse{});
    CHECK(committed_use(pilot("d", PilotState::Lost, kNow - 1h, kNow), kNow) == DayUse{});
    auto shortened = pilot("e", PilotState::Running, kNow - 1h);
    shortened.pilot.expires_at = kNow + 10s;
    CHECK(committed_use(shortened, kNow) == DayUse{{}, 0, 80});
    auto endless = pilot("f", PilotState::Running, kNow - 1h);
    endless.walltime.reset();
    CHECK(committed_use(endless, kNow) == DayUse{});
}

TEST_CASE("a pilot enters the sums once, in whatever way it ends") {
    const test::Scratch folder;
    Journal journal(folder.path(), store::Access::ReadWrite);
    auto row = pilot("a", PilotState::Running, kToday);
    journal.insert(row, kNow);
    CHECK(usage_of(journal).days[0].use.core_seconds == 345'600);
    row.pilot.ended_at = kToday + 1h;
    for (const auto state : {PilotState::Done, PilotState::Done, PilotState::Lost}) {
        row.pilot.state = state;
        journal.update(row);
        const auto usage = usage_of(journal);
        REQUIRE(usage.days.size() == 1);
        CHECK(usage.days[0].day == kToday);
        CHECK(usage.days[0].use == model::Use{1, 28'800, 4.0});
        CHECK(usage.currency == "EUR");
        CHECK(usage.committed == model::Use{});
    }
    row.pilot.ended_at = kToday + 2h;  // the batch system knows better
    journal.update(row);
    CHECK(usage_of(journal).days[0].use == model::Use{1, 57'600, 8.0});
    row.pilot.state = PilotState::Running;  // it was not lost at all
    row.pilot.ended_at.reset();
    journal.update(row);
    CHECK(usage_of(journal).days[0].use.core_seconds == 345'600);
    journal.insert(pilot("b", PilotState::Failed, kToday, kToday + 1s), kNow);  // adopted, ended
    CHECK(usage_of(journal).days[0].use.pilots == 2);
    journal.insert(pilot("c", PilotState::Failed, {}, kToday), kNow);  // never ran
    CHECK(usage_of(journal).days[0].use.pilots == 2);
}

TEST_CASE("an end that is rolled back is in no sum") {
    const test::Scratch folder;
    Journal journal(folder.path(), store::Access::ReadWrite);
    {
        const auto transaction = journal.begin();
        journal.insert(pilot("a", PilotState::Done, kToday, kToday + 1h), kNow);
    }
    CHECK(Ledger(journal.database()).usage(journal.living(), kNow).empty());
}

TEST_CASE("the ledger tells of 62 days; costs are in the currency of the latest use") {
    const test::Scratch folder;
    Journal journal(folder.path(), store::Access::ReadWrite);
    const auto oldest = kToday - days{61};
    auto francs = pilot("b", PilotState::Done, oldest - 1h, oldest + 1h);
    francs.currency = "CHF";
    journal.insert(francs, kNow);
    CHECK(usage_of(journal).days.at(0).use == model::Use{0, 28'800, 4.0});
    journal.insert(pilot("a", PilotState::Done, kToday, kToday + 1h), kNow);
    const auto usage = usage_of(journal);
    REQUIRE(usage.days.size() == 2);
    CHECK(usage.days[0].day == oldest);
    CHECK(usage.days[0].use == model::Use{0, 28'800, 0.0});
    CHECK(usage.days[1].use.cost == 4.0);
    CHECK(usage.currency == "EUR");
}

TEST_CASE("pilots of a file from before the ledger count, without cores") {
    const test::Scratch folder;
    {
        const store::Database old(folder / "state.sqlite", store::Access::ReadWrite);
        old.run(
            "CREATE TABLE pilot (number INTEGER PRIMARY KEY, pilot TEXT NOT NULL UNIQUE, request "
            "TEXT, entry TEXT NOT NULL, job_group TEXT, backend TEXT NOT NULL, state TEXT NOT "
            "NULL, backend_id TEXT, intended_at INTEGER NOT NULL, submitted_at INTEGER, started_at "
            "INTEGER, ended_at INTEGER, expires_at INTEGER, exit_code INTEGER, reason TEXT, "
            "removal TEXT) STRICT");
        auto insert = old.prepare(
            "INSERT INTO pilot (pilot, entry, backend, state, intended_at, started_at, ended_at) "
            "VALUES (?, 'E', 'local', ?, 1, ?, ?)");
        const auto start = kToday.time_since_epoch().count();
        insert.bind("a").bind("done").bind(start + 5).bind(start + 10).run();
        insert.bind("b").bind("running").bind(start - 5).bind(nullptr).run();
        insert.bind("c").bind("failed").bind(nullptr).bind(start).run();
        old.run("PRAGMA user_version = 1");
    }
    for (const auto access : {store::Access::ReadOnly, store::Access::ReadWrite}) {
        const auto usage = usage_of(Journal(folder.path(), access));
        REQUIRE(usage.days.size() == 2);
        CHECK(usage.days[0].use == model::Use{1, 0, 0.0});
        CHECK(usage.days[1].use == model::Use{1, 0, 0.0});
        CHECK(usage.days[1].day == kToday);
    }
}

}  // namespace tow::fleet
