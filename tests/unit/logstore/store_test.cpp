#include "base/error.hpp"
#include "logstore/collect.hpp"
#include "logstore/content.hpp"
#include "logstore/log_store.hpp"
#include "logstore/search.hpp"
#include "logstore/trouble.hpp"
#include "scratch.hpp"

#include <filesystem>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

namespace base = tow::base;
namespace logstore = tow::logstore;
namespace model = tow::model;
using tow::store::Access;

namespace {

constexpr base::Time kNow{std::chrono::seconds{1'795'300'000}};

logstore::Packer::Packed packed(const std::string& text) {
    logstore::Packer packer;
    packer.begin();
    packer.add(text);
    return packer.finish();
}

logstore::Arrival arrival(int number, const std::string& text, base::Time at = kNow) {
    logstore::Arrival one;
    one.key = "pilot" + std::to_string(number);
    one.log.pilot = one.key;
    one.log.entry = "E";
    one.log.outcome = model::PilotOutcome::Ok;
    one.log.ended_at = at;
    one.origins.push_back({"/x/" + one.key, static_cast<std::int64_t>(text.size()), 1});
    one.files.emplace_back("out", packed(text));
    return one;
}

std::string text_of(const logstore::LogStore& store, const std::string& hash) {
    std::string text;
    store.read(hash, [&](std::string_view piece) {
        text += piece;
        return true;
    });
    return text;
}

std::string random_text(unsigned seed, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        seed = seed * 1664525U + 1013904223U;
        text += static_cast<char>('!' + (seed >> 24U) % 90);
    }
    return text;
}

logstore::Collected collect(logstore::LogStore& store, const std::string& folder) {
    tow::pilotlog::Gathering gathering({kNow, {}});
    gathering.add(std::string(TOW_TEST_DATA) + "/logs/" + folder);
    logstore::CollectOptions options;
    options.clock = {base::Time{std::chrono::seconds{2'000'000'000}}, {}};
    return logstore::collect(gathering, store, options);
}

std::size_t packs_in(const std::string& folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& file :
         std::filesystem::directory_iterator(folder + "/packs")) {
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("content comes out as it went in, and is checked") {
    for (const std::size_t size : {0U, 1U, 200'000U, 3'000'000U}) {
        const auto text = random_text(7, size);
        const auto one = packed(text);
        CHECK(one.hash.size() == 32);
        std::string out;
        logstore::unpack(one.data, one.size, [&](std::string_view piece) {
            out += piece;
            return true;
        });
        CHECK(out == text);
        auto damaged = one.data;
        damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
        const auto ignore = [](std::string_view) { return true; };
        CHECK_THROWS_AS(logstore::unpack(damaged, one.size, ignore), base::Error);
        if (size > 0) {
            CHECK_THROWS_AS(logstore::unpack(one.data, one.size - 1, ignore), base::Error);
            CHECK_THROWS_AS(
                logstore::unpack(std::string_view(one.data).substr(0, one.data.size() - 1),
                                 one.size, ignore),
                base::Error);
        }
    }
}

TEST_CASE("the same content is stored once, and a pilot that comes again is one") {
    const tow::test::Scratch scratch;
    logstore::LogStore store(scratch / "logs", Access::ReadWrite);
    store.add({arrival(1, "same"), arrival(2, "same")}, kNow);
    store.add({arrival(3, "same"), arrival(1, "other")}, kNow);
    CHECK(store.sizes().pilots == 3);
    CHECK(store.sizes().raw_bytes == 9);
    CHECK(store.has({"/x/pilot3", 4, 1}));
    CHECK(!store.has({"/x/pilot3", 5, 1}));
    logstore::Query query;
    query.pilot = "pilot1";
    store.find(query, [&](const logstore::StoredPilot& pilot) {
        const auto files = store.files(pilot.number);
        REQUIRE(files.size() == 1);
        CHECK(text_of(store, files[0].hash) == "other");
        return true;
    });
}

TEST_CASE("what a run that was killed leaves is no harm, and goes after a day") {
    const tow::test::Scratch scratch;
    const auto folder = scratch / "logs";
    logstore::LogStore store(folder, Access::ReadWrite);
    store.add({arrival(1, "text")}, kNow);
    base::write_file_atomically(folder + "/packs/STRAY.pack", "half of a frame");
    store.remove_strays(base::wall_clock());
    CHECK(packs_in(folder) == 2);
    store.remove_strays(base::wall_clock() + std::chrono::hours{25});
    CHECK(packs_in(folder) == 1);
    CHECK(store.sizes().pilots == 1);
}

TEST_CASE("the oldest are forgotten, and packs that are hardly used are written anew") {
    const tow::test::Scratch scratch;
    const auto folder = scratch / "logs";
    logstore::LogStore store(folder, Access::ReadWrite);
    for (int run = 0; run < 4; ++run) {
        std::vector<logstore::Arrival> arrivals;
        for (int i = 0; i < 4; ++i) {
            const auto number = run * 4 + i;
            arrivals.push_back(arrival(number, random_text(static_cast<unsigned>(number), 10'000),
                                       kNow - std::chrono::hours{24 * (20 - number)}));
        }
        store.add(arrivals, kNow);
    }
    CHECK(packs_in(folder) == 4);
    const auto before = store.sizes().bytes;
    // Ends with pilot 11: one pack goes, and of the third one pilot is left.
    store.prune(kNow - std::chrono::hours{24 * 9}, std::nullopt);
    CHECK(store.sizes().pilots == 5);
    CHECK(store.sizes().bytes < before / 2);
    CHECK(packs_in(folder) == 2);
    store.find({}, [&](const logstore::StoredPilot& pilot) {
        CHECK(text_of(store, store.files(pilot.number).at(0).hash).size() == 10'000);
        return true;
    });
    store.prune(std::nullopt, 1);
    CHECK(store.sizes().pilots == 0);
    CHECK(packs_in(folder) == 0);
}

TEST_CASE("two runs at once on one folder lose and double nothing") {
    const tow::test::Scratch scratch;
    const auto folder = scratch / "logs";
    { const logstore::LogStore make(folder, Access::ReadWrite); }
    std::vector<std::jthread> hosts;
    hosts.reserve(2);
    for (int host = 0; host < 2; ++host) {
        hosts.emplace_back([&] {
            logstore::LogStore store(folder, Access::ReadWrite);
            for (int i = 0; i < 20; ++i) {
                store.add({arrival(i, "text " + std::to_string(i))}, kNow);
            }
        });
    }
    hosts.clear();
    const logstore::LogStore store(folder, Access::ReadOnly);
    CHECK(store.sizes().pilots == 20);
    store.find({}, [&](const logstore::StoredPilot& pilot) {
        CHECK(text_of(store, store.files(pilot.number).at(0).hash).starts_with("text "));
        return true;
    });
}

TEST_CASE("real endings are collected once, searched, and summed up") {
    const tow::test::Scratch scratch;
    logstore::LogStore store(scratch / "logs", Access::ReadWrite);
    CHECK(collect(store, "endings").pilots == 5);
    const auto again = collect(store, "endings");
    CHECK(again.pilots == 0);
    CHECK(again.unchanged == 5);
    CHECK(collect(store, "glidein").pilots == 5);

    std::vector<std::string> found;
    logstore::SearchOptions options;
    options.pattern = "Process exited, pid=\\d+, status=1$";
    const auto searched = search(store, {}, options, [&](const logstore::Match& match) {
        found.push_back(match.file + ":" + std::to_string(match.line) + " " + match.text);
        return true;
    });
    CHECK(searched.matching == 1);
    CHECK(found == std::vector<std::string>{
                       "StarterLog.slot1_1:4 11/21/26 10:59:30 Process exited, pid=901, status=1"});

    logstore::Query query;
    query.entries = {"EXAMPLE_*"};
    const auto sums = store.sums(query, "outcome");
    REQUIRE(sums.size() == 4);
    CHECK(sums[0].group == "killed");
    CHECK(sums[2].group == "ok");
    CHECK(sums[2].core_seconds == 8L * 3700);
    CHECK(sums[2].wasted_core_seconds == 8L * (3700 - 2160));
}

namespace {

logstore::Arrival start(int number, const std::string& node, base::Time at, bool is_bad) {
    auto one = arrival(number, "", at);
    one.files.clear();
    one.log.node = node;
    one.log.started_at = at - std::chrono::minutes{is_bad ? 1 : 60};
    one.log.wall_seconds = is_bad ? 60 : 3600;
    one.log.outcome = is_bad ? model::PilotOutcome::ValidationFailed : model::PilotOutcome::Ok;
    return one;
}

}  // namespace

TEST_CASE("a node that swallows pilots is found, unless the whole entry does") {
    const tow::test::Scratch scratch;
    logstore::LogStore store(scratch / "logs", Access::ReadWrite);
    std::vector<logstore::Arrival> arrivals;
    arrivals.reserve(62);
    for (int i = 0; i < 6; ++i) {
        arrivals.push_back(start(i, "wn1", kNow - std::chrono::minutes{10 + i}, true));
        arrivals.push_back(start(100 + i, "wn2", kNow - std::chrono::minutes{10 + i}, false));
    }
    store.add(arrivals, kNow);
    logstore::TroubleOptions options;
    options.now = kNow;
    const auto holes = black_holes(store, {}, options);
    REQUIRE(holes.size() == 1);
    CHECK(holes[0].target == "wn1");
    CHECK(holes[0].state == model::CheckState::Critical);
    for (auto& one : arrivals) {
        one.log.outcome = model::PilotOutcome::ValidationFailed;
    }
    store.add(arrivals, kNow);
    CHECK(black_holes(store, {}, options).empty());
}

TEST_CASE("a change beyond chance is told, one within is not") {
    CHECK(logstore::deviation(9, 10, 5, 100) > 4);
    CHECK(logstore::deviation(2, 10, 15, 100) < 4);
    CHECK(logstore::deviation(0, 10, 0, 100) == 0);
    const tow::test::Scratch scratch;
    logstore::LogStore store(scratch / "logs", Access::ReadWrite);
    std::vector<logstore::Arrival> arrivals;
    arrivals.reserve(62);
    for (int i = 0; i < 50; ++i) {
        arrivals.push_back(start(i, "", kNow - std::chrono::hours{30 + i}, i % 10 == 0));
    }
    for (int i = 0; i < 12; ++i) {
        arrivals.push_back(start(100 + i, "", kNow - std::chrono::hours{1}, i > 1));
    }
    store.add(arrivals, kNow);
    logstore::TroubleOptions options;
    options.now = kNow;
    const auto changes = sudden_changes(store, {}, options);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].target == "E");
    CHECK(changes[0].message == "10 of 12 pilots failed, before it were 5 of 50");
    options.least = 13;
    CHECK(sudden_changes(store, {}, options).empty());
}
