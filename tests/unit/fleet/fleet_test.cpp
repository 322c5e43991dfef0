// The protocol of submission against a batch system that can be made to fail at any point.
#include "fleet/fleet.hpp"

#include "base/ulid.hpp"
#include "fake_batch_system.hpp"
#include "fleet/counts.hpp"
#include "fleet/ledger.hpp"
#include "fleet/pace.hpp"
#include "scratch.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace tow::fleet {

namespace {

using model::PilotState;

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

using test::Died;
using test::FakeBackend;
using test::World;

class Scene {
  public:
    // One run of tow-submit: recover, then the request. False if it died.
    bool submit(const model::Request& request, model::Outcome* outcome = nullptr,
                base::Time now = kNow) {
        Journal journal(folder_.path(), store::Access::ReadWrite);
        Fleet fleet(journal, [this](const std::string& /*name*/) {
            return std::make_unique<FakeBackend>(world);
        });
        try {
            fleet.recover(now);
            model::Entry entry;
            entry.name = request.entry;
            entry.backend = "local";
            const auto result = fleet.submit(request, entry, now);
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
    CHECK(outcome.done == 0);  // it is left alone for a minute
    CHECK(std::string(outcome.error->what()) ==
          "left alone until 2026-11-21T12:01:00Z: queue full");
    REQUIRE(scene.submit(request_for(2), &outcome, kNow + std::chrono::seconds{60}));
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
        const auto gaps = fleet.observe({{"E", "local"}}, kNow);
        REQUIRE(gaps.size() == 1);
        CHECK(gaps[0].scope == "pilots");
        CHECK(gaps[0].entries == std::vector<std::string>{"E"});
        CHECK(journal.living().size() == 4);
    });
    scene.world.is_down = false;
    scene.with_fleet([](Fleet& fleet, Journal& journal) {
        CHECK(fleet.observe({{"E", "local"}}, kNow).empty());
        const auto counts = count_pilots(journal.living(), {"E", "F"}, nullptr, kNow);
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
        fleet.observe({{"E", "local"}}, kNow);
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
        fleet.observe({{"E", "local"}}, kNow);
        CHECK(fleet.removable(request).size() == 3);
        const auto outcome = fleet.remove(request);
        CHECK(outcome.done == 2);
        CHECK(outcome.pilots.front() == newest);
        CHECK(fleet.remove(request).done == 2);
        CHECK(fleet.remove(request).pilots.empty());
    });
    CHECK(scene.world.alive().size() == 2);
    scene.with_fleet([&](Fleet& fleet, Journal& journal) {
        fleet.observe({{"E", "local"}}, kNow);
        CHECK(journal.living().size() == 2);
        auto all = request;
        all.id = base::make_ulid(3, "removal");
        all.remove = 9;
        all.what = model::RemoveWhat::All;
        CHECK(fleet.remove(all).done == 2);
    });
    CHECK(scene.world.alive().empty());
}

TEST_CASE("pilots that were taken back may vanish without a trace, others may not all at once") {
    constexpr std::int64_t kPilots = 20;
    Scene scene;
    REQUIRE(scene.submit(request_for(kPilots)));
    scene.with_fleet([&](Fleet& fleet, Journal& journal) {
        model::Request removal = request_for(0);
        removal.id = base::make_ulid(2, "removal");
        const auto rows = journal.living();
        CHECK(fleet.remove_pilots(removal, rows).done == kPilots);
        CHECK(fleet.observe({}, kNow).empty());
        CHECK(journal.living().empty());
        const auto row = journal.find(rows.front().pilot.id);
        CHECK(row->pilot.state == PilotState::Failed);
        CHECK(row->pilot.reason == "removed");
        return 0;
    });
    auto again = request_for(kPilots);
    again.id = base::make_ulid(3, "again");
    REQUIRE(scene.submit(again));
    scene.world.jobs.clear();
    scene.with_fleet([&](Fleet& fleet, Journal& journal) {
        CHECK(fleet.observe({}, kNow).size() == 1);
        CHECK(journal.living().size() == kPilots);
        return 0;
    });
}

TEST_CASE("pilots are journalled with what they cost; a request may shorten their wall time") {
    using namespace std::chrono_literals;
    model::Entry entry;
    entry.name = "E";
    entry.backend = "local";
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
        fleet.observe({{"E", "local"}}, kNow);
        const auto row = journal.living().at(0);
        CHECK(row.cores == 32);
        CHECK(row.cost_per_core_hour == 0.25);
        CHECK(row.currency == "EUR");
        CHECK(row.walltime == 1h);
        CHECK(row.pilot.expires_at == kNow + 1h);
        scene.world.jobs[0].state = PilotState::Failed;  // and nobody says since when
        fleet.observe({{"E", "local"}}, kNow + 30min);
        CHECK(journal.find(row.pilot.id)->pilot.ended_at == kNow + 30min);
    });
    entry.pilot.walltime.reset();
    CHECK(entry_for(request, entry).pilot.walltime == 1h);
}

namespace {

// A run hands over pilots and dies; they arrive only after the next run has given them up.
void give_up_what_comes_late(Scene& scene, std::int64_t count) {
    scene.world.dies_after_call = scene.world.delays = true;
    CHECK_FALSE(scene.submit(request_for(count)));
    scene.world.dies_after_call = scene.world.delays = false;
    CHECK(scene.world.jobs.empty());
    CHECK(scene.with_fleet([](Fleet& fleet, Journal& /*journal*/) { return fleet.recover(kNow); })
              .empty());
    scene.world.deliver();
    CHECK(scene.world.jobs.size() == static_cast<std::size_t>(count));
}

void look(Scene& scene, base::Time now = kNow) {
    scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
        CHECK(fleet.observe({{"E", "local"}}, now).empty());
    });
}

model::Request removal_of(std::int64_t remove, model::RemoveWhat what) {
    auto request = request_for(0);
    request.id = base::make_ulid(2, "removal");
    request.remove = remove;
    request.what = what;
    return request;
}

std::vector<PilotState> states(const std::vector<Row>& rows) {
    std::vector<PilotState> result;
    std::ranges::transform(rows, std::back_inserter(result),
                           [](const Row& row) { return row.pilot.state; });
    return result;
}

}  // namespace

TEST_CASE("what comes too late stays on hold, is removed, and is replaced exactly once") {
    const bool is_seen_between = GENERATE(true, false);
    CAPTURE(is_seen_between);
    Scene scene;
    give_up_what_comes_late(scene, 3);
    if (is_seen_between) {
        look(scene);
        const auto living = scene.living();
        CHECK(states(living) == std::vector<PilotState>(3, PilotState::Held));
        CHECK(living[0].came_late());
        CHECK(living[0].pilot.reason ==
              "was handed over, but never let go; the next tow-submit removes it");
    }
    model::Outcome outcome;
    REQUIRE(scene.submit(request_for(3), &outcome));
    CHECK(outcome.done == 3);
    look(scene);
    REQUIRE(scene.submit(request_for(3), &outcome));
    look(scene);
    CHECK(outcome.done == 3);  // those that came late are not its
    CHECK(scene.world.starts.size() == 3);
    CHECK(scene.world.alive() == outcome.pilots);
    CHECK(states(scene.living()) == std::vector<PilotState>(3, PilotState::Pending));
}

TEST_CASE("what comes late is not let go by hand either") {
    Scene scene;
    give_up_what_comes_late(scene, 2);
    look(scene);
    scene.with_fleet([](Fleet& fleet, Journal& journal) {
        const auto released = fleet.release(journal.living(), kNow);
        CHECK(released.pilots.empty());
        CHECK(journal.living()[0].releases == 0);
    });
    CHECK(scene.world.starts.empty());
}

TEST_CASE("what comes late can be removed by hand, and is replaced all the same") {
    Scene scene;
    give_up_what_comes_late(scene, 2);
    look(scene);
    scene.with_fleet([](Fleet& fleet, Journal& /*journal*/) {
        CHECK(fleet.remove(removal_of(2, model::RemoveWhat::All)).done == 2);
    });
    look(scene);
    CHECK(scene.living().empty());
    model::Outcome outcome;
    REQUIRE(scene.submit(request_for(2), &outcome));
    CHECK(outcome.done == 2);
    CHECK(scene.world.starts.size() == 2);
}

TEST_CASE("what a dead run may have sent is settled before it can be removed") {
    Scene scene;
    scene.world.steps_before_death = 1;
    CHECK_FALSE(scene.submit(request_for(1)));
    scene.world.steps_before_death = -1;
    scene.world.jobs[0].state = PilotState::Done;  // it ran already
    scene.with_fleet([](Fleet& fleet, Journal& /*journal*/) {
        fleet.observe({}, kNow);
        CHECK(fleet.remove(removal_of(1, model::RemoveWhat::All)).done == 0);
    });
    model::Outcome outcome;
    REQUIRE(scene.submit(request_for(1), &outcome));
    CHECK(outcome.done == 1);
    check_no_doubles(scene.world, 1);
}

TEST_CASE("a pilot on hold whose run is still at work stays intended") {
    Scene scene;
    scene.world.dies_after_call = true;
    CHECK_FALSE(scene.submit(request_for(2)));
    scene.world.dies_after_call = false;
    look(scene);
    CHECK(states(scene.living()) == std::vector<PilotState>(2, PilotState::Intended));
    model::Outcome outcome;
    REQUIRE(scene.submit(request_for(2), &outcome));
    CHECK(outcome.done == 2);
    CHECK(scene.world.starts.size() == 2);
}

TEST_CASE("a pilot that was let go before its run died counts as sent, whoever sees it first") {
    Scene scene;
    scene.world.steps_before_death =
        3;  // both handed over, one let go, the other as well; no answer
    CHECK_FALSE(scene.submit(request_for(2)));
    scene.world.steps_before_death = -1;
    look(scene);
    for (const auto& row : scene.living()) {
        CHECK(row.pilot.state == PilotState::Pending);
        CHECK(row.pilot.submitted_at == kNow);
    }
    model::Outcome outcome;
    REQUIRE(scene.submit(request_for(2), &outcome));
    CHECK(outcome.done == 2);
    check_no_doubles(scene.world, 2);
}

TEST_CASE("a pilot that was let go, ran and was held before its run could say so counts as sent") {
    Scene scene;
    scene.world.steps_before_death = 1;
    CHECK_FALSE(scene.submit(request_for(1)));
    scene.world.steps_before_death = -1;
    scene.world.jobs[0].state = PilotState::Held;
    scene.world.jobs[0].hold_code = 3;
    look(scene);
    CHECK(scene.living().at(0).pilot.state == PilotState::Held);
    CHECK(scene.living()[0].pilot.submitted_at == kNow);
    REQUIRE(scene.submit(request_for(1)));
    check_no_doubles(scene.world, 1);
}

TEST_CASE("a lost pilot that is seen again lives again, and is not replaced") {
    Scene scene;
    REQUIRE(scene.submit(request_for(1)));
    const auto kept = scene.world.jobs;
    scene.world.jobs.clear();
    look(scene);
    CHECK(scene.living().empty());
    scene.world.jobs = kept;
    look(scene);
    REQUIRE(scene.living().size() == 1);
    CHECK(scene.living()[0].pilot.state == PilotState::Pending);
    CHECK_FALSE(scene.living()[0].pilot.ended_at.has_value());
    REQUIRE(scene.submit(request_for(1)));
    check_no_doubles(scene.world, 1);
}

TEST_CASE("a batch system that shows none of many pilots is not believed at once") {
    const bool are_many = GENERATE(true, false);
    Scene scene;
    REQUIRE(scene.submit(request_for(are_many ? 10 : 9)));
    scene.world.jobs.clear();
    scene.with_fleet([&](Fleet& fleet, Journal& journal) {
        const auto gaps = fleet.observe({}, kNow);
        REQUIRE(gaps.size() == (are_many ? 1U : 0U));
        CHECK(journal.living().size() == (are_many ? 10U : 0U));
        if (are_many) {
            CHECK_THAT(gaps[0].message, Catch::Contains("shows none of 10 pilots"));
            CHECK(gaps[0].error_kind == "unavailable");
        }
        fleet.accept_loss();
        CHECK(fleet.observe({}, kNow).empty());
        CHECK(journal.living().empty());
        CHECK(journal.ended_since(kNow).at(0).pilot.state == PilotState::Lost);
    });
}

TEST_CASE("many pilots that ended in view, or all but one gone, are no sign of blindness") {
    Scene scene;
    REQUIRE(scene.submit(request_for(12)));
    for (auto& job : scene.world.jobs) {
        job.state = PilotState::Done;
    }
    look(scene);
    CHECK(scene.living().empty());

    Scene other;
    REQUIRE(other.submit(request_for(12)));
    other.world.jobs.resize(1);
    look(other);
    CHECK(other.living().size() == 1);
}

TEST_CASE("a removal whose answer was lost is taken up again and takes no more than was asked") {
    Scene scene;
    REQUIRE(scene.submit(request_for(6)));
    look(scene);
    const auto request = removal_of(2, model::RemoveWhat::Pending);
    scene.world.loses_cancels = true;
    scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
        const auto outcome = fleet.remove(request);
        CHECK(outcome.done == 0);
        CHECK(outcome.error->kind() == base::Kind::Timeout);
    });
    scene.world.loses_cancels = false;
    const auto marked = scene.world.late_cancels;
    REQUIRE(marked.size() == 2);
    SECTION("the same ones, although the request would have others to take") {
        scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
            fleet.observe({}, kNow);
            const auto outcome = fleet.remove(request);
            CHECK(outcome.done == 2);
            CHECK(std::ranges::is_permutation(outcome.pilots, marked));
        });
    }
    SECTION("none, if they have gone meanwhile") {
        scene.world.deliver();
        scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
            fleet.observe({}, kNow);
            const auto outcome = fleet.remove(request);
            CHECK(outcome.done == 2);
            CHECK(outcome.pilots.empty());
        });
    }
    SECTION("none, if they run by now and may still be ended") {
        for (const auto& pilot : marked) {
            scene.world.find(pilot)->state = PilotState::Running;
        }
        scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
            fleet.observe({}, kNow);
            CHECK(fleet.remove(request).pilots.empty());
        });
    }
    SECTION("another request does not count them") {
        scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
            fleet.observe({}, kNow);
            auto other = request;
            other.id = base::make_ulid(4, "another");
            other.remove = 1;
            CHECK(fleet.remove(other).done == 1);
        });
        CHECK(scene.world.alive().size() == 5);
        return;
    }
    scene.world.deliver();
    CHECK(scene.world.alive().size() == 4);
}

TEST_CASE("a removal that dies at any point removes what was asked, no more") {
    for (int death = 0; death <= 3; ++death) {
        CAPTURE(death);
        Scene scene;
        REQUIRE(scene.submit(request_for(6)));
        look(scene);
        const auto request = removal_of(3, model::RemoveWhat::Pending);
        scene.world.steps_before_death = death;
        scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
            if (death < 3) {
                CHECK_THROWS_AS(fleet.remove(request), Died);
            } else {
                CHECK(fleet.remove(request).done == 3);
            }
        });
        scene.world.steps_before_death = -1;
        scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
            fleet.observe({}, kNow);
            CHECK(fleet.remove(request).done == 3);
        });
        CHECK(scene.world.alive().size() == 3);
    }
}

TEST_CASE("removal: never sent, pending, held, idle, and only then those at work") {
    Scene scene;
    REQUIRE(scene.submit(request_for(4)));
    auto& jobs = scene.world.jobs;
    jobs[0].state = PilotState::Held;
    jobs[1].state = jobs[2].state = PilotState::Running;
    const std::vector<std::string> expected{jobs[3].pilot, jobs[0].pilot, jobs[1].pilot,
                                            jobs[2].pilot};
    scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
        fleet.observe({}, kNow);
        fleet.note_idle({expected[2]});
        std::vector<std::string> chosen;
        for (const auto& row : fleet.removable(removal_of(9, model::RemoveWhat::All))) {
            chosen.push_back(row.pilot.id);
        }
        CHECK(chosen == expected);
        CHECK(fleet.removable(removal_of(9, model::RemoveWhat::Idle)).size() == 2);
        CHECK(fleet.removable(removal_of(9, model::RemoveWhat::Pending)).size() == 1);
        CHECK(fleet.removable(removal_of(9, model::RemoveWhat::Unsubmitted)).empty());
    });
}

TEST_CASE("what a look tells while a removal is at work is not undone") {
    Scene scene;
    REQUIRE(scene.submit(request_for(1)));
    scene.with_fleet([&](Fleet& fleet, Journal& journal) {
        const auto chosen = journal.living();
        scene.world.jobs[0].state = PilotState::Done;
        scene.world.jobs[0].exit_code = 0;
        fleet.observe({}, kNow);
        fleet.remove_pilots(removal_of(1, model::RemoveWhat::All), chosen);
        CHECK(journal.find(chosen[0].pilot.id)->pilot.state == PilotState::Done);
        CHECK(journal.living().empty());
    });
}

TEST_CASE("a request given again after the state file was lost sends nothing twice") {
    const bool is_seen_between = GENERATE(true, false);
    const bool one_has_ended = GENERATE(true, false);
    CAPTURE(is_seen_between, one_has_ended);
    Scene scene;
    REQUIRE(scene.submit(request_for(3)));
    if (one_has_ended) {
        scene.world.jobs[1].state = PilotState::Done;
    }
    Scene fresh;
    fresh.world = scene.world;
    if (is_seen_between) {
        look(fresh);
    }
    model::Outcome outcome;
    REQUIRE(fresh.submit(request_for(3), &outcome));
    for (const auto& [pilot, starts] : fresh.world.starts) {
        CHECK(starts == 1);
    }
    CHECK(outcome.done == 3);
    CHECK(fresh.world.jobs.size() == 3);
}

TEST_CASE("a batch system that is full is left alone 1, 2, 4 ... 16 minutes, until it takes one") {
    using std::chrono::minutes;
    Scene scene;
    scene.with_fleet([](Fleet& /*fleet*/, Journal& journal) {
        Pauses pauses(journal.database());
        const base::Error full(base::Kind::Busy, "MAX_JOBS_SUBMITTED exceeded");
        auto now = kNow;
        CHECK_FALSE(pauses.of("condor:a", now).has_value());
        for (const int expected : {1, 2, 4, 8, 16, 16}) {
            CAPTURE(expected);
            pauses.begin("condor:a", full, now);
            CHECK(
                pauses.of("condor:a", now + minutes{expected} - std::chrono::seconds{1})->kind() ==
                base::Kind::Busy);
            CHECK_FALSE(pauses.of("condor:a", now + minutes{expected}).has_value());
            CHECK_FALSE(pauses.of("condor:b", now).has_value());
            now += minutes{20};
        }
        pauses.end("condor:a");
        CHECK_FALSE(pauses.of("condor:a", now).has_value());
        pauses.begin("condor:a", full, now);
        CHECK_FALSE(pauses.of("condor:a", now + minutes{1}).has_value());
    });
}

TEST_CASE("a pause ends with the first pilots that are taken") {
    Scene scene;
    scene.world.refuses = true;
    REQUIRE(scene.submit(request_for(1)));
    scene.world.refuses = false;
    REQUIRE(scene.submit(request_for(1), nullptr, kNow + std::chrono::minutes{1}));
    scene.world.refuses = true;
    auto request = request_for(1);
    request.id = base::make_ulid(5, "next");
    model::Outcome outcome;
    REQUIRE(scene.submit(request, &outcome, kNow + std::chrono::minutes{1}));
    REQUIRE(scene.submit(request, &outcome, kNow + std::chrono::minutes{1}));
    CHECK_THAT(outcome.error->what(), Catch::Contains("12:02:00Z"));  // a minute again
}

TEST_CASE("a rate spreads pilots over time, per batch system") {
    CHECK(Pace().share(1000) == 1000);
    CHECK(Pace(20).share(1000) == 20);
    CHECK(Pace(20).share(7) == 7);
    CHECK(Pace(0.5).share(7) == 1);
    using Clock = std::chrono::steady_clock;
    Pace pace(20);
    const auto begin = Clock::now();
    pace.wait("a", 2);
    pace.wait("b", 2);
    CHECK(Clock::now() - begin < std::chrono::milliseconds{90});
    pace.wait("a", 1);
    CHECK(Clock::now() - begin >= std::chrono::milliseconds{100});
}

TEST_CASE("the ledger is right whatever becomes of a pilot that was given up as lost") {
    Scene scene;
    model::Entry entry;
    entry.name = "E";
    entry.backend = "local";
    entry.pilot.cpus = 2;
    const auto used = [&](base::Time now) {
        return scene.with_fleet([&](Fleet& /*fleet*/, Journal& journal) {
            std::int64_t sum = 0;
            for (const auto& usage : Ledger(journal.database()).usage(journal.living(), now)) {
                for (const auto& [day, use] : usage.days) {
                    sum += use.core_seconds;
                }
            }
            return sum;
        });
    };
    scene.with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
        CHECK(fleet.submit(request_for(1), entry, kNow).done == 1);
    });
    scene.world.jobs[0].state = PilotState::Running;
    scene.world.jobs[0].started_at = kNow;
    look(scene, kNow + std::chrono::seconds{10});
    CHECK(used(kNow + std::chrono::seconds{10}) == 20);
    const auto kept = scene.world.jobs;
    scene.world.jobs.clear();
    look(scene, kNow + std::chrono::seconds{50});
    CHECK(used(kNow + std::chrono::seconds{90}) == 100);
    scene.world.jobs = kept;
    look(scene, kNow + std::chrono::seconds{100});
    CHECK(used(kNow + std::chrono::seconds{100}) == 200);
    scene.world.jobs[0].state = PilotState::Done;
    scene.world.jobs[0].ended_at = kNow + std::chrono::seconds{70};
    look(scene, kNow + std::chrono::seconds{200});
    CHECK(used(kNow + std::chrono::seconds{200}) == 140);
}

}  // namespace tow::fleet
