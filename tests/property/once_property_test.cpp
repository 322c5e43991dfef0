// Exactly once: whatever happens to runs of submission and removal, to the batch system and to the
// state file, no pilot is let go twice, and no request gets more than it asked for.
#include "base/ulid.hpp"
#include "fleet/fake_batch_system.hpp"
#include "fleet/fleet.hpp"
#include "random.hpp"
#include "scratch.hpp"

#include <map>
#include <set>

#include <catch2/catch.hpp>

namespace tow::fleet {

namespace {

using model::PilotState;
using property::Random;
using test::Died;
using test::World;

class History {
  public:
    explicit History(std::uint64_t seed) : random_(seed) {
        for (int i = 0; i < 3; ++i) {
            model::Request request;
            request.id = request.plan = base::make_ulid(kStart, "request " + std::to_string(i));
            request.entry = "E";
            request.submit = random_.between(1, 8);
            requests_.push_back(request);
        }
    }

    void step() {
        now_ += std::chrono::seconds{random_.between(1, 120)};
        ++step_;
        switch (random_.between(0, 9)) {
            case 0:
            case 1:
            case 2:
                submit();
                break;
            case 3:
                look();
                break;
            case 4:
                remove();
                break;
            case 5:
                world_.deliver();
                break;
            case 6:
                lose_state();
                break;
            default:
                live();
                break;
        }
        check_once();
    }

    // Nothing fails any more.
    void come_to_rest() {
        world_.is_down = world_.refuses = world_.loses_cancels = false;
        now_ += std::chrono::hours{1};
        world_.deliver();
        for (int round = 0; round < 2; ++round) {
            with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
                CHECK(fleet.recover(now_).empty());
                fleet.accept_loss();
                CHECK(fleet.observe({{"E", "local"}}, now_).empty());
            });
        }
        check_once();
        check_agreement();
        carry_out_all();
        check_once();
    }

  private:
    static constexpr std::int64_t kStart = 1'795'262'400'000;

    void with_fleet(const auto& action) {
        Journal journal(folder_->path(), store::Access::ReadWrite);
        Fleet fleet(journal, [this](const std::string& /*name*/) {
            return std::make_unique<test::FakeBackend>(world_);
        });
        try {
            action(fleet, journal);
        } catch (const Died&) {  // NOLINT(bugprone-empty-catch) the next run goes on from there
        }
    }

    void trouble() {
        world_.is_down = random_.chance(10);
        world_.refuses = random_.chance(5);
        world_.loses_cancels = random_.chance(20);
        world_.forgets = random_.chance(10);
        world_.delays = random_.chance(50);
        world_.steps_before_death =
            random_.chance(60) ? static_cast<int>(random_.between(0, 20)) : -1;
    }

    static model::Entry entry() {
        model::Entry entry;
        entry.name = "E";
        entry.backend = "local";
        return entry;
    }

    void submit() {
        trouble();
        world_.forgets = false;  // or nobody could know what became of it, if the state is lost
        with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
            fleet.recover(now_);
            fleet.submit(random_.one_of(requests_), entry(), now_);
        });
        calm();
    }

    void look() {
        trouble();
        world_.steps_before_death = -1;
        with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
            fleet.observe({{"E", "local"}}, now_);
        });
        calm();
    }

    void remove() {
        trouble();
        model::Request request;
        request.id = request.plan = base::make_ulid(kStart, std::to_string(++removals_));
        if (removals_ > 1 && random_.chance(50)) {  // given again
            request.id = base::make_ulid(kStart, std::to_string(--removals_));
        }
        request.entry = "E";
        request.remove = 1 + removals_ % 3;
        request.what = model::RemoveWhat::All;
        const auto before = world_.alive().size() + world_.late_cancels.size();
        with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
            if (fleet.observe({{"E", "local"}}, now_).empty()) {
                fleet.remove(request);
            }
        });
        const auto after = world_.alive().size() + world_.late_cancels.size();
        CHECK(before <= after + static_cast<std::size_t>(request.remove));
        calm();
    }

    void calm() { world_.steps_before_death = -1; }

    void lose_state() {
        // Early, and once: beyond some tens of ids, nobody can look for all that a request used.
        if (step_ < 20 && !std::exchange(has_lost_state_, true)) {
            world_.deliver();  // what is still on its way then, nobody can know of
            folder_ = std::make_unique<test::Scratch>();
        }
    }

    // Pilots start, end, and go on hold.
    void live() {
        for (auto& job : world_.jobs) {
            if (job.state == PilotState::Pending && random_.chance(30)) {
                job.state = PilotState::Running;
                job.started_at = now_;
            } else if (job.state == PilotState::Running && random_.chance(10)) {
                job.state = random_.chance(50) ? PilotState::Done : PilotState::Failed;
                job.ended_at = now_;
            } else if (job.state == PilotState::Running && random_.chance(5)) {
                job.state = PilotState::Held;
                job.hold_code = 3;
            }
        }
    }

    void check_once() const {
        std::set<std::string> ids;
        for (const auto& job : world_.jobs) {
            CHECK(ids.insert(job.pilot).second);
        }
        for (const auto& [pilot, starts] : world_.starts) {
            CAPTURE(pilot);
            CHECK(starts == 1);
        }
        for (const auto& request : requests_) {
            CAPTURE(request.id);
            std::int64_t started = 0;
            for (const auto& id : pilot_ids(request, 0, 1000)) {
                started += world_.starts.contains(id) ? 1 : 0;
            }
            CHECK(started <= request.submit);
        }
    }

    // After a quiet look.
    void check_agreement() {
        with_fleet([&](Fleet& /*fleet*/, Journal& journal) {
            std::map<std::string, Row> living;
            for (const auto& row : journal.living()) {
                living.emplace(row.pilot.id, row);
            }
            const auto alive = world_.alive();
            CHECK(living.size() == alive.size());
            for (const auto& pilot : alive) {
                CAPTURE(pilot);
                REQUIRE(living.contains(pilot));
                const auto& row = living.at(pilot);
                const bool is_let_go = world_.starts.contains(pilot);
                CHECK((is_let_go || row.pilot.state == PilotState::Held));
                CHECK((row.pilot.state == world_.find(pilot)->state ||
                       row.pilot.state == PilotState::Removing));
            }
        });
    }

    // What was given up meanwhile is replaced; what was taken back or has ended is not.
    void carry_out_all() {
        with_fleet([&](Fleet& fleet, Journal& /*journal*/) {
            for (const auto& request : requests_) {
                const auto outcome = fleet.submit(request, entry(), now_);
                CAPTURE(outcome.error ? outcome.error->what() : "");
                // One that was taken back on its first hold may have run, for all that its end
                // tells once the state file is lost.
                CHECK((outcome.done == request.submit ||
                       (has_lost_state_ && outcome.done > request.submit)));
            }
        });
    }

    Random random_;
    World world_;
    std::unique_ptr<test::Scratch> folder_ = std::make_unique<test::Scratch>();
    std::vector<model::Request> requests_;
    base::Time now_{std::chrono::seconds{kStart / 1000}};
    int removals_ = 0;
    int step_ = 0;
    bool has_lost_state_ = false;
};

}  // namespace

TEST_CASE("exactly once, through any history of deaths, lost answers and lost state files") {
    for (std::uint64_t round = 0; round < 30; ++round) {
        const auto seed = property::seed() + round;
        CAPTURE(seed);
        History history(seed);
        for (int i = 0; i < 40; ++i) {
            CAPTURE(i);
            history.step();
        }
        history.come_to_rest();
    }
}

}  // namespace tow::fleet
