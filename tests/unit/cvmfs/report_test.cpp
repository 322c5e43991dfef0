#include "cvmfs/report.hpp"

#include "base/error.hpp"
#include "config/yaml.hpp"
#include "cvmfs/dates.hpp"
#include "cvmfs/proxies.hpp"

#include <catch2/catch.hpp>

namespace tow::cvmfs {

namespace {

using Catch::Contains;
using model::CheckState;

constexpr base::Time kNow{std::chrono::seconds(1795289400)};

}  // namespace

TEST_CASE("dates are read in the languages that servers write them in") {
    for (const auto* text : {"Sat Nov 21 18:20:05 UTC 2026\n", "Sat Nov 21 06:20:05 PM UTC 2026",
                             "Sat 21 Nov 18:20:05 UTC 2026", "Sa 21. Nov 18:20:05 UTC 2026",
                             "sam. 21 nov. 2026 18:20:05 UTC", "Sat, 21 Nov 2026 18:20:05 GMT",
                             "2026-11-21T18:20:05Z", "21 Nov 2026 18:20:05 UTC"}) {
        INFO(text);
        const auto time = parse_date(text);
        REQUIRE(time);
        CHECK(base::format_time(*time) == "2026-11-21T18:20:05Z");
    }
    CHECK(base::format_time(*parse_date("mar. 3 mars 2026 00:00:00 UTC")) ==
          "2026-03-03T00:00:00Z");
    CHECK(base::format_time(*parse_date("Do 1. Okt 12:00:00 UTC 2026")) == "2026-10-01T12:00:00Z");
    CHECK(base::format_time(*parse_date("Sat Nov 21 12:05:00 AM UTC 2026")) ==
          "2026-11-21T00:05:00Z");
    for (const auto* text :
         {"", "yesterday", "Sat Nov 31 18:20:05 UTC 2026", "Sat Nov 21 18:20:05 CET 2026",
          "Nov 21 25:20:05 UTC 2026", "Sat Nov 21 UTC 2026", "<html>"}) {
        INFO(text);
        CHECK_FALSE(parse_date(text));
    }
}

TEST_CASE("lists of proxies are read as clients read them, and oddities are told") {
    const auto list = parse_proxy_list("http://a:3128|b:3128;http://c:3128;DIRECT");
    REQUIRE(list.groups.size() == 3);
    CHECK(list.groups[0] == std::vector<std::string>{"http://a:3128", "http://b:3128"});
    CHECK(list.has("DIRECT"));
    CHECK(list.urls().size() == 3);
    CHECK(list.problems.empty());
    CHECK_THAT(parse_proxy_list("http://a:3128; http://b:3128").problems.at(0), Contains("blanks"));
    CHECK(parse_proxy_list("").groups.empty());
    CHECK(parse_proxy_list(";;|").groups.empty());
}

TEST_CASE("answers of PAC files are read") {
    const auto answer = parse_pac_answer("PROXY squid1:3128; PROXY squid2:3128; DIRECT");
    CHECK(answer.urls() == std::vector<std::string>{"http://squid1:3128", "http://squid2:3128"});
    CHECK(answer.has("DIRECT"));
    CHECK(parse_pac_answer("SOCKS s:1080").groups.empty());
    CHECK(parse_pac_answer("SOCKS s:1080").problems.size() == 1);
}

TEST_CASE("thresholds are defaults, then the site's, the last that fits first") {
    const Thresholds usual;
    const auto& age = figure("snapshot_age");
    CHECK(usual.judge(age, "r", 8 * 3600) == CheckState::Ok);
    CHECK(usual.judge(age, "r", 8 * 3600 + 1) == CheckState::Warning);
    CHECK(usual.judge(age, "r", 24 * 3600 + 1) == CheckState::Critical);
    const auto& remaining = figure("whitelist_remaining");
    CHECK(usual.judge(remaining, "r", 0) == CheckState::Critical);
    CHECK(usual.judge(remaining, "r", 1) == CheckState::Warning);
    CHECK(usual.judge(figure("gc_age"), "r", 1e9) == CheckState::Warning);
    const Thresholds site(
        config::parse_yaml("quota: {warning: 20GB}\n"
                           "repositories:\n"
                           "  'slow.*': {snapshot_age: {critical: 3d}}\n",
                           "t.yaml"));
    CHECK(site.judge(age, "slow.example.org", 2 * 86400) == CheckState::Warning);
    CHECK(site.judge(age, "fast.example.org", 2 * 86400) == CheckState::Critical);
    CHECK(site.judge(figure("quota"), "any", 1e10) == CheckState::Warning);
    CHECK_THROWS_AS(Thresholds(config::parse_yaml("snapshot_agee: {warning: 1h}", "t")),
                    base::Error);
    CHECK_THROWS_AS(Thresholds(config::parse_yaml("snapshot_age: {warn: 1h}", "t")), base::Error);
}

TEST_CASE("every figure has a help text, and every advice belongs to a reason") {
    for (const auto& one : all_figures()) {
        CHECK_FALSE(one.help.empty());
    }
    CHECK(advice_for("whitelist_expired"));
    CHECK_FALSE(advice_for("no such reason"));
}

TEST_CASE("the verdict is the worst, and not knowing never hides it") {
    const Thresholds thresholds;
    Report report(thresholds, kNow);
    const Subject subject{"r", "s", {}};
    report.ok(subject, "manifest", "fine");
    report.bad(subject, "history", CheckState::Unknown, "u", "unknown");
    CHECK(verdict(report.checks(), subject, "repository", "all well").state == CheckState::Unknown);
    report.bad(subject, "history", CheckState::Warning, "w", "a warning");
    report.bad(subject, "manifest", CheckState::Critical, "c1", "first");
    report.bad(subject, "manifest", CheckState::Critical, "c2", "second");
    const auto result = verdict(report.checks(), subject, "repository", "all well");
    CHECK(result.state == CheckState::Critical);
    CHECK(result.reason == "c1");
    CHECK(result.message == "first (and 3 more)");
}

TEST_CASE("Nagios gets one line, whatever is in the messages") {
    const Thresholds thresholds;
    Report report(thresholds, kNow);
    const Subject subject{"r", "s", {}};
    auto& age = report.measure(subject, "snapshot_age", "snapshot_age", 100'000, "snapshot_age");
    age.message = "old | and\nbroken";
    report.measure(subject, "whitelist_expiry", "whitelist_remaining", 1e6, "x").message = "ok";
    const Findings findings{{verdict(report.checks(), subject, "repository", "")}, report.checks()};
    CHECK(nagios_line(findings) ==
          "CRITICAL - 1 of 1: r at s: old / and broken | 'snapshot_age:r:s'=100000s;28800;86400 "
          "'whitelist_remaining:r:s'=1000000s;172800:;0:\n");
    CHECK(nagios_code(worst(findings)) == 2);
    CHECK(nagios_code(worst({})) == 3);
    CHECK(nagios_line({}) == "UNKNOWN - nothing was checked | checks=0\n");
}

}  // namespace tow::cvmfs
