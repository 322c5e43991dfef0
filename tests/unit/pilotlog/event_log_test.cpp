#include "pilotlog/event_log.hpp"

#include "base/file.hpp"
#include "pilotlog/job.hpp"

#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace pilotlog = tow::pilotlog;
using pilotlog::JobEvent;
using tow::base::format_time;

namespace {

const pilotlog::LogClock kClock{tow::base::Time{std::chrono::seconds{1'795'300'000}}, {}};

struct Seen {
    int number = 0;
    std::int64_t cluster = 0;
    std::string at;
    std::string reason;
    std::optional<std::int64_t> exit_code;
    std::optional<std::int64_t> code;

    friend bool operator==(const Seen&, const Seen&) = default;
};

struct Scanned {
    std::vector<Seen> events;
    pilotlog::EventCounts counts;
};

// In pieces of this size, as a log that grows.
Scanned scan(const std::string& log, std::size_t piece = SIZE_MAX) {
    Scanned result;
    pilotlog::EventScanner scanner(kClock, [&](const JobEvent& event) {
        result.events.push_back({event.number, event.cluster, format_time(event.at),
                                 std::string(event.reason), event.exit_code, event.code});
    });
    std::string pending;
    for (std::size_t at = 0; at < log.size();) {
        const auto taken = std::min(piece, log.size() - at);
        pending += log.substr(at, taken);
        at += taken;
        auto padded = pending + std::string(tow::record::kPadding, '\0');
        pending.erase(0, scanner.scan(std::string_view(padded).substr(0, pending.size()), false));
    }
    const auto padded = pending + std::string(tow::record::kPadding, '\0');
    scanner.scan(std::string_view(padded).substr(0, pending.size()), true);
    result.counts = scanner.counts();
    return result;
}

std::string file(const std::string& name) {
    return tow::base::read_file(std::string(TOW_TEST_DATA) + "/logs/" + name, 1U << 24U);
}

std::map<int, int> numbers(const Scanned& scanned) {
    std::map<int, int> counts;
    for (const auto& event : scanned.events) {
        ++counts[event.number];
    }
    return counts;
}

}  // namespace

TEST_CASE("every event of a real run is read, from text and from JSON") {
    const auto text = scan(file("run/eventlog_iso_utc.log"));
    CHECK(text.events.size() == 182);
    CHECK(text.counts.broken == 0);
    const auto json = scan(file("run/eventlog_json.log"));
    CHECK(json.events.size() == 207);
    CHECK(json.counts.broken == 0);
    CHECK(numbers(json) == std::map<int, int>{{0, 39},
                                              {1, 26},
                                              {4, 6},
                                              {5, 17},
                                              {6, 20},
                                              {8, 1},
                                              {9, 22},
                                              {10, 1},
                                              {11, 1},
                                              {12, 12},
                                              {13, 2},
                                              {21, 3},
                                              {26, 3},
                                              {27, 11},
                                              {35, 1},
                                              {36, 1},
                                              {40, 41}});
}

TEST_CASE("text and JSON of one run tell the same of every job") {
    pilotlog::JobTable tables[2];
    const char* names[] = {"run/eventlog_iso_utc.log", "run/eventlog_json.log"};
    for (int i = 0; i < 2; ++i) {
        const auto fd =
            tow::base::open_for_reading(std::string(TOW_TEST_DATA) + "/logs/" + names[i]);
        pilotlog::read_event_log(fd.get(), kClock,
                                 [&](const JobEvent& event) { tables[i].add(event); });
    }
    std::map<std::string, const pilotlog::JobFacts*> json;
    for (const auto& job : tables[1].jobs()) {
        json[job.id] = &job;
    }
    CHECK(tables[0].jobs().size() == 31);
    for (const auto& job : tables[0].jobs()) {
        INFO(job.id);
        REQUIRE(json.contains(job.id));
        const auto& other = *json.at(job.id);
        CHECK(job.end == other.end);
        CHECK(job.exit_code == other.exit_code);
        CHECK(job.hold_code == other.hold_code);
        CHECK(job.hold_reason == other.hold_reason);
        CHECK(job.grid_job_id == other.grid_job_id);
        CHECK(job.started_at == other.started_at);
        CHECK(job.resource_is_down == other.resource_is_down);
    }
}

TEST_CASE("a log that grows by any piece has the same events") {
    for (const auto* name : {"run/eventlog_iso_utc.log", "run/eventlog_json.log"}) {
        const auto log = file(name);
        const auto whole = scan(log);
        for (const std::size_t piece : {7U, 100U, 4099U}) {
            CHECK(scan(log, piece).events == whole.events);
        }
    }
}

TEST_CASE("dates of every kind") {
    const auto at = [](const std::string& date) {
        const auto scanned = scan("001 (1.0.0) " + date + " Job executing on host: <a>\n...\n");
        REQUIRE(scanned.events.size() == 1);
        return scanned.events[0].at;
    };
    CHECK(at("2026-11-21 19:49:32Z") == "2026-11-21T19:49:32Z");
    CHECK(at("2026-11-21T19:49:32.123+01:00") == "2026-11-21T18:49:32Z");
    CHECK(at("2026-11-21 19:49:32-0500") == "2026-11-22T00:49:32Z");
    CHECK(at("11/21 19:49:32") == "2026-11-21T19:49:32Z");
    CHECK(at("12/24 19:49:32") == "2025-12-24T19:49:32Z");  // it was last year
    CHECK(at("02/29 19:49:32") == "2024-02-29T19:49:32Z");
    CHECK(at("11/21/24 19:49:32") == "2024-11-21T19:49:32Z");
}

TEST_CASE("what is no event costs the others nothing") {
    const std::string good =
        "005 (7.0.0) 2026-11-21 19:49:32Z Job terminated.\n"
        "\t(1) Normal termination (return value 3)\n...\n";
    SECTION("garbage between, CR LF, binary") {
        const auto scanned = scan(good + std::string("garbage\n\0\xff\n...\n", 15) +
                                  "012 (8.0.0) 2026-11-21 19:49:32Z Job was held.\r\n\tbecause\r\n"
                                  "\tCode 34 Subcode 102\r\n...\r\n");
        REQUIRE(scanned.events.size() == 2);
        CHECK(scanned.events[0].exit_code == 3);
        CHECK(scanned.events[1].reason == "because");
        CHECK(scanned.events[1].code == 34);
        CHECK(scanned.counts.broken == 1);
    }
    SECTION("one that was cut off before the next began") {
        const auto scanned = scan("005 (6.0.0) 2026-11-21 19:49:32Z Job term\n" + good);
        REQUIRE(scanned.events.size() == 2);
        CHECK(scanned.events[1].cluster == 7);
        CHECK(scanned.counts.broken == 1);
    }
    SECTION("one at the end that is cut short is told as far as it goes") {
        const auto scanned = scan(good + "012 (8.0.0) 2026-11-21 19:49:32Z Job was held.\n\tbeca");
        CHECK(scanned.events.size() == 2);
        CHECK(scanned.counts.is_cut);
    }
    SECTION("events nobody has heard of") {
        const auto scanned = scan("999 (1.0.0) 2026-11-21 19:49:32Z News.\n...\n" + good);
        CHECK(scanned.events.size() == 2);
        CHECK(scanned.counts.broken == 0);
    }
    SECTION("a line that never ends") {
        const auto scanned = scan(std::string(5U << 20U, 'x') + "\n...\n" + good, 1U << 18U);
        CHECK(scanned.events.size() == 1);
        CHECK(scanned.counts.oversized > 0);
    }
}

TEST_CASE("XML logs, without a root, with ads in ads and entities") {
    const auto scanned = scan(
        "<?xml version=\"1.0\"?>\n<c>\n<a n=\"MyType\"><s>JobHeldEvent</s></a>\n"
        "<a n=\"EventTypeNumber\"><i>12</i></a>\n<a "
        "n=\"EventTime\"><s>2026-11-21T19:49:32</s></a>\n"
        "<a n=\"Cluster\"><i>3</i></a>\n<a n=\"Proc\"><i>0</i></a>\n"
        "<a n=\"ToE\"><c><a n=\"Cluster\"><i>99</i></a></c></a>\n"
        "<a n=\"HoldReason\"><s>a &lt; b &amp;&amp; c</s></a>\n"
        "<a n=\"HoldReasonCode\"><i>3</i></a>\n</c>\n<c><a n=\"EventTypeNumber\"><i>");
    REQUIRE(scanned.events.size() == 1);
    CHECK(scanned.events[0].cluster == 3);
    CHECK(scanned.events[0].reason == "a < b && c");
    CHECK(scanned.events[0].code == 3);
    CHECK(scanned.counts.is_cut);
}

TEST_CASE("a number that is used again after its end is another job") {
    pilotlog::JobTable table;
    JobEvent event;
    event.cluster = 1;
    event.proc = 0;
    for (const int number : {pilotlog::kSubmit, pilotlog::kTerminated, pilotlog::kSubmit}) {
        event.number = number;
        table.add(event);
    }
    CHECK(table.jobs().size() == 2);
}
