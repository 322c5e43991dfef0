#include "match/why.hpp"

#include "classad/formats.hpp"
#include "classad/unparse.hpp"
#include "match/clauses.hpp"
#include "match/ladder.hpp"
#include "match/warnings.hpp"

#include <catch2/catch.hpp>

namespace tow::match {

namespace {

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};
constexpr std::int64_t kGiB = std::int64_t{1} << 30U;

model::Entry entry(const std::string& name, std::int64_t gib = 16, const std::string& site = "") {
    model::Entry result;
    result.name = name;
    result.backend = "local";
    result.pilot = {.cpus = 8, .memory_bytes = gib * kGiB};
    if (!site.empty()) {
        result.ad.set("GLIDEIN_Site", site);
    }
    return result;
}

model::JobGroup group(const std::string& requirements, std::int64_t idle = 1) {
    model::JobGroup result;
    result.id = "G";
    result.idle_jobs = idle;
    result.requirements = requirements;
    return result;
}

model::JobGroup asking(std::int64_t gib, const std::string& requirements) {
    auto result = group(requirements);
    result.request.memory_bytes = gib * kGiB;
    result.ad.set("RequestMemory", gib * 1024);
    return result;
}

std::vector<model::Reason> reasons(const model::JobGroup& jobs,
                                   const std::vector<model::Entry>& entries) {
    return Why(entries, kNow).about(jobs).reasons;
}

std::string suggestion(const model::JobGroup& jobs, const std::vector<model::Entry>& entries) {
    return reasons(jobs, entries).at(0).would_match_if.value_or("");
}

using Names = std::vector<std::string>;

Names clauses(const std::string& ad) {
    Names texts;
    for (const auto& clause : split_requirements(classad::parse_ad(ad))) {
        texts.push_back(clause.text);
    }
    return texts;
}

const std::vector<model::Entry>& four() {
    static const std::vector<model::Entry> entries{entry("A", 8, "CERN"), entry("B", 8, "RAL"),
                                                   entry("C", 4, "RAL"), entry("D", 2, "FNAL")};
    return entries;
}

}  // namespace

TEST_CASE("requirements are split where every part has to be true") {
    CHECK(clauses("[Requirements = (A > 1 && (B)) && !C && (D || E && F)]") ==
          Names{"A > 1", "B", "!C", "D || E && F"});
    CHECK(clauses("[Requirements = true && A && A]") == Names{"A"});
    CHECK(clauses("[Requirements = true]").empty());
}

TEST_CASE("names of own expressions are looked into, constants are not") {
    CHECK(clauses("[Requirements = MY.SiteOk && Size; SiteOk = X == 1 && Y; Size = Z > Limit; "
                  "Limit = 3]") == Names{"X == 1", "Y", "Z > Limit"});
    CHECK(clauses("[Requirements = Ok; Ok = 5]") == Names{"Ok"});
}

TEST_CASE("what leads back to itself is left whole") {
    CHECK(clauses("[Requirements = A && B; A = A || X]") == Names{"A", "B"});
    CHECK(clauses("[Requirements = X && MY.Requirements]") == Names{"X && MY.Requirements"});
    CHECK(clauses("[Requirements = X && TARGET.symmetricMatch]").size() == 1);
}

TEST_CASE("doubling chains of names do not explode") {
    std::string ad = "[Requirements = A29; A0 = X";
    for (int i = 1; i < 30; ++i) {
        ad += "; A" + std::to_string(i) + " = A" + std::to_string(i - 1) + " && A" +
              std::to_string(i - 1);
    }
    CHECK(clauses(ad + "]").size() == 1);
}

TEST_CASE("the condition whose removal gains most comes first") {
    const auto found =
        reasons(group("TARGET.GLIDEIN_Site == \"RAL\" && TARGET.Memory >= 8192"),
                {entry("A", 8, "CERN"), entry("A2", 9, "CERN"), entry("C", 4, "RAL")});
    REQUIRE(found.size() == 2);
    CHECK(found[0].clause == "TARGET.GLIDEIN_Site == \"RAL\"");
    CHECK(found[0].passes == 1);
    CHECK(found[0].of == 3);
    CHECK(found[0].gains == 2);
    CHECK(found[0].together.empty());
    CHECK(found[1].gains == 1);
    CHECK(found[1].order == 2);
}

TEST_CASE("a memory that is too large says what would do") {
    const auto jobs = asking(16, "TARGET.Memory >= RequestMemory");
    const auto found = reasons(jobs, four());
    REQUIRE(found.size() == 2);  // the clause, and the shape: one number
    CHECK(found[0].together == std::vector<std::int64_t>{1, 2});
    CHECK(found[0].side == model::Side::Job);
    CHECK(found[1].clause == "enough memory: the job asks for 16 GiB");
    CHECK(found[0].would_match_if == "RequestMemory 16 GiB -> 8 GiB: 0 -> 2 of 4 entries");
    CHECK(found[0].would_match == 2);
    CHECK(found[0].changes.at(0).what == "RequestMemory");
    CHECK(found[0].changes.at(0).to == "8192");
    CHECK_FALSE(found[1].would_match_if);
}

TEST_CASE("a number in the requirements themselves is told with the clause") {
    CHECK(suggestion(group("TARGET.Memory > 16384"), four()) ==
          "TARGET.Memory > 16384 -> TARGET.Memory > 8191 (8191 MiB): 0 -> 2 of 4 entries");
    CHECK(suggestion(group("5 > TARGET.Cpus || TARGET.Cpus == 3"), four()) ==
          "5 > TARGET.Cpus || TARGET.Cpus == 3 -> 9 > TARGET.Cpus || TARGET.Cpus == 3: 0 -> 4 of 4 "
          "entries");
}

TEST_CASE("a text that no entry has becomes what most have") {
    CHECK(suggestion(group("TARGET.GLIDEIN_Site == \"RALL\""), four()) ==
          "TARGET.GLIDEIN_Site == \"RALL\" -> TARGET.GLIDEIN_Site == \"RAL\": 0 -> 2 of 4 entries");
    auto wanted = group("stringListMember(TARGET.GLIDEIN_Site, DESIRED_Sites)");
    wanted.ad.set("DESIRED_Sites", "X,Y");
    CHECK(suggestion(wanted, four()) == "DESIRED_Sites + \"RAL\": 0 -> 2 of 4 entries");
    CHECK(suggestion(group("member(TARGET.GLIDEIN_Site, {\"X\"})"), four())
              .ends_with(" + \"RAL\": 0 -> 2 of 4 entries"));
}

TEST_CASE("a misspelt attribute is named, and the right spelling if it helps") {
    const auto found = reasons(group("TARGET.GLIDEIN_Sit == \"RAL\""), four());
    CHECK(found.at(0).missing == Names{"TARGET.GLIDEIN_Sit"});
    CHECK(found.at(0).undefined == 4);
    CHECK(found.at(0).would_match_if == "GLIDEIN_Sit -> GLIDEIN_Site: 0 -> 2 of 4 entries");
    CHECK_FALSE(reasons(group("TARGET.Nonsense == 1"), four()).at(0).would_match_if);
}

TEST_CASE("where no condition alone suffices the smallest set is told, with all its changes") {
    const auto found = reasons(
        group("TARGET.Cpus >= 16 && TARGET.GLIDEIN_Site == \"X\" && TARGET.Memory > 3000"), four());
    REQUIRE(found.size() == 3);
    CHECK(found[0].together == std::vector<std::int64_t>{1, 2});
    CHECK(found[0].gains == 3);
    CHECK(found[0].would_match == 2);
    CHECK(found[2].gains == 0);
    CHECK(found[2].clause == "TARGET.Memory > 3000");
}

TEST_CASE("what the entry demands is seen from the job's side") {
    auto strict = entry("strict");
    strict.start = "TARGET.RequestMemory =?= undefined || TARGET.RequestMemory <= 2048";
    const auto found = reasons(asking(4, "true"), {strict});
    REQUIRE(found.size() == 1);
    CHECK(found[0].side == model::Side::Entry);
    CHECK(found[0].would_match_if == "RequestMemory 4 GiB -> 2 GiB: 0 -> 1 of 1 entry");
    auto owner = entry("owner");
    owner.start = "TARGET.Owner == \"ann\"";
    CHECK(suggestion(group("true"), {owner}).empty());  // nobody becomes somebody else to match
}

TEST_CASE("entries out of service, and shapes, are conditions too") {
    auto off = entry("off");
    off.state = model::EntryState::Draining;
    CHECK(reasons(group("true"), {off}).at(0).side == model::Side::State);
    auto jobs = group("true");
    jobs.request.walltime = std::chrono::hours{48};
    auto brief = entry("short");
    brief.pilot.walltime = std::chrono::hours{24};
    CHECK(suggestion(jobs, {brief}) == "wall time 2d -> 1d: 0 -> 1 of 1 entry");
}

TEST_CASE("a job that nothing excludes is told so") {
    const auto found = reasons(group("true"), four());
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found[0].order);
    CHECK(found[0].matches == 4);
    CHECK(Why(four(), kNow).about(group("true"), {.only_unmatched = true}).reasons.empty());
}

TEST_CASE("an expression past the limits of evaluation is no match, and told") {
    std::string deep = "true";
    for (int i = 0; i < 450; ++i) {
        deep += " && TARGET.Cpus != " + std::to_string(i + 100);
    }
    const auto found = reasons(group(deep), {entry("A")});
    REQUIRE(found.size() == 1);
    CHECK(found[0].matches == 0);
    CHECK(found[0].clause.find("limits of evaluation") != std::string::npos);
}

TEST_CASE("undefined and error are counted apart") {
    const auto found = reasons(group("TARGET.GLIDEIN_Site > 3 && TARGET.X"), four());
    CHECK(found.at(0).errors + found.at(1).errors == 4);
    CHECK(found.at(0).undefined + found.at(1).undefined == 4);
}

TEST_CASE("an entry counts idle jobs, not groups") {
    auto small = group("TARGET.Memory > 100000", 30);
    const auto verdict =
        why_no_job(entry("A"), {small, group("TARGET.X", 12), group("true", 0)}, kNow);
    CHECK(verdict.matches == 0);
    REQUIRE(verdict.reasons.size() == 2);
    CHECK(verdict.reasons[0].clause == "TARGET.Memory > 100000");
    CHECK(verdict.reasons[0].gains == 30);
    CHECK(verdict.reasons[0].of == 42);
    CHECK(verdict.reasons[1].missing == Names{"TARGET.X"});
}

TEST_CASE("the matrix has a line for every pair") {
    const auto pairs = Why(four(), kNow).matrix(asking(8, "TARGET.GLIDEIN_Site == \"RAL\""));
    REQUIRE(pairs.size() == 4);
    CHECK(pairs[1].matches);
    CHECK(pairs[2].excluded_by == Names{"enough memory: the job asks for 8 GiB"});
    CHECK(pairs[3].excluded_by.size() == 2);
}

TEST_CASE("the ladder stops at the first rung on which things are stuck") {
    using State = model::Rung::State;
    Sighting sighting;
    CHECK(ladder(entry("A"), sighting, kNow)[0].state == State::Unknown);
    sighting.matching = 0;
    sighting.idle_jobs = 5;
    auto rungs = ladder(entry("A"), sighting, kNow);
    REQUIRE(rungs.size() == 5);
    CHECK(rungs[0].state == State::Stuck);
    CHECK(rungs[1].state == State::NotReached);
    sighting.matching = 5;
    sighting.requests.push_back({});
    sighting.requests[0].because = {{"headroom", 0, "max_pilots 4"}};
    rungs = ladder(entry("A"), sighting, kNow);
    CHECK(rungs[1].state == State::Stuck);
    CHECK(rungs[1].why == "headroom 0 (max_pilots 4)");
    sighting.counts.push_back({});
    sighting.counts[0].pending = 2;
    sighting.counts[0].oldest_pending = std::chrono::hours{3};
    rungs = ladder(entry("A"), sighting, kNow);
    CHECK(rungs[1].state == State::Ok);  // what was asked for before is on its way
    CHECK(rungs[2].state == State::Stuck);
    CHECK(rungs[2].why == "2 pilots wait in the batch system, the oldest for 3h, none runs");
    sighting.counts[0].running = 1;
    rungs = ladder(entry("A"), sighting, kNow);
    CHECK(rungs[2].state == State::Ok);
    CHECK(rungs[3].state == State::Unknown);
    CHECK(rungs[4].state == State::Unknown);
}

TEST_CASE("unknown is not zero: a gap makes an absence unknown") {
    Sighting sighting;
    sighting.matching = 0;
    sighting.gaps.push_back({"jobs", "condor", {}, "timeout", "timeout after 60s", kNow});
    const auto rungs = ladder(entry("A"), sighting, kNow);
    CHECK(rungs[0].state == model::Rung::State::Unknown);
    CHECK(rungs[0].why.find("condor could not be seen") != std::string::npos);
}

TEST_CASE("what HTCondor hides is a warning with the attribute's name, once for all jobs") {
    Warnings warnings(kNow);
    auto broken = entry("A");
    broken.start = "99999999999999999999 > 1";
    auto unknown = group("Ok");
    unknown.ad_exprs.set("Ok", "NoSuchFunction(1)");
    auto circular = group("A == 1");
    circular.ad_exprs.set("A", "A + 1");
    warnings.look_at({broken}, {unknown, unknown, circular, group("(((")});
    const auto texts = warnings.texts();
    REQUIRE(texts.size() == 4);
    CHECK(texts[0].starts_with("entry A: start: "));
    CHECK(texts[1].starts_with("job group G and 1 more: Ok: unknown function"));
    CHECK(texts[2].starts_with("job group G: A: leads back to itself"));
    CHECK(texts[3].starts_with("job group G: Requirements: byte 4"));
}

}  // namespace tow::match
