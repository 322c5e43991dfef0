// A small world to plan for: entries where pilots wait, start and end, a clock, a ledger. It obeys
// decisions as the real tools do, and remembers what they must.
#pragma once

#include "base/ulid.hpp"
#include "plan/decide.hpp"
#include "policy/policy.hpp"
#include "policy/resolve.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tow::policy {

struct Place {
    model::Entry entry;
    std::int64_t slots = 0;               // pilots that can run there at once
    std::chrono::seconds life{8 * 3600};  // of a pilot
    bool starts = true;                   // false: nothing starts any more
    bool is_visible = true;               // false: its pilots are not seen
    std::vector<model::Pilot> pilots;
    std::map<base::Time, model::Use> ledger;  // by day
};

class World {
  public:
    World(Policy policy, base::Time start) : now(start), policy_(std::move(policy)) {}

    Place& add(const std::string& name, std::int64_t slots) {
        auto& place = places[name];
        place.slots = slots;
        place.entry.name = name;
        place.entry.backend = "local";
        place.entry.pilot.walltime = std::chrono::hours{8};
        return place;
    }

    std::int64_t in_state(const std::string& name, model::PilotState state) const {
        return std::ranges::count(places.at(name).pilots, state, &model::Pilot::state);
    }

    std::int64_t pending(const std::string& name) const {
        return in_state(name, model::PilotState::Pending);
    }

    std::int64_t running(const std::string& name) const {
        return in_state(name, model::PilotState::Running);
    }

    // Looks, decides, obeys, and lets the time pass. Running pilots serve jobs, one each.
    plan::Decision step(std::chrono::seconds time) {
        const auto situation = look();
        const auto id =
            base::make_ulid(std::chrono::milliseconds{now.time_since_epoch()}.count(), "world");
        auto decision = plan::decide(situation, resolve(policy_, situation, now), now, id);
        memories_ = decision.memories;
        for (const auto& request : decision.requests) {
            obey(request);
        }
        pass(time);
        return decision;
    }

    plan::Situation look() const {
        plan::Situation result;
        model::JobClass jobs;
        jobs.id = "jobs";
        std::int64_t busy = 0;
        for (const auto& [name, place] : places) {
            jobs.entries.push_back(name);
            busy += running(name);
            result.entries.push_back(place.entry);
            if (place.is_visible) {
                result.counts.push_back(count(name, place));
                result.pilots.insert(result.pilots.end(), place.pilots.begin(), place.pilots.end());
            }
            model::Usage usage;
            usage.entry = name;
            for (const auto& [day, use] : place.ledger) {
                usage.days.push_back({day, use});
            }
            usage.committed.pilots = pending(name);
            usage.committed.cost = static_cast<double>(pending(name)) * price(place);
            result.usages.push_back(usage);
        }
        jobs.idle_jobs = std::max<std::int64_t>(0, wanted - busy);
        result.classes.push_back(jobs);
        result.memories = memories_;
        return result;
    }

    base::Time now;
    std::int64_t wanted = 0;  // jobs that want to run at once
    std::map<std::string, Place> places;

    // Of one pilot, all its life.
    static double price(const Place& place) {
        return place.entry.cost.value_or(model::Cost{}).per_core_hour *
               static_cast<double>(place.life.count()) / 3600;
    }

    model::Use used(const std::string& name) const {
        model::Use sum;
        for (const auto& [day, use] : places.at(name).ledger) {
            sum.pilots += use.pilots;
            sum.cost += use.cost;
        }
        return sum;
    }

  private:
    model::PilotCount count(const std::string& name, const Place& place) const {
        model::PilotCount result;
        result.entry = name;
        result.pending = pending(name);
        result.running = running(name);
        for (const auto& pilot : place.pilots) {
            if (pilot.state == model::PilotState::Pending) {
                result.oldest_pending =
                    std::max(result.oldest_pending.value_or(std::chrono::seconds{0}),
                             now - *pilot.submitted_at);
            }
            result.newest_start_at = std::max(result.newest_start_at, pilot.started_at);
        }
        result.observed_at = now;
        return result;
    }

    void obey(const model::Request& request) {
        auto& place = places.at(request.entry);
        for (std::int64_t i = 0; i < request.submit; ++i) {
            model::Pilot pilot;
            pilot.id = std::to_string(next_++);
            pilot.entry = request.entry;
            pilot.state = model::PilotState::Pending;
            pilot.submitted_at = now;
            place.pilots.push_back(pilot);
        }
        for (std::int64_t i = 0; i < request.remove; ++i) {  // the newest first
            const auto last =
                std::find_if(place.pilots.rbegin(), place.pilots.rend(),
                             [](const auto& p) { return p.state == model::PilotState::Pending; });
            if (last != place.pilots.rend()) {
                last->state = model::PilotState::Done;
                last->ended_at = now;
            }
        }
    }

    void pass(std::chrono::seconds time) {
        now += time;
        std::int64_t busy = 0;
        for (auto& [name, place] : places) {
            busy += running(name);
        }
        for (auto& [name, place] : places) {
            auto free = place.slots - running(name);
            for (auto& pilot : place.pilots) {
                if (pilot.state == model::PilotState::Running &&
                    (now - *pilot.started_at >= place.life || busy > wanted)) {
                    busy -= 1;  // also ends when there is no more work
                    pilot.state = model::PilotState::Done;
                    pilot.ended_at = std::min(now, *pilot.started_at + place.life);
                } else if (pilot.state == model::PilotState::Pending && place.starts && free > 0) {
                    --free;
                    pilot.state = model::PilotState::Running;
                    pilot.started_at = now;
                    auto& today = place.ledger[std::chrono::floor<std::chrono::days>(now)];
                    today.pilots += 1;
                    today.cost += price(place);
                }
            }
            std::erase_if(place.pilots, [&](const auto& pilot) {
                return pilot.ended_at && now - *pilot.ended_at > std::chrono::hours{2};
            });
        }
    }

    Policy policy_;
    std::vector<model::Memory> memories_;
    std::int64_t next_ = 0;
};

}  // namespace tow::policy
