// The half of Fleet that looks: what dead runs left, and what the batch systems show.
#include "base/stop.hpp"
#include "fleet/fleet.hpp"

#include <algorithm>

namespace tow::fleet {

namespace {

using model::PilotState;

// So many pilots do not vanish at once without a trace.
constexpr std::size_t kMany = 10;

void apply(const batch::Seen& seen, Row& row, base::Time now) {
    auto& pilot = row.pilot;
    const bool was_sent = !row.never_sent();
    const bool still_going = !model::has_ended(seen.state);
    if (pilot.state != PilotState::Removing || !still_going) {
        pilot.state = seen.state;
    }
    const auto take = [](auto& mine, const auto& theirs) {
        if (theirs) {
            mine = theirs;
        }
    };
    pilot.backend_id = seen.backend_id;
    if (was_sent) {
        take(pilot.submitted_at, seen.submitted_at);
        pilot.submitted_at = pilot.submitted_at.value_or(now);
    }
    take(pilot.started_at, seen.started_at);
    take(pilot.ended_at, seen.ended_at);
    take(pilot.expires_at, seen.expires_at);
    take(pilot.exit_code, seen.exit_code);
    pilot.hold_code = seen.hold_code;
    pilot.reason = seen.reason;
    if (!pilot.expires_at && pilot.started_at && row.walltime) {
        pilot.expires_at = *pilot.started_at + *row.walltime;
    }
    if (still_going) {
        pilot.ended_at.reset();
    } else if (!pilot.ended_at) {  // nobody knows since when
        pilot.ended_at = std::min(now, pilot.expires_at.value_or(now));
    }
}

void end(Row& row, PilotState state, std::string_view reason, base::Time now) {
    row.pilot.state = state;
    row.pilot.ended_at = now;
    row.pilot.hold_code.reset();
    row.pilot.reason = reason;
}

// Of those that are missing, how many were asked to end. Slurm, for one, forgets the tasks of an
// array that are cancelled in the queue at once.
std::size_t count_removing(const std::vector<Row>& living, const std::set<std::string>& missing) {
    return static_cast<std::size_t>(std::ranges::count_if(living, [&](const Row& row) {
        return row.pilot.state == PilotState::Removing && missing.contains(row.pilot.id);
    }));
}

void take_note(const batch::Seen& seen, Row& row, base::Time now) {
    // One on hold whose run has not said yet that it is sent will be released, or settled.
    const bool is_on_its_way = row.pilot.state == PilotState::Intended && seen.is_on_first_hold();
    if (!is_on_its_way && !(row.came_late() && !model::has_ended(seen.state))) {
        apply(seen, row, now);
    }
}

void note_absence(Row& row, base::Time now) {
    if (row.pilot.state == PilotState::Removing) {
        end(row, PilotState::Failed, "removed", now);
    } else {
        end(row, PilotState::Lost, "not shown by the batch system any more", now);
    }
}

// A pilot that nobody will let go: it comes late, or the state file that knew it was lost.
void leave_on_hold(const batch::Seen& seen, Row& row) {
    row.pilot.state = PilotState::Held;
    row.pilot.ended_at.reset();
    row.pilot.backend_id = seen.backend_id;
    row.pilot.hold_code = seen.hold_code;
    row.pilot.reason = "was handed over, but never let go; the next tow-submit removes it";
}

model::Gap gap_of(const std::string& system, const std::set<std::string>& entries,
                  const base::Error& error, base::Time now) {
    auto gap = model::make_gap("pilots", system, error, now);
    gap.entries.assign(entries.begin(), entries.end());
    return gap;
}

}  // namespace

Fleet::MakeBackend real_backends(batch::Surroundings surroundings) {
    return [surroundings = std::move(surroundings)](const std::string& system) {
        return batch::make_backend(batch::parse_system(system), surroundings);
    };
}

std::optional<base::Error> blindness(std::span<const model::Gap> gaps, const std::string& entry) {
    const auto gap = std::ranges::find_if(gaps, [&](const model::Gap& one) {
        return one.entries.empty() || std::ranges::find(one.entries, entry) != one.entries.end();
    });
    return gap == gaps.end() ? std::nullopt : std::optional{to_error(*gap)};
}

std::map<std::string, std::set<std::string>> Fleet::entries_by_system() const {
    std::map<std::string, std::set<std::string>> result;
    for (const auto& row : journal_.living()) {
        result[row.backend].insert(row.pilot.entry);
    }
    return result;
}

std::vector<model::Gap> Fleet::recover(base::Time now) {
    std::map<std::string, std::vector<std::string>> intended;
    std::map<std::string, std::vector<Row>> late;
    for (const auto& row : journal_.living()) {
        if (row.pilot.state == PilotState::Intended) {
            intended[row.backend].push_back(row.pilot.id);
        } else if (row.came_late()) {
            late[row.backend].push_back(row);
        }
    }
    std::vector<model::Gap> gaps;
    const auto attempt = [&](const std::string& system, const auto& step) {
        try {
            step();
        } catch (const base::Error& error) {
            gaps.push_back(gap_of(system, entries_by_system()[system], error, now));
        }
    };
    for (const auto& [system, pilots] : intended) {
        attempt(system, [&, &name = system, &ids = pilots] { settle(name, ids, now); });
    }
    for (const auto& [system, rows] : late) {
        attempt(system, [&, &name = system, &mine = rows] {
            if (const auto error = cancel(name, mine)) {
                throw base::Error(*error);
            }
        });
    }
    return gaps;
}

void Fleet::settle(const std::string& system, const std::vector<std::string>& pilots,
                   base::Time now) {
    const base::CriticalSection whole_step;
    std::map<std::string, batch::Seen> existing;
    for (auto& seen : backend(system).settle(pilots)) {
        auto id = seen.pilot;
        existing.emplace(std::move(id), std::move(seen));
    }
    auto transaction = journal_.begin();
    for (const auto& id : pilots) {
        auto row = *journal_.find(id);
        if (const auto seen = existing.find(id); seen != existing.end()) {
            apply(seen->second, row, now);
        } else {
            end(row, PilotState::Failed, "never sent: the run that was to send it ended early",
                now);
        }
        journal_.update(row);
    }
    transaction.commit();
}

std::vector<model::Gap> Fleet::observe(const std::map<std::string, std::string>& entries,
                                       base::Time now) {
    auto systems = entries_by_system();
    for (const auto& [entry, system] : entries) {
        systems[system].insert(entry);
    }
    std::vector<model::Gap> gaps;
    for (const auto& [system, affected] : systems) {
        try {
            observe_system(system, now);
        } catch (const base::Error& error) {
            gaps.push_back(gap_of(system, affected, error, now));
        }
    }
    return gaps;
}

void Fleet::observe_system(const std::string& system, base::Time now) {
    // Taken before the look: what another run hands over during it is not missing from the answer.
    std::set<std::string> missing;
    std::vector<batch::Known> expected;
    for (const auto& row : journal_.living()) {
        if (row.backend == system && row.pilot.state != PilotState::Intended) {
            missing.insert(row.pilot.id);
            expected.push_back(
                {row.pilot.id, row.pilot.backend_id.value_or(""), row.pilot.submitted_at});
        }
    }
    std::map<std::string, batch::Seen> seen;
    for (auto& pilot : backend(system).list(expected)) {
        missing.erase(pilot.pilot);
        auto id = pilot.pilot;
        seen.emplace(std::move(id), std::move(pilot));
    }
    const auto lost = missing.size() - count_removing(journal_.living(), missing);
    if (!accepts_loss_ && lost >= kMany && missing.size() == expected.size()) {
        base::fail(base::Kind::Unavailable,
                   "shows none of {} pilots, nor how they ended; if they are really gone: "
                   "tow-pilots --accept-loss",
                   lost);
    }
    auto transaction = journal_.begin();
    for (auto& row : journal_.living()) {
        const auto before = row;
        if (const auto known = seen.find(row.pilot.id); known != seen.end()) {
            take_note(known->second, row, now);
            seen.erase(known);
        } else if (missing.contains(row.pilot.id)) {
            note_absence(row, now);
        }
        if (row != before) {
            journal_.update(row);
        }
    }
    for (const auto& [id, pilot] : seen) {
        adopt(system, pilot, now);
    }
    transaction.commit();
}

// A pilot with our tag that is not among the living: the state file was lost or is another one, or
// the pilot was given up.
void Fleet::adopt(const std::string& system, const batch::Seen& seen, base::Time now) {
    if (auto row = journal_.find(seen.pilot)) {
        revive(std::move(*row), seen, now);
        return;
    }
    Row row;
    row.pilot.id = seen.pilot;
    row.pilot.entry = seen.entry;
    row.backend = system;
    // Whoever handed it over knows nothing of it any more. Where the batch system is vague about
    // that, a person may have held it.
    if (seen.is_on_first_hold() && !seen.may_be_first_hold) {
        leave_on_hold(seen, row);
    } else {
        apply(seen, row, now);
    }
    journal_.insert(row, now);
}

void Fleet::revive(Row row, const batch::Seen& seen, base::Time now) {
    const bool is_alive = !model::has_ended(seen.state);
    if (is_alive && row.never_sent()) {
        leave_on_hold(seen, row);
    } else if (is_alive || row.pilot.state == PilotState::Lost) {
        apply(seen, row, now);
    } else {
        return;
    }
    journal_.update(row);
}

}  // namespace tow::fleet
