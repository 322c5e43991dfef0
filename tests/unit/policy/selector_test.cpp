#include "policy/selector.hpp"

#include "base/error.hpp"
#include "config/yaml.hpp"
#include "model/ads.hpp"

#include <catch2/catch.hpp>

namespace tow::policy {

namespace {

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

model::Entry entry(const std::string& name) {
    model::Entry result;
    result.name = name;
    result.pilot = {.cpus = 8, .memory_bytes = std::int64_t{16} << 30U};
    return result;
}

Selector read(const std::string& yaml) {
    const auto node = config::parse_yaml(yaml, "policy.yaml");
    config::MapReader reader(node);
    auto selector = Selector::read(reader);
    reader.finish();
    return selector;
}

bool selects(const std::string& yaml, const model::Entry& entry) {
    std::vector<std::string> problems;
    return read(yaml).selects(entry, model::entry_ad(entry, problems), kNow);
}

std::string refusal(const std::string& yaml) {
    try {
        read(yaml);
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::Kind::Config);
        return error.what();
    }
    return "accepted";
}

}  // namespace

TEST_CASE("nothing given selects every entry") {
    CHECK(selects("", entry("A")));
    CHECK(read("{}").is_everything());
    CHECK(read("").text() == "all entries");
    CHECK(Selector().is_everything());
}

TEST_CASE("names are matched by one of several patterns, with case") {
    CHECK(selects("entries: HPC_*", entry("HPC_North")));
    CHECK_FALSE(selects("entries: HPC_*", entry("hpc_north")));
    CHECK(selects("entries: [CLOUD_*, '*North']", entry("HPC_North")));
    CHECK_FALSE(selects("entries: [CLOUD_*, HPC]", entry("HPC_North")));
}

TEST_CASE("site, set and tag select what has one") {
    auto with = entry("A");
    with.site = "T2_XX";
    with.set = "cluster";
    with.tags = {"gpu", "opportunistic"};
    for (const auto* yaml : {"site: T2_*", "set: cluster", "tag: [cloud, gpu]", "tag: oppo*"}) {
        INFO(yaml);
        CHECK(selects(yaml, with));
        CHECK_FALSE(selects(yaml, entry("A")));
    }
    CHECK_FALSE(selects("site: '*'", entry("A")));
}

TEST_CASE("everything that is given must hold") {
    auto with = entry("A");
    with.site = "T2_XX";
    CHECK(selects("{entries: A, site: T2_XX, where: Cpus == 8}", with));
    CHECK_FALSE(selects("{entries: B, site: T2_XX, where: Cpus == 8}", with));
    CHECK_FALSE(selects("{entries: A, site: T1_XX, where: Cpus == 8}", with));
    CHECK_FALSE(selects("{entries: A, site: T2_XX, where: Cpus == 7}", with));
}

TEST_CASE("where sees the ad of the entry, and selects only if it is true") {
    auto with = entry("A");
    with.ad.set("GLIDEIN_Site", "T2_XX");
    with.ad_exprs.set("Spare", "Cpus - 2");
    CHECK(selects("where: GLIDEIN_Site == \"t2_xx\" && MY.Spare == 6 && Memory == 16384", with));
    CHECK(selects("where: Spare", with));  // as in Requirements, a number that is not 0 is true
    CHECK_FALSE(selects("where: NoSuchThing > 3", with));
    CHECK_FALSE(selects("where: GLIDEIN_Site", with));
    CHECK(selects("where: NoSuchThing is undefined", with));
    CHECK(selects("where: time() == 1795262400", with));
}

TEST_CASE("what a selector says of itself") {
    CHECK(read("{entries: [A, B*], where: Cpus > 4}").text() == "entries A or B*, where Cpus > 4");
    CHECK(read("{tag: gpu, site: S, set: T}").text() == "site S, set T, tag gpu");
    CHECK(read("\n\nsite: S\n").origin().text() == "policy.yaml:3");
}

TEST_CASE("mistakes are told with file, line and key") {
    CHECK_THAT(refusal("\nentries:"), Catch::StartsWith("policy.yaml:2: entries: expected"));
    CHECK_THAT(refusal("entries: []"), Catch::StartsWith("policy.yaml:1: entries: expected"));
    CHECK_THAT(refusal("entries: ['']"), Catch::StartsWith("policy.yaml:1: entries: expected"));
    CHECK_THAT(refusal("site: {a: b}"), Catch::StartsWith("policy.yaml:1: site: expected a list"));
    CHECK_THAT(refusal("where: Cpus >"), Catch::StartsWith("policy.yaml:1: where: "));
    CHECK_THAT(refusal("where: 'a ? b : c d'"), Catch::StartsWith("policy.yaml:1: where: "));
    CHECK_THAT(refusal("where: nosuch(3)"), Catch::StartsWith("policy.yaml:1: where: "));
    CHECK_THAT(refusal("where:"), Catch::StartsWith("policy.yaml:1: where: expected text"));
    CHECK_THAT(refusal("where: TARGET.Owner == \"x\""),
               Catch::StartsWith("policy.yaml:1: where: TARGET.Owner means nothing here"));
}

}  // namespace tow::policy
