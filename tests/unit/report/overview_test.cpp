#include "report/overview.hpp"

#include "report/reading.hpp"
#include "report/spending.hpp"

#include <catch2/catch.hpp>

namespace tow::report {

namespace {

using test::snapshot_of;

base::Time now_time() {
    return *base::parse_rfc3339("2026-11-21T12:00:00Z");
}

const EntryLine& line_of(const Overview& overview, const std::string& entry) {
    for (const auto& line : overview.lines) {
        if (line.entry == entry) {
            return line;
        }
    }
    throw std::runtime_error("no line of " + entry);
}

std::vector<std::string> messages_about(const Overview& overview, const std::string& about) {
    std::vector<std::string> messages;
    for (const auto& each : overview.attention) {
        if (each.about == about) {
            messages.push_back(each.message);
        }
    }
    return messages;
}

}  // namespace

TEST_CASE("an entry is one line, whatever tells of it") {
    const auto overview = make_overview(
        snapshot_of(
            R"({"type":"entry","v":1,"entry":"A","backend":"local","site":"S","pilot":{"cpus":8,"memory_bytes":1}}
{"type":"pilot_count","v":1,"entry":"A","group":"x","pending":1,"running":2,"held":0,"removing":0}
{"type":"pilot_count","v":1,"entry":"A","group":"y","pending":3,"running":4,"held":0,"removing":0}
{"type":"pilot_count","v":1,"entry":"A","group":"y","pending":5,"running":6,"held":0,"removing":0,"busy_cores":7}
{"type":"demand","v":1,"entry":"A","jobs_matching":9,"jobs_only_here":1,"jobs_share":5,"cores_share":5.0,"running_matching":0}
{"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","plan":"01M7YZMHG00WEWRT7FVQC923JH","entry":"A","submit":2,"remove":1,"remove_what":"idle","because":[{"step":"cap","value":2,"why":"max_pilots 2"}]}
)"),
        now_time());
    REQUIRE(overview.lines.size() == 1);
    const auto& line = overview.lines.front();
    CHECK(line.pilots.pending == 6);  // the later look at a group replaces the earlier one
    CHECK(line.pilots.running == 8);
    CHECK(line.pilots.busy_cores == 7);
    CHECK_FALSE(line.pilots.connected.has_value());
    CHECK(line.jobs_matching == 9);
    CHECK(line.submit == 2);
    CHECK(line.remove == 1);
    CHECK(line.site == "S");
    CHECK(overview.pilots.running == 8);
    CHECK(overview.submit == 2);
}

TEST_CASE("of two decisions in one stream the later one is told of") {
    const auto snapshot = snapshot_of(
        R"({"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","plan":"01M7YZMHG00WEWRT7FVQC923JH","entry":"A","submit":2,"remove":0,"remove_what":"none","because":[{"step":"cap","value":2,"why":"x"}]}
{"type":"request","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0C","plan":"01M7YZMHG00WEWRT7FVQC923JK","entry":"A","submit":5,"remove":0,"remove_what":"none","because":[{"step":"cap","value":5,"why":"x"}]}
)");
    CHECK(make_overview(snapshot, now_time()).submit == 5);
}

TEST_CASE("what needs attention is found, the worst first, and marks its entry") {
    std::string stream =
        R"({"type":"pilot_count","v":1,"entry":"HELD","pending":0,"running":1,"held":2,"removing":0}
{"type":"pilot_count","v":1,"entry":"STUCK","pending":4,"running":0,"held":0,"removing":0,"oldest_pending_seconds":7200}
{"type":"pilot_count","v":1,"entry":"SLOW","pending":4,"running":0,"held":0,"removing":0,"oldest_pending_seconds":7199}
{"type":"pilot_count","v":1,"entry":"LONELY","pending":0,"running":5,"held":0,"removing":0,"connected":3}
{"type":"memory","v":1,"plan":"01M7YZMHG00WEWRT7FVQC923JH","entry":"OPEN","pending":0,"running":0,"breaker":"open"}
{"type":"job_class","v":1,"id":"c","entries":[],"idle_jobs":7,"running_jobs":0,"request":{"cpus":1,"memory_bytes":1}}
{"type":"gap","v":1,"scope":"pilots","source":"condor:a","error":{"kind":"timeout","message":"no answer"}}
{"type":"run","v":1,"name":"cycle","state":"failed","exit_code":1,"failures":3,"stages":[],"started_at":"2026-11-21T11:00:00Z"}
{"type":"run","v":1,"name":"fine","state":"done","exit_code":0,"failures":0,"stages":[],"started_at":"2026-11-21T11:00:00Z"}
{"type":"check","v":1,"check":"c.d","target":"t","state":"warning","message":"soon"}
{"type":"submission","v":1,"request":"01M7YZMHG0RZ4S2RJZ2W4V1B0B","entry":"REFUSED","asked":3,"sent":1,"pilots":[],"error":{"kind":"busy","message":"full"}}
)";
    for (int i = 0; i < 5; ++i) {
        stream += R"({"type":"pilot","v":1,"pilot":"P)" + std::to_string(i) +
                  R"(","entry":"BAD","state":")" + (i < 3 ? "failed" : "done") +
                  R"(","started_at":"2026-11-21T10:00:00Z","ended_at":"2026-11-21T11:00:00Z"})" +
                  "\n";
    }
    const auto overview = make_overview(snapshot_of(stream), now_time());
    CHECK(messages_about(overview, "HELD") == std::vector<std::string>{"2 pilots are held"});
    CHECK(messages_about(overview, "STUCK").size() == 1);
    CHECK(messages_about(overview, "SLOW").empty());
    CHECK(messages_about(overview, "LONELY") ==
          std::vector<std::string>{"2 of 5 running pilots do not show in the pool"});
    CHECK(messages_about(overview, "jobs") ==
          std::vector<std::string>{"7 idle jobs match no entry"});
    CHECK(messages_about(overview, "condor:a") ==
          std::vector<std::string>{"pilots could not be seen: no answer"});
    CHECK(messages_about(overview, "fine").empty());
    CHECK(messages_about(overview, "c.d t").size() == 1);
    CHECK(messages_about(overview, "BAD") ==
          std::vector<std::string>{"3 of 5 pilots that ended failed or were lost"});
    CHECK(line_of(overview, "BAD").severity == Severity::Critical);
    CHECK(line_of(overview, "OPEN").severity == Severity::Critical);
    CHECK(line_of(overview, "REFUSED").severity == Severity::Critical);
    CHECK(line_of(overview, "HELD").severity == Severity::Warning);
    CHECK_FALSE(line_of(overview, "SLOW").severity.has_value());
    CHECK(line_of(overview, "BAD").lost_core_hours == Approx(3));
    CHECK(std::ranges::is_sorted(overview.attention, std::ranges::greater{}, &Attention::severity));
    CHECK(overview.lines.front().severity == Severity::Critical);
}

TEST_CASE("an old decision is said to be old") {
    const std::string stream =
        R"({"type":"pilot_count","v":1,"entry":"A","pending":0,"running":1,"held":0,"removing":0,"observed_at":"2026-11-21T11:40:00Z"})"
        "\n";
    CHECK(make_overview(snapshot_of(stream), now_time()).attention.size() == 1);
    CHECK(make_overview(snapshot_of(stream), now_time() - std::chrono::minutes{10})
              .attention.empty());
}

TEST_CASE("absurd numbers stay numbers") {
    std::string stream;
    for (int i = 0; i < 3; ++i) {
        stream += R"({"type":"pilot_count","v":1,"entry":"E)" + std::to_string(i) +
                  R"(","pending":9223372036854775807,"running":9223372036854775807,"held":0,)"
                  R"("removing":0})"
                  "\n";
    }
    CHECK(make_overview(snapshot_of(stream), now_time()).pilots.running == 3'000'000'000'000);
}

TEST_CASE("budgets of the policy are told beside what is used and committed") {
    const auto snapshot = snapshot_of(
        R"({"type":"entry","v":1,"entry":"A","backend":"local","tags":["cloud"],"pilot":{"cpus":1,"memory_bytes":1}}
{"type":"entry","v":1,"entry":"B","backend":"local","pilot":{"cpus":1,"memory_bytes":1}}
{"type":"usage","v":1,"entry":"A","currency":"EUR","days":[{"day":"2026-10-31T00:00:00Z","pilots":1,"core_seconds":3600,"cost":900.0},{"day":"2026-11-20T00:00:00Z","pilots":1,"core_seconds":7200,"cost":50.0},{"day":"2026-11-21T00:00:00Z","pilots":2,"core_seconds":3600,"cost":25.0}],"committed":{"pilots":1,"core_seconds":3600,"cost":5.0}}
{"type":"usage","v":1,"entry":"B","currency":"EUR","days":[{"day":"2026-11-21T00:00:00Z","pilots":1,"core_seconds":3600,"cost":1.0}]}
{"type":"policy","v":1,"plan":"01M7YZMHG00WEWRT7FVQC923JH","file":"p.yaml","yaml":"caps:\n  - {name: cloud, tag: cloud, budget: [{per: month, cost: 100, currency: EUR}, {per: day, core_hours: 4}]}\n"}
)");
    const auto spending = make_spending(snapshot, now_time());
    CHECK(spending.budget_problem.empty());
    REQUIRE(spending.budgets.size() == 2);
    const auto& cost = spending.budgets[0];
    CHECK(cost.unit == "EUR");
    CHECK(cost.limit == Approx(100));
    CHECK(cost.used == Approx(75));
    CHECK(cost.committed == Approx(5));
    CHECK(cost.share() == Approx(.8));
    const auto& hours = spending.budgets[1];
    CHECK(hours.limit == Approx(4));
    CHECK(hours.used == Approx(1));
    CHECK(hours.committed == Approx(1));
    CHECK(spending.by_currency.at("EUR").this_month == Approx(76));
    CHECK(spending.by_currency.at("EUR").today == Approx(26));
    CHECK(spending.core_hours_by_day.at(*base::parse_rfc3339("2026-11-20T00:00:00Z")) == Approx(2));
}

TEST_CASE("what is left of an allocation is a budget of the hours that are charged") {
    const auto snapshot = snapshot_of(
        R"({"type":"entry","v":1,"entry":"A","backend":"local","pilot":{"cpus":64,"memory_bytes":1},"allocation":{"account":"m1","charge_factor":2,"left_seconds":360000,"observed_at":"2026-11-20T12:00:00Z"}}
{"type":"usage","v":1,"entry":"A","days":[{"day":"2026-11-19T00:00:00Z","pilots":1,"core_seconds":6400,"cost":0},{"day":"2026-11-20T00:00:00Z","pilots":1,"core_seconds":230400,"cost":0}],"committed":{"pilots":1,"core_seconds":460800,"cost":0}}
{"type":"policy","v":1,"plan":"01M7YZMHG00WEWRT7FVQC923JH","file":"p.yaml","yaml":"{}"}
)");
    const auto spending = make_spending(snapshot, now_time());
    REQUIRE(spending.budgets.size() == 1);
    CHECK(spending.budgets[0].name == "what is left to m1");
    CHECK(spending.budgets[0].unit == "hours charged");
    CHECK(spending.budgets[0].limit == Approx(100));
    CHECK(spending.budgets[0].used == Approx(2));
    CHECK(spending.budgets[0].committed == Approx(4));
}

}  // namespace tow::report
