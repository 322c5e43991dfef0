// A batch system in memory that can fail at any point. What it knows outlives the runs that talk to
// it; calls of a run that died may take effect long after it.
#pragma once

#include "base/error.hpp"
#include "batch/backend.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace tow::test {

// The run ends here, as if it were killed.
struct Died {};

struct World {
    std::vector<batch::Seen> jobs;          // all there ever were, in order of arrival
    std::vector<batch::Seen> on_their_way;  // handed over by a run that died
    std::vector<std::string> late_cancels;  // asked for, and not done yet
    std::map<std::string, int> starts;      // how often a pilot was let go from its first hold
    int last_number = 0;
    int submit_before_death = -1;  // pilots handed over, then the run dies; negative: never
    int steps_before_death = -1;   // as well, but hand-overs and releases count
    bool dies_after_call = false;  // all are handed over, but the answer is lost
    bool delays = false;           // what a dying run hands over is late
    bool is_down = false;
    bool refuses = false;
    bool loses_cancels = false;  // they are done later, and nobody hears of it
    bool forgets = false;        // it has no history

    batch::Seen* find(const std::string& pilot) {
        const auto job = std::ranges::find(jobs, pilot, &batch::Seen::pilot);
        return job == jobs.end() ? nullptr : &*job;
    }

    std::vector<std::string> alive() const {
        std::vector<std::string> ids;
        for (const auto& job : jobs) {
            if (!model::has_ended(job.state)) {
                ids.push_back(job.pilot);
            }
        }
        return ids;
    }

    // What is on its way arrives, on hold.
    void deliver() {
        std::ranges::move(on_their_way, std::back_inserter(jobs));
        on_their_way.clear();
        for (const auto& pilot : late_cancels) {
            end(pilot);
        }
        late_cancels.clear();
    }

    void end(const std::string& pilot) {
        for (auto& job : jobs) {
            if (job.pilot == pilot && !model::has_ended(job.state)) {
                job.state = model::PilotState::Failed;
                job.reason = "removed";
                job.hold_code.reset();
            }
        }
    }
};

class FakeBackend : public batch::Backend {
  public:
    explicit FakeBackend(World& world) : world_(world) {}

    void check(const model::Entry& /*entry*/) const override {}

    model::Entry fit(const model::Entry& entry, base::Time /*now*/) override { return entry; }

    std::string describe(const model::Entry& /*entry*/,
                         std::span<const std::string> /*pilots*/) const override {
        return "";
    }

    std::size_t most_at_once(const model::Entry& /*entry*/) const override { return 50; }

    std::vector<batch::Fate> submit(const model::Entry& entry,
                                    std::span<const std::string> pilots) override {
        answer();
        if (world_.refuses) {
            std::vector<batch::Fate> fates;
            for (const auto& id : pilots) {
                fates.push_back({id, batch::Fate::Kind::Refused, "",
                                 base::Error(base::Kind::Busy, "queue full")});
            }
            return fates;
        }
        const auto before = static_cast<std::ptrdiff_t>(world_.jobs.size());
        try {
            return hand_over_and_let_go(entry, pilots);
        } catch (const Died&) {
            if (world_.delays) {
                hold_back(before);
            }
            throw;
        }
    }

    std::vector<batch::Seen> list(std::span<const batch::Known> expected) override {
        answer();
        std::vector<batch::Seen> result;
        std::ranges::copy_if(world_.jobs, std::back_inserter(result), [&](const auto& job) {
            const bool is_asked_for =
                std::ranges::find(expected, job.pilot, &batch::Known::pilot) != expected.end();
            return !model::has_ended(job.state) || (is_asked_for && !world_.forgets);
        });
        return result;
    }

    std::vector<batch::Fate> cancel(std::span<const batch::Known> pilots) override {
        answer();
        std::vector<batch::Fate> fates;
        for (const auto& known : pilots) {
            if (world_.loses_cancels) {
                world_.late_cancels.push_back(known.pilot);
                fates.push_back({known.pilot, batch::Fate::Kind::Unknown, "",
                                 base::Error(base::Kind::Timeout, "no answer")});
                continue;
            }
            world_.end(known.pilot);
            step();
            fates.push_back({known.pilot});
        }
        return fates;
    }

    std::vector<batch::Fate> release(std::span<const batch::Known> pilots) override {
        answer();
        std::vector<batch::Fate> fates;
        for (const auto& known : pilots) {
            let_go(known.pilot);
            fates.push_back({known.pilot});
        }
        return fates;
    }

    std::vector<batch::Seen> settle(std::span<const std::string> pilots) override {
        std::vector<batch::Known> asked;
        for (const auto& pilot : pilots) {
            asked.push_back({pilot, "", {}});
        }
        auto existing = list(asked);
        std::erase_if(existing, [&](const batch::Seen& job) {
            return std::ranges::find(pilots, job.pilot) == pilots.end();
        });
        for (auto& job : existing) {
            let_go(job.pilot);
            step();
            job = *world_.find(job.pilot);
        }
        return existing;
    }

  private:
    std::vector<batch::Fate> hand_over_and_let_go(const model::Entry& entry,
                                                  std::span<const std::string> pilots) {
        std::vector<batch::Fate> fates;
        for (const auto& id : pilots) {
            if (world_.submit_before_death == 0) {
                throw Died{};
            }
            --world_.submit_before_death;
            fates.push_back({id, batch::Fate::Kind::Done, hand_over(entry, id), {}});
            step();
        }
        if (world_.dies_after_call) {
            throw Died{};
        }
        for (const auto& fate : fates) {
            let_go(fate.pilot);
            step();
        }
        return fates;
    }

    // What is still on hold has not arrived yet.
    void hold_back(std::ptrdiff_t first) {
        const auto late = std::stable_partition(
            world_.jobs.begin() + first, world_.jobs.end(),
            [](const auto& job) { return job.state != model::PilotState::Held; });
        world_.on_their_way.insert(world_.on_their_way.end(), late, world_.jobs.end());
        world_.jobs.erase(late, world_.jobs.end());
    }

    void answer() const {
        if (world_.is_down) {
            base::fail(base::Kind::Unavailable, "no answer");
        }
    }

    void step() {
        if (world_.steps_before_death == 0) {
            throw Died{};
        }
        --world_.steps_before_death;
    }

    std::string hand_over(const model::Entry& entry, const std::string& id) {
        batch::Seen job;
        job.pilot = id;
        job.entry = entry.name;
        job.backend_id = std::to_string(++world_.last_number);
        job.state = model::PilotState::Held;
        job.hold_code = batch::kSubmittedOnHold;
        world_.jobs.push_back(job);
        return job.backend_id;
    }

    void let_go(const std::string& pilot) {
        for (auto& job : world_.jobs) {
            if (job.pilot == pilot && job.state == model::PilotState::Held) {
                world_.starts[pilot] += job.hold_code == batch::kSubmittedOnHold ? 1 : 0;
                job.state = model::PilotState::Pending;
                job.hold_code.reset();
            }
        }
    }

    World& world_;
};

}  // namespace tow::test
