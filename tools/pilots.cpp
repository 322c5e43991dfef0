// tow-pilots: the pilots on their way; makes the state file agree with the batch systems.
#include "base/error.hpp"
#include "cli/tool.hpp"
#include "fleet/fleet.hpp"
#include "fleet/ledger.hpp"
#include "fleet/memories.hpp"
#include "fleet/overrides.hpp"
#include "source/entry_yaml.hpp"

#include <algorithm>

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
}

std::map<std::string, std::string> backends_of(cli::Context& context, const Options& options) {
    const auto paths =
        options.entries.empty() ? source::entry_paths(context.settings()) : options.entries;
    std::map<std::string, std::string> result;
    for (const auto& entry : source::read_entries(paths, context.now())) {
        result[entry.name] = entry.backend;
    }
    return result;
}

// Asks the batch systems; what cannot be asked is a gap. --dry-run takes the state file as it is.
void look(cli::Context& context, fleet::Journal& journal,
          const std::map<std::string, std::string>& entries) {
    fleet::Fleet fleet(journal, [&](const std::string& name) {
        return batch::make_backend(name, context.state_directory());
    });
    std::vector<std::optional<base::Kind>> results;
    for (const auto& gap : fleet.observe(entries, context.now())) {
        context.out().write(to_record(gap));
        context.log().error(fmt::format("{}: {}", gap.source, gap.message));
        results.emplace_back(base::Kind::Unavailable);
    }
    std::set<std::string> backends;
    for (const auto& [entry, backend] : entries) {
        backends.insert(backend);
    }
    results.resize(std::max(results.size(), backends.size()));
    context.note_sources(results);
}

// What decisions need to know of the past.
void report_history(cli::Context& context, const fleet::Journal& journal,
                    const std::vector<fleet::Row>& living, std::set<std::string> entries) {
    const auto& database = journal.database();
    auto& out = context.out();
    for (const auto& usage : fleet::Ledger(database).usage(living, context.now())) {
        out.write(to_record(usage));
    }
    for (const auto& row : living) {
        entries.insert(row.pilot.entry);
    }
    const fleet::Memories memories(database);
    for (const auto& memory : memories.of(entries)) {
        out.write(memory);
    }
    const fleet::Overrides overrides(database);
    for (const auto& kept : overrides.in_force(context.now())) {
        out.write(to_record(kept));
    }
    if (!context.dry_run()) {
        memories.forget_others(entries, context.now());
        overrides.forget(context.now());
    }
}

void report(cli::Context& context, const fleet::Journal* journal,
            const std::map<std::string, std::string>& entries, base::Time since) {
    std::set<std::string> names;
    for (const auto& [name, backend] : entries) {
        names.insert(name);
    }
    const auto living = journal == nullptr ? std::vector<fleet::Row>{} : journal->living();
    for (const auto& count :
         fleet::count_pilots(living, {names.begin(), names.end()}, context.now())) {
        context.out().write(to_record(count));
    }
    const auto ended = journal == nullptr ? living : journal->ended_since(since);
    for (const auto& rows : {living, ended}) {
        for (const auto& row : rows) {
            context.out().write(to_record(row.pilot, context.now()));
        }
    }
    if (journal != nullptr) {
        report_history(context, *journal, living, std::move(names));
    }
}

int run(cli::Context& context, const Options& options) {
    const auto entries = backends_of(context, options);
    const auto directory = context.state_directory();
    try {
        if (!context.dry_run()) {
            fleet::Journal journal(directory, store::Access::ReadWrite);
            look(context, journal, entries);
            report(context, &journal, entries, *options.since);
        } else if (fleet::Journal::exists(directory)) {
            const fleet::Journal journal(directory, store::Access::ReadOnly);
            report(context, &journal, entries, *options.since);
        } else {
            report(context, nullptr, entries, *options.since);
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
