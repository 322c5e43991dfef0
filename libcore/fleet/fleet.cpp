#include "fleet/fleet.hpp"

#include "base/stop.hpp"
#include "base/ulid.hpp"

#include <algorithm>

namespace tow::fleet {

namespace {

using model::PilotState;

// Pilots handed over between two commits: what a stop request has to wait for.
constexpr std::size_t kBatch = 50;

void apply(const batch::Seen& seen, Row& row, base::Time now) {
    auto& pilot = row.pilot;
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
    take(pilot.submitted_at, seen.submitted_at);
    take(pilot.started_at, seen.started_at);
    take(pilot.ended_at, seen.ended_at);
    take(pilot.expires_at, seen.expires_at);
    take(pilot.exit_code, seen.exit_code);
    take(pilot.reason, seen.reason);
    if (!pilot.expires_at && pilot.started_at && row.walltime) {
        pilot.expires_at = *pilot.started_at + *row.walltime;
    }
    if (!still_going && !pilot.ended_at) {  // nobody knows since when
        pilot.ended_at = std::min(now, pilot.expires_at.value_or(now));
    }
}

// What the pilots of an entry cost, for the ledger.
void set_cost(const model::Entry& entry, Row& row) {
    constexpr std::int64_t kMostCores = 10'000'000;  // sums of more could overflow
    const auto nodes = std::clamp<std::int64_t>(entry.nodes, 0, kMostCores);
    const auto cpus = std::clamp<std::int64_t>(entry.pilot.cpus, 0, kMostCores);
    row.cores = std::min(cpus * nodes, kMostCores);
    if (entry.cost) {
        row.cost_per_core_hour = entry.cost->per_core_hour;
        row.currency = entry.cost->currency;
    }
    row.walltime = entry.pilot.walltime;
}

model::Gap gap_of(const std::string& backend, const std::set<std::string>& entries,
                  const base::Error& error, base::Time now) {
    auto gap = model::make_gap("pilots", backend, error, now);
    gap.entries.assign(entries.begin(), entries.end());
    return gap;
}

bool is_removable(PilotState state, model::RemoveWhat what) {
    using model::RemoveWhat;
    switch (state) {
        case PilotState::Intended:
        case PilotState::Submitted:
            return what >= RemoveWhat::Unsubmitted;
        case PilotState::Pending:
            return what >= RemoveWhat::Pending;
        case PilotState::Held:
        case PilotState::Running:
            return what == RemoveWhat::All;
        default:
            return false;
    }
}

}  // namespace

std::vector<std::string> pilot_ids(const model::Request& request, std::int64_t first,
                                   std::int64_t count) {
    const auto time = base::ulid_time_ms(request.id).value_or(0);
    std::vector<std::string> ids;
    for (auto i = first; i < first + count; ++i) {
        ids.push_back(base::make_ulid(time, fmt::format("{}/{}", request.id, i)));
    }
    return ids;
}

Fleet::Fleet(Journal& journal, MakeBackend make_backend)
    : journal_(journal), make_backend_(std::move(make_backend)) {}

batch::Backend& Fleet::backend(const std::string& name) {
    auto& backend = backends_[name];
    if (backend == nullptr) {
        backend = make_backend_(name);
    }
    return *backend;
}

std::map<std::string, std::set<std::string>> Fleet::entries_by_backend() const {
    std::map<std::string, std::set<std::string>> result;
    for (const auto& row : journal_.living()) {
        result[row.backend].insert(row.pilot.entry);
    }
    return result;
}

std::vector<model::Gap> Fleet::recover(base::Time now) {
    std::map<std::string, std::vector<std::string>> intended;
    for (const auto& row : journal_.living()) {
        if (row.pilot.state == PilotState::Intended) {
            intended[row.backend].push_back(row.pilot.id);
        }
    }
    std::vector<model::Gap> gaps;
    for (const auto& [name, pilots] : intended) {
        try {
            const auto existing = backend(name).settle(pilots);
            auto transaction = journal_.begin();
            for (const auto& id : pilots) {
                auto row = *journal_.find(id);
                const auto seen = std::ranges::find(existing, id, &batch::Seen::pilot);
                if (seen != existing.end()) {
                    row.pilot.submitted_at = now;
                    apply(*seen, row, now);
                } else {
                    row.pilot.state = PilotState::Failed;
                    row.pilot.ended_at = now;
                    row.pilot.reason = "never sent: the run that was to send it ended early";
                }
                journal_.update(row);
            }
            transaction.commit();
        } catch (const base::Error& error) {
            gaps.push_back(gap_of(name, entries_by_backend()[name], error, now));
        }
    }
    return gaps;
}

model::Entry entry_for(const model::Request& request, const model::Entry& entry) {
    auto result = entry;
    if (request.walltime) {
        result.pilot.walltime =
            std::min(*request.walltime, entry.pilot.walltime.value_or(*request.walltime));
    }
    return result;
}

model::Outcome Fleet::submit(const model::Request& request, const model::Entry& full_entry,
                             base::Time now) {
    const auto entry = entry_for(request, full_entry);
    model::Outcome outcome;
    outcome.request = request.id;
    outcome.entry = request.entry;
    outcome.asked = request.submit;
    const auto rows = journal_.of_request(request.id);
    const auto known = static_cast<std::int64_t>(rows.size());
    const auto missing = request.submit - known + std::ranges::count_if(rows, &Row::never_sent);
    outcome.error = obstacle(request, entry, missing, now);
    if (!outcome.error) {
        outcome.error = send(request, entry, pilot_ids(request, known, missing), now);
    }
    for (const auto& row : journal_.of_request(request.id)) {
        if (row.pilot.submitted_at) {
            ++outcome.done;
            outcome.pilots.push_back(row.pilot.id);
            outcome.backend_ids.push_back(row.pilot.backend_id.value_or(""));
        }
    }
    return outcome;
}

// Why the request cannot be carried out, known before anything is done.
std::optional<base::Error> Fleet::obstacle(const model::Request& request, const model::Entry& entry,
                                           std::int64_t missing, base::Time now) {
    if (missing > 0 && request.valid_until && *request.valid_until < now) {
        return base::Error(base::Kind::Data, fmt::format("the request expired at {}",
                                                         base::format_time(*request.valid_until)));
    }
    try {
        backend(entry.backend).check(entry);
    } catch (const base::Error& error) {
        return error;
    }
    return std::nullopt;
}

// Journal, hand over, journal; batch by batch, until something fails or a stop is requested.
std::optional<base::Error> Fleet::send(const model::Request& request, const model::Entry& entry,
                                       const std::vector<std::string>& pilots, base::Time now) {
    std::span<const std::string> left = pilots;
    while (!left.empty() && !base::stop_requested()) {
        const base::CriticalSection whole_step;
        const auto ids = left.first(std::min(left.size(), kBatch));
        auto transaction = journal_.begin();
        for (const auto& id : ids) {
            Row row;
            row.pilot.id = id;
            row.pilot.entry = entry.name;
            row.pilot.group = request.group;
            row.pilot.request = request.id;
            row.backend = entry.backend;
            set_cost(entry, row);
            journal_.insert(row, now);
        }
        transaction.commit();
        std::vector<batch::Fate> fates;
        try {
            fates = backend(entry.backend).submit(entry, ids);
        } catch (const base::Error& error) {  // the fate of all of them is unknown
            return error;
        }
        record(fates, now);
        for (const auto& fate : fates) {
            if (fate.error) {
                return fate.error;
            }
        }
        left = left.subspan(ids.size());
    }
    return std::nullopt;
}

// Unknown fates stay Intended: the next recover() settles them.
void Fleet::record(const std::vector<batch::Fate>& fates, base::Time now) {
    auto transaction = journal_.begin();
    for (const auto& fate : fates) {
        auto row = *journal_.find(fate.pilot);
        if (fate.kind == batch::Fate::Kind::Done) {
            row.pilot.state = PilotState::Submitted;
            row.pilot.submitted_at = now;
            row.pilot.backend_id = fate.backend_id;
        } else if (fate.kind == batch::Fate::Kind::Refused) {
            row.pilot.state = PilotState::Failed;
            row.pilot.ended_at = now;
            row.pilot.reason = fate.error->what();
        }
        journal_.update(row);
    }
    transaction.commit();
}

std::vector<Row> Fleet::removable(const model::Request& request) const {
    std::vector<Row> rows;
    for (auto& row : journal_.living()) {
        const bool ours = row.pilot.entry == request.entry &&
                          (!request.group || row.pilot.group == request.group);
        if (ours && is_removable(row.pilot.state, request.what)) {
            rows.push_back(std::move(row));
        }
    }
    std::ranges::reverse(rows);  // the newest first, within a state
    std::ranges::stable_sort(rows, {}, [](const Row& row) { return row.pilot.state; });
    return rows;
}

model::Outcome Fleet::remove(const model::Request& request) {
    auto rows = removable(request);
    const auto done = journal_.count_removed_by(request.id);
    const auto left = std::max<std::int64_t>(0, request.remove - done);
    rows.resize(std::min(rows.size(), static_cast<std::size_t>(left)));
    return remove_pilots(request, rows);
}

model::Outcome Fleet::remove_pilots(const model::Request& request, std::span<const Row> rows) {
    model::Outcome outcome;
    outcome.request = request.id;
    outcome.entry = request.entry;
    outcome.asked = request.remove;
    outcome.done = journal_.count_removed_by(request.id);
    std::map<std::string, std::vector<std::string>> by_backend;
    for (const auto& row : rows) {
        by_backend[row.backend].push_back(row.pilot.id);
    }
    for (const auto& [name, pilots] : by_backend) {
        try {
            const base::CriticalSection whole_step;
            for (const auto& fate : backend(name).cancel(pilots)) {
                if (fate.error) {
                    outcome.error = fate.error;
                    continue;
                }
                auto row = *journal_.find(fate.pilot);
                row.pilot.state = PilotState::Removing;
                row.removal = request.id;
                journal_.update(row);
                ++outcome.done;
                outcome.pilots.push_back(fate.pilot);
            }
        } catch (const base::Error& error) {
            outcome.error = error;
        }
    }
    return outcome;
}

std::vector<model::Gap> Fleet::observe(const std::map<std::string, std::string>& entries,
                                       base::Time now) {
    auto backends = entries_by_backend();
    for (const auto& [entry, name] : entries) {
        backends[name].insert(entry);
    }
    std::vector<model::Gap> gaps;
    for (const auto& [name, affected] : backends) {
        try {
            observe_backend(name, now);
        } catch (const base::Error& error) {
            gaps.push_back(gap_of(name, affected, error, now));
        }
    }
    return gaps;
}

void Fleet::observe_backend(const std::string& name, base::Time now) {
    // Taken before the look: what another run hands over during it is not missing from the answer.
    std::set<std::string> expected;
    for (const auto& row : journal_.living()) {
        if (row.backend == name && row.pilot.state != PilotState::Intended) {
            expected.insert(row.pilot.id);
        }
    }
    std::map<std::string, batch::Seen> seen;
    for (auto& pilot : backend(name).list()) {
        auto id = pilot.pilot;
        seen.emplace(std::move(id), std::move(pilot));
    }
    auto transaction = journal_.begin();
    for (auto& row : journal_.living()) {
        const auto known = seen.find(row.pilot.id);
        if (known != seen.end()) {
            apply(known->second, row, now);
            journal_.update(row);
        } else if (expected.contains(row.pilot.id)) {
            row.pilot.state = PilotState::Lost;
            row.pilot.ended_at = now;
            row.pilot.reason = "not shown by the batch system any more";
            journal_.update(row);
        }
    }
    for (const auto& [id, pilot] : seen) {
        adopt(name, pilot, now);
    }
    transaction.commit();
}

// A pilot with our tag that the journal does not know: the state file was lost, or is another one.
void Fleet::adopt(const std::string& backend_name, const batch::Seen& seen, base::Time now) {
    if (journal_.find(seen.pilot)) {
        return;
    }
    Row row;
    row.pilot.id = seen.pilot;
    row.pilot.entry = seen.entry;
    row.pilot.submitted_at = now;
    row.backend = backend_name;
    apply(seen, row, now);
    journal_.insert(row, now);
}

namespace {

void count(const model::Pilot& pilot, base::Time now, model::PilotCount& count) {
    switch (pilot.state) {
        case PilotState::Intended:
        case PilotState::Submitted:
        case PilotState::Pending:
            ++count.pending;
            if (pilot.submitted_at) {
                const auto age = now - *pilot.submitted_at;
                count.oldest_pending = std::max(count.oldest_pending.value_or(age), age);
            }
            break;
        case PilotState::Running:
            ++count.running;
            if (pilot.started_at) {
                const auto start = *pilot.started_at;
                count.newest_start_at = std::max(count.newest_start_at.value_or(start), start);
            }
            break;
        case PilotState::Held:
            ++count.held;
            break;
        case PilotState::Removing:
            ++count.removing;
            break;
        default:
            break;
    }
}

}  // namespace

std::vector<model::PilotCount> count_pilots(const std::vector<Row>& living,
                                            const std::vector<std::string>& entries,
                                            base::Time now) {
    using Key = std::pair<std::string, std::optional<std::string>>;
    std::map<Key, model::PilotCount> counts;
    for (const auto& entry : entries) {
        counts[{entry, std::nullopt}];
    }
    for (const auto& row : living) {
        count(row.pilot, now, counts[{row.pilot.entry, row.pilot.group}]);
    }
    std::vector<model::PilotCount> result;
    for (auto& [key, value] : counts) {
        value.entry = key.first;
        value.group = key.second;
        value.observed_at = now;
        result.push_back(std::move(value));
    }
    return result;
}

}  // namespace tow::fleet
