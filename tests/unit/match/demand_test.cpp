#include "match/demand.hpp"

#include <numeric>

#include <catch2/catch.hpp>

namespace tow::match {

namespace {

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};
constexpr std::int64_t kGiB = std::int64_t{1} << 30U;

model::Entry entry(const std::string& name) {
    model::Entry result;
    result.name = name;
    result.backend = "local";
    result.pilot = {.cpus = 8, .memory_bytes = 16 * kGiB};
    return result;
}

model::JobGroup group(const std::string& requirements, std::int64_t idle = 1) {
    model::JobGroup result;
    result.id = requirements;
    result.idle_jobs = idle;
    result.requirements = requirements;
    result.request.memory_bytes = kGiB;
    return result;
}

struct Answer : Matches {
    std::vector<model::JobClass> classes;
};

Answer answer(std::vector<model::JobGroup> groups, const std::vector<model::Entry>& entries,
              Split split = Split::Exact) {
    std::vector<model::JobClass> classes;
    auto matches = match(std::move(groups), entries, kNow, split,
                         [&](const auto& job_class) { classes.push_back(job_class); });
    return {std::move(matches), std::move(classes)};
}

std::vector<std::string> matching(const model::JobGroup& jobs,
                                  const std::vector<model::Entry>& entries) {
    return answer({jobs}, entries).classes.at(0).entries;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("both sides must agree") {
    auto strict = entry("strict");
    strict.start = "TARGET.Owner == \"ann\"";
    auto jobs = group("TARGET.Cpus >= 4");
    CHECK(matching(jobs, {entry("open"), strict}) == Names{"open"});
    jobs.ad.set("Owner", "Ann");
    CHECK(matching(jobs, {entry("open"), strict}) == Names{"open", "strict"});
    jobs.requirements = "TARGET.Cpus > 8";
    CHECK(matching(jobs, {entry("open"), strict}).empty());
}

TEST_CASE("undefined, error and text that cannot be parsed are no match") {
    for (const auto* requirements :
         {"TARGET.NoSuch > 1", "error", "1 / 0 > 1", "\"true\"", "((("}) {
        CAPTURE(requirements);
        CHECK(matching(group(requirements), {entry("A")}).empty());
    }
    CHECK(answer({group("(((")}, {}).problems.size() == 1);
}

TEST_CASE("the shape of the pilot is in its ad, in the units of HTCondor") {
    auto jobs = group(
        "TARGET.Cpus == 8 && TARGET.Memory == 16384 && TARGET.GPUs == 0 && TARGET.Disk > 1000000");
    CHECK(matching(jobs, {entry("A")}) == Names{"A"});
    auto told = entry("A");
    told.ad.set("Memory", 1);
    CHECK(matching(jobs, {told}).empty());
}

TEST_CASE("one job must fit on one node, whatever its requirements say") {
    auto large = entry("large");
    large.pilot.gpus = 1;
    large.pilot.walltime = std::chrono::hours{2};
    auto jobs = group("true");
    jobs.request.gpus = 1;
    CHECK(matching(jobs, {entry("A"), large}) == Names{"large"});
    jobs.request.walltime = std::chrono::hours{3};
    CHECK(matching(jobs, {entry("A"), large}).empty());
    auto wide = group("true");
    wide.request.cpus = 9;
    auto nodes = entry("nodes");
    nodes.nodes = 2;
    CHECK(matching(wide, {nodes}).empty());
}

TEST_CASE("entries out of service match nothing and soak up no demand") {
    auto off = entry("off");
    off.state = model::EntryState::Disabled;
    const auto result = answer({group("true", 10)}, {entry("on"), off});
    CHECK(result.demand.at(0).jobs_share == 10);
    CHECK(result.demand.at(1).jobs_matching == 0);
}

TEST_CASE("I8: the shares of all entries add up to the jobs that match anything") {
    const auto result =
        answer({group("true", 10), group("TARGET.GLIDEIN_Site == \"X\"", 7), group("false", 5)},
               {entry("A"), entry("B"), entry("C")});
    std::int64_t sum = 0;
    for (const auto& demand : result.demand) {
        sum += demand.jobs_share;
    }
    CHECK(sum == 10);
    CHECK(result.unmatched_jobs == 12);
}

TEST_CASE("what is left after equal parts goes to whoever is furthest behind") {
    Shares shares(3, Split::Exact);
    const std::vector<std::size_t> all{0, 1, 2};
    const std::vector<std::size_t> last{1, 2};
    shares.add(all, 4, 2);   // 2 1 1
    shares.add(last, 1, 1);  // 2 2 1
    shares.add(all, 2, 1);   // 2 3 2, as 7/3 - 2 is less than 17/6 - 2
    CHECK(shares.of(0).jobs == 2);
    CHECK(shares.of(1).jobs == 3);
    CHECK(shares.of(2).jobs == 2);
    CHECK(shares.of(0).matching == 6);
    CHECK(shares.of(1).matching == 7);
    CHECK(shares.of(0).cores + shares.of(1).cores + shares.of(2).cores == Approx(8 + 1 + 2));
}

TEST_CASE("GlideinWMS's parts are rounded up at each entry") {
    Shares shares(300, Split::GwmsCeil);
    std::vector<std::size_t> all(300);
    std::iota(all.begin(), all.end(), 0);
    shares.add(all, 1, 1);
    CHECK(shares.of(0).jobs == 1);  // one job, and all of them ask for a pilot
    CHECK(shares.of(299).jobs == 1);
    for (int i = 0; i < 299; ++i) {
        shares.add(all, 1, 1);
    }
    CHECK(shares.of(7).jobs == 1);  // 300 times a 300th is one, whatever is left behind the point
}

TEST_CASE("shares do not depend on the order of the input") {
    auto narrow = group("TARGET.GLIDEIN_Site == \"X\"", 7);
    const std::vector<model::Entry> entries{entry("A"), entry("B"), entry("C")};
    const auto one = answer({group("true", 5), group("TARGET.Cpus > 1", 5), narrow}, entries);
    const auto two = answer({narrow, group("TARGET.Cpus > 1", 5), group("true", 5)}, entries);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        CHECK(one.demand[i].jobs_share == two.demand[i].jobs_share);
    }
}

TEST_CASE("every age has its own numbers") {
    auto jobs = group("true", 9);
    jobs.idle_by_age = {{std::chrono::seconds{600}, 4}, {std::chrono::seconds{3600}, 1}};
    const auto demand = answer({jobs}, {entry("A"), entry("B")}).demand;
    REQUIRE(demand[0].by_age.size() == 2);
    CHECK(demand[0].by_age[0].jobs_matching == 4);
    CHECK(demand[0].by_age[0].jobs_share == 2);
    CHECK(demand[0].by_age[1].jobs_share + demand[1].by_age[1].jobs_share == 1);
}

TEST_CASE("groups that match the same entries and ask for the same are one class") {
    auto other = group("TARGET.Cpus > 1", 5);
    auto larger = group("true", 3);
    larger.request.cpus = 2;
    const auto result = answer({group("true", 4), other, larger}, {entry("A")});
    REQUIRE(result.classes.size() == 2);
    CHECK(result.classes[0].idle_jobs == 9);
    CHECK(result.classes[0].groups == Names{"true", "TARGET.Cpus > 1"});
    CHECK(result.demand[0].jobs_only_here == 12);
    CHECK(result.demand[0].cores_share == Approx(9 + 6));
}

TEST_CASE("a class is as old as its oldest group") {
    auto old = group("true");
    old.observed_at = kNow - std::chrono::hours{1};
    auto fresh = group("TARGET.Cpus > 1");
    fresh.observed_at = kNow;
    CHECK(answer({fresh, old}, {entry("A")}).classes.at(0).observed_at == old.observed_at);
}

}  // namespace tow::match
