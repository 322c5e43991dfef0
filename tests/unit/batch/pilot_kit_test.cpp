#include "batch/pilot_kit.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "batch/condor_description.hpp"
#include "batch/pilot_settings.hpp"
#include "batch/slurm_submission.hpp"
#include "record/json.hpp"
#include "scratch.hpp"

#include <catch2/catch.hpp>

namespace tow::batch {

namespace {

model::Entry entry(const record::Object& more = {}) {
    model::Entry entry;
    entry.name = "SITE";
    entry.backend = "slurm";
    entry.pilot.cpus = 8;
    entry.pilot.memory_bytes = std::int64_t{16} << 30;
    record::Object pilot{{"collector", "cm.example.org"}};
    for (const auto& field : more) {
        pilot.set(field.key, field.value);
    }
    entry.target.set("pilot", pilot);
    return entry;
}

std::string settings_of(const model::Entry& entry) {
    const record::Document document(record::to_json(entry.target));
    return pilot_settings(entry, model::Fields(document.root(), "target.")).text;
}

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("settings are assignments that a shell reads as they are meant") {
    const auto text = settings_of(entry({{"idle_seconds", 300},
                                         {"min_disk_bytes", 1000},
                                         {"slots", 4},
                                         {"require", record::Array{"container", "outbound"}},
                                         {"scratch", "/it's/$(here)"}}));
    CHECK(has_line(text, "pilot_collector='cm.example.org'"));
    CHECK(has_line(text, "pilot_idle='300'"));
    CHECK(has_line(text, "pilot_min_disk='1000'"));
    CHECK(has_line(text, "pilot_slots='4'"));
    CHECK(has_line(text, "pilot_require='container outbound'"));
    CHECK(has_line(text, "pilot_scratch='/it'\\''s/$(here)'"));
}

TEST_CASE("the startd gets the policy that jobs were matched with") {
    auto site = entry();
    site.start = "TARGET.RequestMemory <= 2048 * TARGET.RequestCpus  // per core\n && MY.Price < 5";
    site.ad.set("Price", 3);
    site.ad.set("GLIDEIN_Site", "a \"$(b)\"");
    site.ad.set("Arch", "X86_64");
    site.ad_exprs.set("Far", "Price > 2 && TARGET.x is undefined");
    const auto text = settings_of(site);
    CHECK(has_line(text,
                   "pilot_start='TARGET.RequestMemory <= 2048 * TARGET.RequestCpus && "
                   "MY.Price < 5'"));
    CHECK(text.find("'Price = 3\nGLIDEIN_Site = \"a \\\"$(DOLLAR)(b)\\\"\"\n"
                    "Far = Price > 2 && TARGET.x =?= undefined\n'") != std::string::npos);
    CHECK(has_line(text, "pilot_attribute_names=' Price GLIDEIN_Site Far'"));
    CHECK(settings_of(entry()).find("pilot_start='true'") != std::string::npos);
}

TEST_CASE("what HTCondor or the pilot cannot hold is refused") {
    CHECK_THROWS_AS(settings_of(entry({{"idle", 300}})), base::Error);
    CHECK_THROWS_AS(settings_of(entry({{"collector", "a\nb"}})), base::Error);
    CHECK_THROWS_AS(settings_of(entry({{"slots", "some"}})), base::Error);
    CHECK_THROWS_AS(settings_of(entry({{"cvmfs", record::Array{"a b"}}})), base::Error);
    CHECK_THROWS_AS(settings_of(entry({{"checks", record::Array{"relative"}}})), base::Error);
    CHECK_THROWS_AS(settings_of(entry({{"config", record::Object{{"A", "b\\"}}}})), base::Error);
    CHECK_THROWS_AS(settings_of(entry({{"config", record::Object{{"A = b\nC", "d"}}}})),
                    base::Error);
    CHECK_THROWS_AS(
        settings_of(entry({{"htcondor", record::Object{{"tarball", "https://x/c.tar.gz"}}}})),
        base::Error);
    auto site = entry();
    site.start = "TARGET.x ==";
    CHECK_THROWS_AS(settings_of(site), base::Error);
    site = entry();
    site.ad.set("LOG = /tmp\nEvil", 1);
    CHECK_THROWS_AS(settings_of(site), base::Error);
}

TEST_CASE("a kit is named after its content, and only an entry with a pilot has one") {
    const auto kit = pilot_kit(entry());
    REQUIRE(kit);
    CHECK(kit->name == pilot_kit(entry())->name);
    CHECK(kit->name != pilot_kit(entry({{"idle_seconds", 1}}))->name);
    REQUIRE(kit->files.size() == 2);
    CHECK(kit->files[0].content == pilot_script());
    CHECK(pilot_script().substr(0, 10) == "#!/bin/sh\n");
    CHECK(pilot_script().find("\nmain \"$@\"\n") != std::string::npos);

    auto both = entry();
    both.target.set("argv", record::Array{"/opt/pilot"});
    CHECK_THROWS_AS(pilot_kit(both), base::Error);
    CHECK_FALSE(pilot_kit(model::Entry{}));
    CHECK_THROWS_AS(pilot_kit(entry({{"files", record::Array{"/etc/hostname", "/etc/hostname"}}})),
                    base::Error);
}

TEST_CASE("a kit is placed whole, once") {
    const test::Scratch scratch;
    const auto kit = pilot_kit(entry());
    const auto transport = make_transport("", {});
    place(*kit, scratch / "kits", *transport);
    const auto folder = scratch / ("kits/" + kit->name);
    CHECK(base::read_file(folder + "/tow-pilot", 1'000'000) == pilot_script());
    CHECK(base::read_file(folder + "/tow-pilot.conf", 1'000'000) == kit->files[1].content);
    auto other = *kit;
    other.files[1].content = "changed";
    place(other, scratch / "kits", *transport);  // it is there already
    CHECK(base::read_file(folder + "/tow-pilot.conf", 1'000'000) == kit->files[1].content);
}

TEST_CASE("batch systems start the pilot from where it lies") {
    auto site = entry();
    const auto kit = pilot_kit(site);
    const std::vector<std::string> pilots{"01M7YZMHG0RZ4S2RJZ2W4V1B00"};
    const auto folder = "/shared/" + kit->name;

    const auto script =
        slurm_submission(with_kit(site, kit, "/shared"), pilots, "f", "/home").script;
    CHECK(script.ends_with("exec '" + folder + "/tow-pilot' '" + folder + "/tow-pilot.conf'\n"));

    site.backend = "condor";
    site.target.set("credentials", record::Object{{"idtoken", "/etc/pool.token"}});
    const auto vanilla =
        condor_description(with_kit(site, pilot_kit(site), "/shared"), pilots, "f", "/out");
    CHECK(vanilla.find("\nexecutable = " + folder + "/tow-pilot\n") != std::string::npos);
    CHECK(vanilla.find("\narguments") == std::string::npos);
    CHECK(vanilla.find("\ntransfer_input_files = " + folder +
                       "/tow-pilot.conf,/etc/pool.token\n") != std::string::npos);
    CHECK(vanilla.find("AEROTOW_IDTOKEN_FILE='pool.token'") != std::string::npos);

    site.target.set("universe", "local");
    const auto local =
        condor_description(with_kit(site, pilot_kit(site), "/shared"), pilots, "f", "/out");
    CHECK(local.find("\narguments = \"'" + folder + "/tow-pilot.conf'\"\n") != std::string::npos);
    CHECK(local.find("AEROTOW_IDTOKEN_FILE='/etc/pool.token'") != std::string::npos);
}

}  // namespace tow::batch
