// The protocol of submission against a batch system that can be made to fail at any point.
#include "fleet/fleet.hpp"

#include "base/ulid.hpp"
#include "scratch.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace tow::fleet {

namespace {

using model::PilotState;

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

struct World {  // what the batch system knows, which outlives the runs that talk to it
    std::vector<batch::Seen> jobs;
    int submit_before_death = -1;  // this many more, then the run dies; negative: never
    bool dies_after_call = false;  // all are handed over, but the answer is lost
    bool is_down = false;
    bool refuses = false;
};

struct Died {};

class FakeBackend : public batch::Backend {
  public:
    explicit FakeBackend(World& world) : world_(world) {}

    void check(const model::Entry& /*entry*/) const override {}

    std::vector<batch::Fate> submit(const model::Entry& entry,
                                    std::span<const std::string> pilots) override {
        std::vector<batch::Fate> fates;
        for (const auto& id : pilots) {
            if (world_.refuses) {
                fates.push_back({id, batch::Fate::Kind::Refused, "",
                                 base::Error(base::Kind::Busy, "queue full")});
                continue;
            }
            if (world_.submit_before_death == 0) {
                throw Died{};
            }
            --world_.submit_before_death;
            world_.jobs.push_back({id,
                                   entry.name,
                                   std::to_string(world_.jobs.size()),
                                   PilotState::Pending,
                                   {},
                                   {},
                                   {},
                                   {},
                                   {},
                                   {}});
            fates.push_back({id, batch::Fate::Kind::Done, world_.jobs.back().backend_id, {}});
        }
        if (world_.dies_after_call) {
            throw Died{};
        }
        return fates;
    }

    std::vector<batch::Seen> list() override {
        if (world_.is_down) {
            base::fail(base::Kind::Unavailable, "no answer");
        }
        return world_.jobs;
    }

    std::vector<batch::Fate> cancel(std::span<const std::string> pilots) override {
        std::vector<batch::Fate> fates;
        for (const auto& id : pilots) {
            std::erase_if(world_.jobs, [&](const batch::Seen& job) { return job.pilot == id; });
            fates.push_back({id, batch::Fate::Kind::Done, "", {}});
        }
        return fates;
    }

    std::vector<batch::Seen> settle(std::span<const std::string> pilots) override {
        std::vector<batch::Seen> existing;
        for (const auto& job : list()) {
            if (std::ranges::find(pilots, job.pilot) != pilots.end()) {
                existing.push_back(job);
            }
        }
        return existing;
    }

  private:
    World& world_;
};

class Scene {
  public:
    // One run of tow-submit: recover, then the request. False if it died.
    bool submit(const model::Request& request, model::Outcome* outcome = nullptr) {
        Journal journal(folder_.path(), store::Access::ReadWrite);
        Fleet fleet(journal, [this](const std::string& /*name*/) {
            return std::make_unique<FakeBackend>(world);
        });
        try {
            fleet.recover(kNow);
            model::Entry entry;
            entry.name = request.entry;
            entry.backend = "fake";
            const auto result = fleet.submit(request, entry, kNow);
            if (outcome != nullptr) {
                *outcome = result;
            }
            return true;
        } catch (const Died&) {
            return false;
        }
    }

    template <class Action>
    auto with_fleet(Action action) {
        Journal journal(folder_.path(), store::Access::ReadWrite);
        Fleet fleet(journal, [this](const std::string& /*name*/) {
            return std::make_unique<FakeBackend>(world);
        });
        return action(fleet, journal);
    }

    std::vector<Row> living() const {
        return Journal(folder_.path(), store::Access::ReadWrite).living();
    }

    World world;

  private:
    test::Scratch folder_;
};

model::Request request_for(std::int64_t submit) {
    model::Request request;
    request.id = base::make_ulid(1, "request");
    request.plan = base::make_ulid(1, "plan");
    request.entry = "E";
    request.submit = submit;
    return request;
}

void check_no_doubles(const World& world, std::size_t expected) {
    std::vector<std::string> ids;
    for (const auto& job : world.jobs) {
        ids.push_back(job.pilot);
    }
    std::ranges::sort(ids);
    CHECK(std::ranges::adjacent_find(ids) == ids.end());
    CHECK(ids.size() == expected);
}

}  // namespace

TEST_CASE("a request is carried out once, however often it is given") {
    Scene scene;
    model::Outcome outcome;
    REQUIRE(scene.submit(request_for(3), &outcome));
    CHECK(outcome.done == 3);
    const auto pilots = outcome.pilots;
    REQUIRE(scene.submit(request_for(3), &outcome));
    CHECK(outcome.done == 3);
    CHECK(outcome.pilots == pilots);
    check_no_doubles(scene.world, 3);
}

TEST_CASE("a run that dies at any point is completed by the next, none lost, none doubled") {
    constexpr int kPilots = 120;  // more than two batches
    for (int deaths_at = 0; deaths_at <= kPilots; deaths_at += 7) {
        CAPTURE(deaths_at);
        Scene scene;
        scene.world.submit_before_death = deaths_at;
        CHECK_FALSE(scene.submit(request_for(kPilots)));
        scene.world.submit_before_death = -1;
        model::Outcome outcome;
        REQUIRE(scene.submit(request_for(kPilots), &outcome));
        CHECK(outcome.done == kPilots);
        check_no_doubles(scene.world, kPilots);
        CHECK(scene.living().size() == kPilots);
    }
}

TEST_CASE("an answer that is lost after the call does not double anything") {
    Scene scene;
    scene.world.dies_after_call = true;
    CHECK_FALSE(scene.submit(request_for(5)));
    scene.world.dies_after_call = false;
    model::Outcome outcome;
    REQUIRE(scene.submit(request_for(5), &outcome));
    CHECK(outcome.done == 5);
    check_no_doubles(scene.world, 5);
}

TEST_CASE("what cannot be settled stays intended, and is not sent again meanwhile") {
    Scene scene;
    scene.world.dies_after_call = true;
    CHECK_FALSE(scene.submit(request_for(5)));
    scene.world.dies_after_call = false;
    scene.world.is_down = true;
    model::Outcome outcome;
    REQUIRE(scene.submit(request_for(5), &outcome));
    check_no_doubles(scene.world, 5);
    CHECK(outcome.done == 0);
    scene.world.is_down = false;
    REQUIRE(scene.submit(request_for(5), &outcome));
    CHECK(outcome.done == 5);
    check_no_doubles(scene.world, 5);
}

TEST_CASE("refused pilots are tried again when the request is given again") {
    Scene scene;
    scene.world.refuses = true;
    model::Outcome outcome;
    REQUIRE(scene.submit(request_for(2), &outcome));
    CHECK(outcome.done == 0);
    CHECK(std::string(outcome.error->what()) == "queue full");
    scene.world.refuses = false;
    REQUIRE(scene.submit(request_for(2), &outcome));
    CHECK(outcome.done == 2);
    CHECK_FALSE(outcome.error.has_value());
}

TEST_CASE("an expired request is refused, but one already done is still reported") {
    Scene scene;
    auto request = request_for(2);
    request.valid_until = kNow - std::chrono::seconds{1};
    model::Outcome outcome;
    REQUIRE(scene.submit(request, &outcome));
    CHECK(outcome.done == 0);
    CHECK(std::string(outcome.error->what()) == "the request expired at 2026-11-21T11:59:59Z");
    REQUIRE(scene.submit(request_for(2)));
    REQUIRE(scene.submit(request, &outcome));
    CHECK(outcome.done == 2);
    CHECK_FALSE(outcome.error.has_value());
}

TEST_CASE("a look brings the journal up to date; only what a good look does not show is lost") {
    Scene scene;
    REQUIRE(scene.submit(request_for(4)));
    scene.world.jobs[0].state = PilotState::Running;
    scene.world.jobs[1].state = PilotState::Done;
    scene.world.jobs[1].ended_at = kNow;
    scene.world.jobs.erase(scene.world.jobs.begin() + 2);
    scene.world.is_down = true;
    scene.with_fleet([](Fleet& fleet, Journal& journal) {
        const auto gaps = fleet.observe({{"E", "fake"}}, kNow);
        REQUIRE(gaps.size() == 1);
        CHECK(gaps[0].scope == "pilots");
        CHECK(gaps[0].entries == std::vector<std::string>{"E"});
        CHECK(journal.living().size() == 4);
    });
    scene.world.is_down = false;
    scene.with_fleet([](Fleet& fleet, Journal& journal) {
        CHECK(fleet.observe({{"E", "fake"}}, kNow).empty());
        const auto counts = count_pilots(journal.living(), {"E", "F"}, kNow);
        REQUIRE(counts.size() == 2);
        CHECK(counts[0].running == 1);
        CHECK(counts[0].pending == 1);
        CHECK(counts[1].entry == "F");
        CHECK(counts[1].pending == 0);
        CHECK(journal.ended_since(kNow).size() == 2);
    });
}

TEST_CASE("pilots of ours that the journal does not know are adopted") {
    Scene scene;
    REQUIRE(scene.submit(request_for(2)));
    Scene fresh;
    fresh.world = scene.world;
    fresh.with_fleet([](Fleet& fleet, Journal& journal) {
        fleet.observe({{"E", "fake"}}, kNow);
        REQUIRE(journal.living().size() == 2);
        CHECK(journal.living()[0].pilot.entry == "E");
    });
}

TEST_CASE("removal takes the least loss first, and repeating a request removes no more") {
    Scene scene;
    REQUIRE(scene.submit(request_for(4)));
    scene.world.jobs[0].state = PilotState::Running;
    auto request = request_for(0);
    request.id = base::make_ulid(2, "removal");
    request.remove = 2;
    request.what = model::RemoveWhat::Pending;
    const auto newest = scene.world.jobs[3].pilot;
    scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
        fleet.observe({{"E", "fake"}}, kNow);
        CHECK(fleet.removable(request).size() == 3);
        const auto outcome = fleet.remove(request);
        CHECK(outcome.done == 2);
        CHECK(outcome.pilots.front() == newest);
        CHECK(fleet.remove(request).done == 2);
        CHECK(fleet.remove(request).pilots.empty());
    });
    CHECK(scene.world.jobs.size() == 2);
    scene.with_fleet([&](Fleet& fleet, Journal& journal) {
        fleet.observe({{"E", "fake"}}, kNow);
        CHECK(journal.living().size() == 2);
        auto all = request;
        all.id = base::make_ulid(3, "removal");
        all.remove = 9;
        all.what = model::RemoveWhat::All;
        CHECK(fleet.remove(all).done == 2);
    });
    CHECK(scene.world.jobs.empty());
}

TEST_CASE("pilots are journalled with what they cost; a request may shorten their wall time") {
    using namespace std::chrono_literals;
    model::Entry entry;
    entry.name = "E";
    entry.backend = "fake";
    entry.pilot.cpus = 8;
    entry.pilot.walltime = 48h;
    entry.nodes = 4;
    entry.cost = model::Cost{0.25, "EUR", std::nullopt};
    auto request = request_for(1);
    CHECK(entry_for(request, entry).pilot.walltime == 48h);
    request.walltime = 96h;
    CHECK(entry_for(request, entry).pilot.walltime == 48h);
    request.walltime = 1h;
    Scene scene;
    scene.with_fleet([&](Fleet& fleet, Journal& journal) {
        CHECK(fleet.submit(request, entry, kNow).done == 1);
        scene.world.jobs[0].state = PilotState::Running;
        scene.world.jobs[0].started_at = kNow;
        fleet.observe({{"E", "fake"}}, kNow);
        const auto row = journal.living().at(0);
        CHECK(row.cores == 32);
        CHECK(row.cost_per_core_hour == 0.25);
        CHECK(row.currency == "EUR");
        CHECK(row.walltime == 1h);
        CHECK(row.pilot.expires_at == kNow + 1h);
        scene.world.jobs[0].state = PilotState::Failed;  // and nobody says since when
        fleet.observe({{"E", "fake"}}, kNow + 30min);
        CHECK(journal.find(row.pilot.id)->pilot.ended_at == kNow + 30min);
    });
    entry.pilot.walltime.reset();
    CHECK(entry_for(request, entry).pilot.walltime == 1h);
}

}  // namespace tow::fleet
