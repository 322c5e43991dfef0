// tow-pilots: the pilots on their way; makes the state file agree with the batch systems.
#include "base/error.hpp"
#include "cli/tool.hpp"
#include "fleet/counts.hpp"
#include "fleet/fleet.hpp"
#include "fleet/history.hpp"
#include "source/entry_yaml.hpp"
#include "source/slots.hpp"

#include <algorithm>
#include <iterator>

namespace {

namespace base = tow::base;
namespace batch = tow::batch;
namespace cli = tow::cli;
namespace fleet = tow::fleet;
namespace model = tow::model;
namespace source = tow::source;
namespace store = tow::store;

struct Options {
    std::vector<std::string> entries;
    std::optional<base::Time> since;
    bool accept_loss = false;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Query).keeps_state();
    command.summary("the pilots on their way, per entry and one by one")
        .about(
            "Asks the batch systems for the pilots that this host sent, brings the state file up "
            "to date, and prints a pilot_count record per entry and a pilot record for each pilot "
            "that lives or ended lately. A batch system that cannot be asked becomes a gap "
            "record, never zero pilots.\n"
            "What decisions need to know of the past comes with it: what pilots used (usage), "
            "what the last decision left (memory), and overrides in force.")
        .example("tow-pilots", "count pilots per entry")
        .example("tow-pilots --only pilot -o table", "look at each pilot")
        .operands(options.entries, "FILE",
                  "entries whose pilots are counted even if there are none; default: those of the "
                  "configuration")
        .see_also({"tow-override(1)", "tow-submit(1)", "tow-plan(1)", "tow-records(5)", "tow(7)"})
        .exit_code(69, "no batch system could be asked")
        .exit_code(73, "the state file cannot be created")
        .emits("pilot_count", {"entry", "pending", "running", "held", "removing",
                               "oldest_pending_seconds", "newest_start_at"})
        .emits("pilot", {"pilot", "entry", "state", "backend_id", "submitted_at", "started_at",
                         "ended_at", "exit_code", "reason"})
        .emits("usage", {"entry", "committed.pilots", "committed.core_seconds", "committed.cost",
                         "currency"})
        .emits("memory", {"entry", "plan", "pending", "running", "surplus", "is_full", "breaker"})
        .emits("override", {"entries", "values", "until", "why", "author"});
    command
        .option(options.since, base::wall_clock(), "--since", "TIME",
                "show pilots that ended after this")
        .fallback("-1h");
    command.option(options.accept_loss, "--accept-loss",
                   "believe a batch system that shows not one of many pilots: they are lost");
}

struct World {
    std::map<std::string, std::string> entries;  // and their batch systems
    std::vector<model::Gap> gaps;
    std::optional<std::vector<model::Slot>> slots;
};

World read_entries(cli::Context& context, const Options& options) {
    const auto paths =
        options.entries.empty() ? source::entry_paths(context.settings()) : options.entries;
    World world;
    for (const auto& entry : source::read_entries(paths, context.now())) {
        try {
            world.entries[entry.name] = batch::to_text(batch::system_of(entry));
        } catch (const base::Error& error) {
            auto gap = model::make_gap("pilots", entry.backend, error, context.now());
            gap.entries = {entry.name};
            world.gaps.push_back(std::move(gap));
        }
    }
    return world;
}

// Asks the batch systems; what cannot be asked is a gap. --dry-run takes the state file as it is.
void look(cli::Context& context, fleet::Journal& journal, const Options& options, World& world) {
    fleet::Fleet fleet(journal, fleet::real_backends(batch::surroundings_of(
                                    context.settings(), context.state_directory(),
                                    [&](const std::string& text) { context.log().debug(text); })));
    if (options.accept_loss) {
        fleet.accept_loss();
    }
    std::set<std::string> systems;
    for (const auto& [entry, system] : world.entries) {
        systems.insert(system);
    }
    const auto asked = systems.size() + world.gaps.size();
    std::ranges::move(fleet.observe(world.entries, context.now()), std::back_inserter(world.gaps));
    std::vector<std::optional<base::Kind>> results;
    for (const auto& gap : world.gaps) {
        context.out().write(to_record(gap));
        context.log().error(to_error(gap));
        results.push_back(base::kind_named(gap.error_kind));
    }
    results.resize(std::max(results.size(), asked));
    context.note_sources(results);
}

// The slots of all pools; nothing if there is no pool to ask, or one of them cannot be asked: what
// is idle is not known then.
std::optional<std::vector<model::Slot>> look_into_pools(cli::Context& context) {
    const auto pools = context.settings().texts("pilots.pools");
    auto view = source::query_pools(
        pools, [&](const std::string& command) { context.log().debug(command); });
    for (const auto& [pool, error] : view.failures) {
        const auto gap = model::make_gap("slots", pool, error, context.now());
        context.out().write(to_record(gap));
        context.log().error(to_error(gap));
        context.note_partial();
    }
    return pools.empty() || !view.is_whole() ? std::nullopt : std::optional{std::move(view.slots)};
}

void report(cli::Context& context, const fleet::Journal* journal, const World& world,
            base::Time since) {
    std::vector<std::string> names;
    for (const auto& [name, system] : world.entries) {
        names.push_back(name);
    }
    const auto living = journal == nullptr ? std::vector<fleet::Row>{} : journal->living();
    const auto* slots = world.slots ? &*world.slots : nullptr;
    for (const auto& count : fleet::count_pilots(living, names, slots, context.now())) {
        context.out().write(to_record(count));
    }
    const auto ended = journal == nullptr ? living : journal->ended_since(since);
    for (const auto& rows : {living, ended}) {
        for (const auto& row : rows) {
            context.out().write(to_record(row.pilot, context.now()));
        }
    }
    if (journal != nullptr) {
        const auto& database = journal->database();
        for (const auto& record : fleet::history(database, living, names, context.now())) {
            context.out().write(record);
        }
        if (!context.dry_run()) {
            fleet::forget(database, living, names, context.now());
        }
    }
}

int run(cli::Context& context, const Options& options) {
    auto world = read_entries(context, options);
    const auto directory = context.state_directory();
    try {
        if (!context.dry_run()) {
            fleet::Journal journal(directory, store::Access::ReadWrite);
            look(context, journal, options, world);
            world.slots = look_into_pools(context);
            report(context, &journal, world, *options.since);
        } else if (fleet::Journal::exists(directory)) {
            const fleet::Journal journal(directory, store::Access::ReadOnly);
            report(context, &journal, world, *options.since);
        } else {
            report(context, nullptr, world, *options.since);
        }
    } catch (const base::Error& error) {  // whoever decides must know that nobody has looked
        const auto gap = model::make_gap("pilots", "state", error, context.now());
        context.out().write(to_record(gap));
        throw;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "pilots", declare, run);
}
