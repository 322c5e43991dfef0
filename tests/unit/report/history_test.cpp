#include "report/history.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "record/json.hpp"
#include "scratch.hpp"

#include <catch2/catch.hpp>

namespace tow::report {

namespace {

using namespace std::chrono_literals;

base::Time now_time() {
    return *base::parse_rfc3339("2026-11-21T12:00:00Z");
}

Sample sample(base::Time at, std::int64_t running) {
    Sample result;
    result.at = at;
    result.pilots = Sample::EntryPilots{0, running, 0};
    result.entries["A"] = {0, running, 0};
    return result;
}

}  // namespace

TEST_CASE("a sample is read as it was written") {
    auto written = sample(now_time(), 3);
    written.idle_jobs = 1;
    written.running_jobs = 2;
    written.held_jobs = 4;
    written.busy_cores = 5;
    written.submit = 6;
    written.remove = 7;
    const record::Document document(record::to_json(to_record(written)));
    CHECK(read_sample(document.root()) == written);
}

TEST_CASE("two years of samples every minute become the promised number, and stay it") {
    History history;
    for (auto at = now_time() - 3 * 24h; at <= now_time(); at += 1min) {
        history.add(sample(at, 1));
    }
    for (auto at = now_time() - 730 * 24h; at < now_time() - 3 * 24h; at += 1h) {
        history.add(sample(at, 1));
    }
    history.thin(now_time());
    const auto kept = history.samples().size();
    CHECK(kept <= 1741);
    CHECK(kept >= 1650);
    CHECK(history.samples().rbegin()->first == now_time());
    CHECK(history.samples().begin()->first >= now_time() - 400 * 24h);
    const auto before = history.samples();
    history.thin(now_time());
    CHECK(history.samples() == before);
    std::size_t with_entries = 0;
    for (const auto& [at, each] : history.samples()) {
        with_entries += each.entries.empty() ? 0 : 1;
        CHECK((each.entries.empty() || now_time() - at <= 24h));
    }
    CHECK(with_entries >= 48);
    CHECK(with_entries <= 50);
}

TEST_CASE("of each step the last sample stays, as it was") {
    History history;
    history.add(sample(now_time() - 4min, 1));
    history.add(sample(now_time() - 3min, 100));
    history.add(sample(now_time() - 2min, 7));
    history.thin(now_time());
    REQUIRE(history.samples().size() == 1);
    CHECK(history.samples().begin()->second.pilots->running == 7);
}

TEST_CASE("the file of a history keeps it, and a damaged one is not overwritten") {
    const test::Scratch scratch;
    const auto path = scratch / "history.jsonl";
    CHECK(read_history(path).samples().empty());
    History history;
    history.add(sample(now_time() - 1h, 5));
    history.add(sample(now_time(), 6));
    write_history(path, history);
    CHECK(read_history(path).samples() == history.samples());
    base::write_file_atomically(path, "{\"type\":\"sample\",\"v\":1}\n");
    CHECK_THROWS_AS(read_history(path), base::Error);
}

}  // namespace tow::report
