#include "fleet/fleet.hpp"

#include "base/stop.hpp"
#include "base/ulid.hpp"

#include <algorithm>
#include <tuple>

namespace tow::fleet {

namespace {

using model::PilotState;

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

bool is_removable(const Row& row, model::RemoveWhat what, const std::set<std::string>& idle) {
    using model::RemoveWhat;
    switch (row.pilot.state) {
        case PilotState::Submitted:
            return what >= RemoveWhat::Unsubmitted;
        case PilotState::Pending:
            return what >= RemoveWhat::Pending;
        case PilotState::Running:
            return what == RemoveWhat::All ||
                   (what == RemoveWhat::Idle && idle.contains(row.pilot.id));
        case PilotState::Held:
            return what == RemoveWhat::All;
        default:  // what is intended is for recover() to settle first: it may run already
            return false;
    }
}

// The last digits of the ids of a request are free: room for a million pilots.
constexpr std::size_t kFreeDigits = 4;
constexpr std::uint64_t kMostIds = std::uint64_t{1} << (5 * kFreeDigits);

std::string first_id(const model::Request& request) {
    auto id = base::make_ulid(base::ulid_time_ms(request.id).value_or(0), request.id);
    return id.replace(id.size() - kFreeDigits, kFreeDigits, kFreeDigits, '0');
}

std::int64_t missing_of(const model::Request& request, const std::vector<Row>& rows) {
    return request.submit - static_cast<std::int64_t>(rows.size()) +
           std::ranges::count_if(rows, &Row::never_sent);
}

// Ids for what is missing.
std::vector<std::string> unused_ids(const model::Request& request, const std::vector<Row>& rows) {
    const auto missing = std::max<std::int64_t>(0, missing_of(request, rows));
    auto ids = pilot_ids(request, 0, static_cast<std::int64_t>(rows.size()) + missing);
    std::set<std::string_view> used;
    for (const auto& row : rows) {
        used.insert(row.pilot.id);
    }
    std::erase_if(ids, [&](const std::string& id) { return used.contains(id); });
    ids.resize(static_cast<std::size_t>(missing));
    return ids;
}

}  // namespace

// What a submission needs to know besides the request.
struct Fleet::Plan {
    std::string system;
    model::Entry entry;  // as its credentials allow it
    std::optional<base::Error> obstacle;
};

std::vector<std::string> pilot_ids(const model::Request& request, std::int64_t first,
                                   std::int64_t count) {
    const auto start = first_id(request);
    std::vector<std::string> ids;
    for (auto i = first; i < first + count; ++i) {
        ids.push_back(base::ulid_after(start, static_cast<std::uint64_t>(i)));
    }
    return ids;
}

Fleet::Fleet(Journal& journal, MakeBackend make_backend)
    : journal_(journal), make_backend_(std::move(make_backend)) {}

batch::Backend& Fleet::backend(const std::string& system) {
    auto& backend = backends_[system];
    if (backend == nullptr) {
        backend = make_backend_(system);
    }
    return *backend;
}

std::optional<base::Error> expiry(const model::Request& request, base::Time now) {
    if (!request.valid_until || *request.valid_until >= now) {
        return std::nullopt;
    }
    return base::Error(base::Kind::Data,
                       "the request expired at " + base::format_time(*request.valid_until));
}

model::Entry entry_for(const model::Request& request, const model::Entry& entry) {
    auto result = entry;
    if (request.walltime) {
        result.pilot.walltime =
            std::min(*request.walltime, entry.pilot.walltime.value_or(*request.walltime));
    }
    return result;
}

model::Outcome Fleet::submit(const model::Request& request, const model::Entry& entry,
                             base::Time now) {
    model::Outcome outcome;
    outcome.request = request.id;
    outcome.entry = request.entry;
    outcome.asked = request.submit;
    const auto plan = prepare(request, entry, now);
    outcome.error = plan.obstacle ? plan.obstacle
                                  : send(request, plan, unused_ids(request, rows_of(request)), now);
    for (const auto& row : rows_of(request)) {
        if (row.pilot.submitted_at) {
            ++outcome.done;
            outcome.pilots.push_back(row.pilot.id);
            outcome.backend_ids.push_back(row.pilot.backend_id.value_or(""));
        }
    }
    return outcome;
}

std::vector<Row> Fleet::rows_of(const model::Request& request) const {
    const auto first = first_id(request);
    return journal_.of_request(request.id, first, base::ulid_after(first, kMostIds));
}

// A request that is older than anything in the state file may have been carried out under one that
// was lost: its pilots are adopted, wherever they are in their lives.
void Fleet::recall(const model::Request& request, const std::string& system, base::Time now) {
    const base::Time made_at{
        std::chrono::seconds{base::ulid_time_ms(request.id).value_or(0) / 1000}};
    const auto beginning = journal_.beginning();
    if (beginning && *beginning <= made_at) {
        return;
    }
    // As many again, and some, for those that were given up then: their ids are never used again.
    constexpr std::int64_t kSome = 20;
    const auto ids = pilot_ids(request, 0, 2 * request.submit + kSome);
    const auto end = base::ulid_after(ids.front(), kMostIds);
    std::vector<batch::Known> expected;
    std::ranges::transform(ids, std::back_inserter(expected), [](const std::string& id) {
        return batch::Known{id, "", {}};
    });
    const auto existing = backend(system).list(expected);
    auto transaction = journal_.begin();
    for (const auto& seen : existing) {
        if (ids.front() <= seen.pilot && seen.pilot < end) {
            adopt(system, seen, now);
        }
    }
    transaction.commit();
}

// Also why the request cannot be carried out, as far as that is known before anything is done.
Fleet::Plan Fleet::prepare(const model::Request& request, const model::Entry& entry,
                           base::Time now) {
    Plan plan{{}, entry_for(request, entry), {}};
    const auto missing = missing_of(request, rows_of(request));
    plan.obstacle = missing > 0 ? expiry(request, now) : std::nullopt;
    if (plan.obstacle) {
        return plan;
    }
    try {
        plan.system = batch::to_text(batch::system_of(entry));
        backend(plan.system).check(plan.entry);
        if (missing > 0) {
            plan.obstacle = Pauses(journal_.database()).of(plan.system, now);
        }
        if (missing > 0 && !plan.obstacle) {
            recall(request, plan.system, now);
            plan.entry = backend(plan.system).fit(plan.entry, now);
        }
    } catch (const base::Error& error) {
        plan.obstacle = error;
    }
    return plan;
}

// Journal, hand over, journal; batch by batch, until something fails or a stop is requested.
std::optional<base::Error> Fleet::send(const model::Request& request, const Plan& plan,
                                       const std::vector<std::string>& pilots, base::Time now) {
    auto& batch_system = backend(plan.system);
    const auto most = batch_system.most_at_once(plan.entry);
    std::span<const std::string> left = pilots;
    while (!left.empty()) {
        const auto ids = left.first(pace_.share(std::min(left.size(), most)));
        pace_.wait(plan.system, ids.size());
        if (base::stop_requested()) {
            break;
        }
        const base::CriticalSection whole_step;
        intend(request, plan, ids, now);
        std::vector<batch::Fate> fates;
        try {
            fates = batch_system.submit(plan.entry, ids);
        } catch (const base::Error& error) {  // the fate of all of them is unknown
            return error;
        }
        record(fates, now);
        const auto failed = std::ranges::find_if(
            fates, [](const batch::Fate& fate) { return fate.error.has_value(); });
        Pauses pauses(journal_.database());
        if (failed == fates.end()) {
            pauses.end(plan.system);
        } else {
            if (failed->error->kind() == base::Kind::Busy) {
                pauses.begin(plan.system, *failed->error, now);
            }
            return failed->error;
        }
        left = left.subspan(ids.size());
    }
    return std::nullopt;
}

void Fleet::intend(const model::Request& request, const Plan& plan,
                   std::span<const std::string> ids, base::Time now) {
    auto transaction = journal_.begin();
    for (const auto& id : ids) {
        Row row;
        row.pilot.id = id;
        row.pilot.entry = plan.entry.name;
        row.pilot.group = request.group;
        row.pilot.request = request.id;
        row.backend = plan.system;
        set_cost(plan.entry, row);
        journal_.insert(row, now);
    }
    transaction.commit();
}

// Unknown fates stay Intended: the next recover() settles them.
void Fleet::record(const std::vector<batch::Fate>& fates, base::Time now) {
    auto transaction = journal_.begin();
    for (const auto& fate : fates) {
        auto row = *journal_.find(fate.pilot);
        if (fate.kind == batch::Fate::Kind::Done) {
            // Unless a look has told more of it meanwhile.
            if (row.pilot.state == PilotState::Intended ||
                row.pilot.state == PilotState::Removing) {
                row.pilot.state = PilotState::Submitted;
            }
            row.pilot.submitted_at = row.pilot.submitted_at.value_or(now);
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
        if (ours && is_removable(row, request.what, idle_)) {
            rows.push_back(std::move(row));
        }
    }
    std::ranges::reverse(rows);  // the newest first, within a state
    std::ranges::stable_sort(rows, {}, [this](const Row& row) {
        const bool is_at_work = row.pilot.state == PilotState::Running;
        return std::tuple{is_at_work, row.pilot.state, !idle_.contains(row.pilot.id)};
    });
    return rows;
}

model::Outcome Fleet::remove(const model::Request& request) {
    auto rows = removable(request);
    // First those that a run was removing for this request when it died.
    std::stable_partition(rows.begin(), rows.end(),
                          [&](const Row& row) { return row.removal == request.id; });
    // Those that it could not take now, because they run by now, may go all the same.
    const auto asked_before = std::ranges::count_if(journal_.living(), [&](const Row& row) {
        return row.removal == request.id && row.pilot.state != PilotState::Removing &&
               !is_removable(row, request.what, idle_);
    });
    const auto left = std::max<std::int64_t>(
        0, request.remove - journal_.count_removed_by(request.id) - asked_before);
    rows.resize(std::min(rows.size(), static_cast<std::size_t>(left)));
    return remove_pilots(request, rows);
}

model::Outcome Fleet::remove_pilots(const model::Request& request, std::span<const Row> rows) {
    model::Outcome outcome;
    outcome.request = request.id;
    outcome.entry = request.entry;
    outcome.asked = request.remove;
    std::map<std::string, std::vector<Row>> by_system;
    for (const auto& row : rows) {
        by_system[row.backend].push_back(row);
        by_system[row.backend].back().removal = request.id;
    }
    for (const auto& [system, mine] : by_system) {
        try {
            const base::CriticalSection whole_step;
            auto error = cancel(system, mine);
            outcome.error = error ? error : outcome.error;
        } catch (const base::Error& error) {
            outcome.error = error;
        }
    }
    for (const auto& row : rows) {
        if (journal_.find(row.pilot.id)->pilot.state == PilotState::Removing) {
            outcome.pilots.push_back(row.pilot.id);
        }
    }
    outcome.done = journal_.count_removed_by(request.id);
    return outcome;
}

namespace {

std::vector<batch::Known> known(std::span<const Row> rows) {
    std::vector<batch::Known> result;
    std::ranges::transform(rows, std::back_inserter(result), [](const Row& row) {
        return batch::Known{row.pilot.id, row.pilot.backend_id.value_or(""),
                            row.pilot.submitted_at};
    });
    return result;
}

}  // namespace

// Journal for whom, cancel, journal. One whose fate is unknown stays as it is, marked: the same
// request takes it up again, another one does not count it.
std::optional<base::Error> Fleet::cancel(const std::string& system, std::span<const Row> rows) {
    auto intent = journal_.begin();
    for (const auto& chosen : rows) {  // what a look has told of it meanwhile stays
        auto row = *journal_.find(chosen.pilot.id);
        row.removal = chosen.removal;
        journal_.update(row);
    }
    intent.commit();
    const auto fates = backend(system).cancel(known(rows));
    std::optional<base::Error> error;
    auto transaction = journal_.begin();
    for (const auto& fate : fates) {
        auto row = *journal_.find(fate.pilot);
        error = fate.error ? fate.error : error;
        if (fate.kind == batch::Fate::Kind::Done) {
            const bool has_ended = model::has_ended(row.pilot.state);
            row.pilot.state = has_ended ? row.pilot.state : PilotState::Removing;
        } else if (fate.kind == batch::Fate::Kind::Refused) {
            row.removal.reset();
        }
        journal_.update(row);
    }
    transaction.commit();
    return error;
}

Fleet::Released Fleet::release(std::span<const Row> rows, base::Time now) {
    std::map<std::string, std::vector<Row>> by_system;
    auto transaction = journal_.begin();
    for (const auto& chosen : rows) {
        auto row = *journal_.find(chosen.pilot.id);
        if (row.never_sent()) {  // it was replaced
            continue;
        }
        ++row.releases;
        row.released_at = now;
        journal_.update(row);
        by_system[row.backend].push_back(std::move(row));
    }
    transaction.commit();
    Released result;
    for (const auto& [system, mine] : by_system) {
        try {
            for (const auto& fate : backend(system).release(known(mine))) {
                if (fate.error) {
                    result.error = fate.error;
                } else {
                    result.pilots.push_back(fate.pilot);
                }
            }
        } catch (const base::Error& error) {
            result.error = error;
        }
    }
    return result;
}

}  // namespace tow::fleet
