#include "match/ladder.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::match {

namespace {

using model::Rung;
using State = model::Rung::State;

struct Pilots {
    std::int64_t pending = 0;
    std::int64_t running = 0;
    std::int64_t held = 0;
    std::optional<std::chrono::seconds> oldest_pending;
};

class Ladder {
  public:
    Ladder(const model::Entry& entry, const Sighting& sighting, base::Time now)
        : entry_(entry), sighting_(sighting), now_(now) {
        for (const auto& count : sighting.counts) {
            pilots_.pending += count.pending;
            pilots_.running += count.running;
            pilots_.held += count.held;
            if (count.oldest_pending) {
                pilots_.oldest_pending = std::max(
                    pilots_.oldest_pending.value_or(*count.oldest_pending), *count.oldest_pending);
            }
        }
    }

    std::vector<Rung> run() {
        add(matching());
        add(planned());
        add(sent());
        add(registered("registered", "running pilots that never register with the pool"));
        add(registered("working", "registered pilots that no job comes to"));
        return std::move(result_);
    }

  private:
    void add(Rung rung) {
        const bool reached = std::ranges::none_of(
            result_, [](const Rung& below) { return below.state == State::Stuck; });
        if (!reached) {
            rung.state = State::NotReached;
        }
        result_.push_back(std::move(rung));
    }

    Rung rung(std::string name, State state, std::string why) const {
        Rung result;
        result.entry = entry_.name;
        result.rung = std::move(name);
        result.state = state;
        result.why = std::move(why);
        return result;
    }

    // ", but condor could not be seen: timeout"; empty if all of this kind were seen.
    std::string unseen(std::string_view scope) const {
        const auto gap = std::ranges::find(sighting_.gaps, scope, &model::Gap::scope);
        return gap == sighting_.gaps.end()
                   ? std::string{}
                   : fmt::format("; {} could not be seen: {}", gap->source, gap->message);
    }

    Rung matching() const {
        const auto effective = model::effective_state(entry_, now_);
        if (!sighting_.matching) {
            return rung("matching", State::Unknown,
                        "no job_group record in the input: put tow-jobs in front" + unseen("jobs"));
        }
        const auto matching = *sighting_.matching;
        auto result = rung("matching", State::Ok,
                           fmt::format("{} of {} idle jobs match", matching, sighting_.idle_jobs));
        result.idle_jobs = matching;
        if (effective != model::EntryState::InService) {
            result.state = State::Stuck;
            result.why =
                fmt::format("the entry is not in service: {}", model::state_name(effective));
        } else if (matching == 0) {
            const auto gap = unseen("jobs");
            result.state = gap.empty() ? State::Stuck : State::Unknown;
            result.why = (sighting_.idle_jobs == 0
                              ? std::string("there are no idle jobs")
                              : fmt::format("none of {} idle jobs matches", sighting_.idle_jobs)) +
                         gap;
        }
        return result;
    }

    Rung planned() const {
        if (sighting_.requests.empty()) {
            return rung("planned", State::Unknown,
                        "no request record in the input: put tow-plan in front");
        }
        std::int64_t submit = 0;
        std::vector<std::string> because;
        for (const auto& request : sighting_.requests) {
            submit += request.submit;
            for (const auto& step : request.because) {
                because.push_back(fmt::format("{} {} ({})", step.step, step.value, step.why));
            }
        }
        const bool on_their_way = pilots_.pending + pilots_.running > 0;
        auto result =
            rung("planned", submit > 0 || on_their_way ? State::Ok : State::Stuck,
                 because.empty() ? "the request gives no reason" : base::join(because, "; "));
        result.pilots = submit;
        return result;
    }

    Rung sent() const {
        const auto gap = unseen("pilots");
        if (sighting_.counts.empty()) {
            return rung("sent", State::Unknown,
                        "no pilot_count record in the input: put tow-pilots in front" + gap);
        }
        auto result = rung("sent", State::Ok,
                           fmt::format("{} pilots run, {} wait, {} are held", pilots_.running,
                                       pilots_.pending, pilots_.held));
        result.pilots = pilots_.pending + pilots_.running + pilots_.held;
        if (pilots_.running == 0) {
            result.state = gap.empty() ? State::Stuck : State::Unknown;
            result.why = pilots_.pending > 0 ? waiting()
                         : pilots_.held > 0
                             ? fmt::format("{} pilots are held, none waits or runs", pilots_.held)
                             : "no pilot has been sent, or none lives";
        }
        result.why += gap;
        return result;
    }

    std::string waiting() const {
        return fmt::format(
            "{} pilots wait in the batch system{}, none runs", pilots_.pending,
            pilots_.oldest_pending
                ? fmt::format(", the oldest for {}", base::format_duration(*pilots_.oldest_pending))
                : "");
    }

    // What a collector knows is not read by any tool so far.
    Rung registered(std::string name, std::string_view what) const {
        return rung(std::move(name), State::Unknown,
                    fmt::format("the pool's collector is not read: {} would not be seen", what));
    }

    const model::Entry& entry_;
    const Sighting& sighting_;
    base::Time now_;
    Pilots pilots_;
    std::vector<Rung> result_;
};

}  // namespace

Sighting sighting_of(const model::Entry& entry, const Seen& seen,
                     const std::vector<model::JobGroup>& groups, std::int64_t matching) {
    Sighting sighting;
    for (const auto& group : groups) {
        sighting.idle_jobs += group.idle_jobs;
        sighting.matching = matching;
    }
    const auto is_here = [&entry](const auto& item) { return item.entry == entry.name; };
    std::ranges::copy_if(seen.requests, std::back_inserter(sighting.requests), is_here);
    std::ranges::copy_if(seen.counts, std::back_inserter(sighting.counts), is_here);
    std::ranges::copy_if(seen.gaps, std::back_inserter(sighting.gaps), [&](const auto& gap) {
        return gap.entries.empty() ||
               std::ranges::find(gap.entries, entry.name) != gap.entries.end();
    });
    return sighting;
}

std::vector<Rung> ladder(const model::Entry& entry, const Sighting& sighting, base::Time now) {
    return Ladder(entry, sighting, now).run();
}

}  // namespace tow::match
