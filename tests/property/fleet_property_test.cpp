// The ledger keeps sums; whatever happens to pilots, they are what all the rows add up to.
#include "base/ulid.hpp"
#include "fleet/ledger.hpp"
#include "random.hpp"
#include "scratch.hpp"

#include <algorithm>
#include <map>

#include <catch2/catch.hpp>

namespace tow::fleet {

namespace {

using model::PilotState;
using property::Random;
using std::chrono::days;
using std::chrono::seconds;

constexpr base::Time kNow =
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + seconds{40'000};

std::optional<base::Time> some_time(Random& random, int percent) {
    return random.chance(percent) ? std::optional{kNow - seconds{random.between(-100, 6'048'000)}}
                                  : std::nullopt;
}

void live(Random& random, Row& row) {
    row.pilot.state = static_cast<PilotState>(random.between(0, 8));
    row.pilot.started_at = some_time(random, 80);
    row.pilot.ended_at = model::has_ended(row.pilot.state) ? some_time(random, 95) : std::nullopt;
    row.pilot.expires_at = some_time(random, 20);
}

Row born(Random& random, int number) {
    Row row;
    row.pilot.id = base::make_ulid(1, std::to_string(number));
    row.pilot.entry = random.chance(50) ? "A" : "B";
    row.backend = "fake";
    row.cores = random.between(0, 64);
    row.cost_per_core_hour = random.chance(70) ? std::optional{0.125} : std::nullopt;
    row.currency = row.cost_per_core_hour ? std::optional<std::string>{"EUR"} : std::nullopt;
    live(random, row);
    return row;
}

// As one would do it with nothing but the rows: for each day, what of each life lies in it.
std::map<base::Time, model::Use> recomputed(const std::vector<Row>& rows,
                                            const std::string& entry) {
    std::map<base::Time, model::Use> result;
    const base::Time today = std::chrono::floor<days>(kNow);
    for (auto day = today - days{61}; day <= today + days{1}; day += days{1}) {
        model::Use use;
        for (const auto& row : rows) {
            if (row.pilot.entry != entry || !row.pilot.started_at) {
                continue;
            }
            const bool ended = model::has_ended(row.pilot.state);
            const auto start = *row.pilot.started_at;
            auto end = row.pilot.ended_at.value_or(ended ? start : kNow);
            if (row.pilot.state == PilotState::Lost) {
                end = std::max(start, std::min(end, row.pilot.expires_at.value_or(end)));
            }
            use.pilots += day <= start && start < day + days{1} ? 1 : 0;
            const auto within =
                std::max(seconds{0}, std::min(end, day + days{1}) - std::max(start, day));
            use.core_seconds += row.cores * within.count();
            use.cost += static_cast<double>(row.cores * within.count()) / 3600 *
                        row.cost_per_core_hour.value_or(0);
        }
        if (use.pilots != 0 || use.core_seconds != 0) {
            result[day] = use;
        }
    }
    return result;
}

void check(const Journal& journal, const std::vector<Row>& rows) {
    for (const auto& usage : Ledger(journal.database()).usage(journal.living(), kNow)) {
        const auto expected = recomputed(rows, usage.entry);
        REQUIRE(usage.days.size() == expected.size());
        for (const auto& [day, use] : usage.days) {
            CAPTURE(usage.entry, base::format_time(day));
            REQUIRE(expected.contains(day));
            CHECK(use.pilots == expected.at(day).pilots);
            CHECK(use.core_seconds == expected.at(day).core_seconds);
            CHECK(use.cost == Approx(expected.at(day).cost));
        }
    }
}

}  // namespace

TEST_CASE("the sums of the ledger are those of the rows, whatever happens to them") {
    Random random(property::seed());
    CAPTURE(property::seed());
    for (int round = 0; round < 20; ++round) {
        const test::Scratch folder;
        Journal journal(folder.path(), store::Access::ReadWrite);
        std::vector<Row> rows;
        auto transaction = journal.begin();
        for (int i = 0; i < 100; ++i) {
            rows.push_back(born(random, i));
            journal.insert(rows.back(), kNow);
            auto& row = rows[static_cast<std::size_t>(random.between(0, i))];
            live(random, row);
            journal.update(row);
        }
        transaction.commit();
        check(journal, rows);
        const auto kept = rows;
        {
            const auto undone = journal.begin();
            for (auto& row : rows) {
                live(random, row);
                journal.update(row);
            }
        }
        check(journal, kept);
    }
}

}  // namespace tow::fleet
