// tow-held: releases, removes or leaves held pilots, by the code of their hold.
#include "fleet/held.hpp"

#include "base/error.hpp"
#include "base/ulid.hpp"
#include "cli/tool.hpp"
#include "fleet/fleet.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace {

namespace base = tow::base;
namespace batch = tow::batch;
namespace cli = tow::cli;
namespace fleet = tow::fleet;
namespace model = tow::model;
namespace record = tow::record;
namespace store = tow::store;

struct Options {
    std::optional<std::string> entry;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Act).keeps_state();
    command.summary("releases, removes or leaves held pilots, by the code of their hold")
        .about(
            "Asks the batch systems for the pilots that this host sent, and settles those that are "
            "held: the settings held.release and held.remove name hold codes. Others are left as "
            "they are, for a person to look at. One run releases and removes no more than "
            "held.max_release and held.max_remove; a pilot is released at most ten times, and "
            "not twice within five minutes.\n"
            "Pilots of a batch system that cannot be asked are left alone.")
        .example("tow-held --dry-run -o table", "see which pilots are held, and what would be done")
        .see_also({"tow-pilots(1)", "tow-remove(1)", "tow-config(5)", "tow-records(5)", "tow(7)"})
        .exit_code(69, "no batch system could be asked")
        .emits("held", {"pilot", "entry", "action", "why", "reason", "error.message"});
    command.option(options.entry, "--entry", "NAME", "only pilots of this entry");
}

std::set<std::int64_t> codes(cli::Context& context, std::string_view setting) {
    std::set<std::int64_t> result;
    for (const auto& text : context.settings().texts(setting)) {
        std::int64_t code = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
        if (error != std::errc{} || end != text.data() + text.size()) {
            base::fail(base::Kind::Config, "{}: \"{}\" is no hold code", setting, text);
        }
        result.insert(code);
    }
    return result;
}

fleet::HeldPolicy policy(cli::Context& context) {
    const auto number = [&](std::string_view setting) {
        return static_cast<std::size_t>(context.settings().value(setting).integer().value_or(0));
    };
    return {codes(context, "held.release"), codes(context, "held.remove"),
            number("held.max_release"), number("held.max_remove")};
}

// Brings the journal up to date; returns the entries whose pilots could not be seen.
std::set<std::string> look(cli::Context& context, fleet::Fleet& fleet,
                           const fleet::Journal& journal) {
    std::set<std::string> unseen;
    std::set<std::string> systems;
    for (const auto& row : journal.living()) {
        systems.insert(row.backend);
    }
    std::vector<std::optional<base::Kind>> results;
    for (const auto& gap : fleet.observe({}, context.now())) {
        context.log().error(to_error(gap));
        unseen.insert(gap.entries.begin(), gap.entries.end());
        results.push_back(base::kind_named(gap.error_kind));
    }
    results.resize(std::max(results.size(), systems.size()));
    context.note_sources(results);
    return unseen;
}

// Null if it was done.
using Errors = std::map<std::string, std::optional<base::Error>>;

Errors carry_out(cli::Context& context, fleet::Fleet& fleet,
                 const std::vector<fleet::Settled>& settled) {
    std::vector<fleet::Row> release;
    std::map<std::string, std::vector<fleet::Row>> remove;  // by entry
    for (const auto& one : settled) {
        if (one.action == fleet::HeldAction::Release) {
            release.push_back(one.row);
        } else if (one.action == fleet::HeldAction::Remove) {
            remove[one.row.pilot.entry].push_back(one.row);
        }
    }
    Errors errors;
    const auto note = [&](const std::vector<fleet::Row>& rows, const std::vector<std::string>& done,
                          const std::optional<base::Error>& error) {
        for (const auto& row : rows) {
            const bool is_done = std::ranges::find(done, row.pilot.id) != done.end();
            errors[row.pilot.id] = is_done ? std::nullopt : error;
        }
    };
    const auto released = fleet.release(release, context.now());
    note(release, released.pilots, released.error);
    for (const auto& [entry, rows] : remove) {
        model::Request request;
        request.id = base::make_ulid(base::wall_clock_ms(), "tow-held " + entry);
        request.entry = entry;
        request.remove = static_cast<std::int64_t>(rows.size());
        const auto outcome = fleet.remove_pilots(request, rows);
        note(rows, outcome.pilots, outcome.error);
    }
    return errors;
}

void report(cli::Context& context, const std::vector<fleet::Settled>& settled,
            const Errors& errors) {
    for (const auto& one : settled) {
        auto record = record::new_record("held");
        record.set("pilot", one.row.pilot.id);
        record.set("entry", one.row.pilot.entry);
        record.set("action", fleet::action_name(one.action));
        record.set("why", one.why);
        record.set_known("hold_code", one.row.pilot.hold_code);
        record.set_known("reason", one.row.pilot.reason);
        const auto error = errors.find(one.row.pilot.id);
        if (error != errors.end() && error->second) {
            record.set("error", model::to_object(*error->second));
            context.log().error(fmt::format("{}: {}", one.row.pilot.id, error->second->what()));
            context.note_partial();
        }
        if (context.dry_run()) {
            record.set("dry_run", true);
        }
        context.out().write(record);
    }
}

int run(cli::Context& context, const Options& options) {
    const auto directory = context.state_directory();
    const auto rules = policy(context);
    if (!fleet::Journal::exists(directory)) {  // nothing was ever sent
        return 0;
    }
    if (!context.dry_run()) {
        context.lock("tow-held");
    }
    fleet::Journal journal(directory,
                           context.dry_run() ? store::Access::ReadOnly : store::Access::ReadWrite);
    fleet::Fleet fleet(journal, fleet::real_backends(batch::surroundings_of(
                                    context.settings(), directory,
                                    [&](const std::string& text) { context.log().debug(text); })));
    const auto unseen = context.dry_run() ? std::set<std::string>{} : look(context, fleet, journal);
    auto living = journal.living();
    std::erase_if(living, [&](const fleet::Row& row) {
        const auto& entry = row.pilot.entry;
        return unseen.contains(entry) || (options.entry && entry != *options.entry);
    });
    const auto settled = fleet::settle_held(living, rules, context.now());
    report(context, settled, context.dry_run() ? Errors{} : carry_out(context, fleet, settled));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "held", declare, run);
}
