// tow-override: sets policy aside for some entries, for a while, with a reason.
#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/ulid.hpp"
#include "base/utf8.hpp"
#include "cli/tool.hpp"
#include "fleet/overrides.hpp"
#include "fleet/state_file.hpp"
#include "record/json.hpp"
#include "source/entry_yaml.hpp"

#include <algorithm>

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace fleet = tow::fleet;
namespace model = tow::model;
namespace record = tow::record;
namespace source = tow::source;
namespace store = tow::store;

struct Options {
    std::vector<std::string> operands;  // the verb first
    std::optional<std::string> until;
    std::optional<std::string> why;
    std::optional<std::string> author;
    bool all = false;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Act).keeps_state();
    command.summary("caps, disables or prefers entries for a while, with a reason")
        .about(
            "set says what holds for entries instead of what the configuration says, until it "
            "ends by itself. list shows what is in force. lift ends it now.\n"
            "tow-pilots passes overrides on: every pipeline obeys them, and its decisions say so.\n"
            "KEY is state, max_pilots, max_pending, max_held, max_submit, max_remove or tier.")
        .example("tow-override set 'LOCAL_*' max_pilots=10 --until 4h --why 'ticket 1234'",
                 "no more than 10 pilots at some entries")
        .example("tow-override set LOCAL_BIG state=draining --until 1d --why 'disk is full'",
                 "send no more pilots to an entry")
        .example("tow-override list --all -o table", "what is and was in force, why, and by whom")
        .operands(options.operands, "VERB",
                  "set with PATTERN KEY=VALUE.., list, or lift with IDs or PATTERNs; a PATTERN "
                  "is names of entries with * and ?")
        .verbs({"set", "list", "lift"})
        .see_also({"tow-pilots(1)", "tow-plan(1)", "tow-records(5)", "tow(7)"})
        .exit_code(66, "there is nothing in force to lift")
        .emits("override",
               {"override", "entries", "values", "until", "why", "author", "lifted_at"});
    command.option(options.until, "--until", "TIME",
                   "set: when it ends, as a duration from now or a time");
    command.option(options.why, "--why", "TEXT", "set: the reason");
    command.option(options.author, "--author", "NAME",
                   "set, lift: who does it; default: $SUDO_USER, or the user");
    command.option(options.all, "--all", "list: also what has ended, up to 90 days ago");
}

std::string author(const Options& options) {
    return options.author ? *options.author : base::user_name();
}

model::Override parse(const Options& options, base::Time now) {
    if (options.operands.size() < 2) {
        base::fail(base::Kind::Usage, "set: expected PATTERN KEY=VALUE.., got nothing");
    }
    model::Override override;
    override.entries = options.operands[1];
    if (const auto problem = fleet::pattern_problem(override.entries); !problem.empty()) {
        base::fail(base::Kind::Usage, "\"{}\" {}", base::printable(override.entries), problem);
    }
    override.values =
        fleet::override_values({options.operands.begin() + 2, options.operands.end()});
    if (!options.until) {
        base::fail(base::Kind::Usage, "set: no end: say --until, as in --until 4h");
    }
    override.until = base::with_context(
        "--until", [&] { return base::parse_end(base::printable(*options.until), now); });
    override.why = base::trim(options.why.value_or(""));
    if (override.why.empty()) {
        base::fail(base::Kind::Usage, "set: no reason: say --why, as in --why 'ticket 1234'");
    }
    override.author = author(options);
    override.id = base::make_ulid(base::wall_clock_ms(), record::to_json(to_record(override)));
    return override;
}

// A pattern for entries that are yet to come is fine; a misspelt one is not, and must not pass
// unseen. A configuration that cannot be read does not stop an operator in need.
void warn_of_strangers(cli::Context& context, const std::string& pattern) {
    std::vector<std::string> names;
    try {
        for (const auto& entry :
             source::read_entries(source::entry_paths(context.settings()), context.now())) {
            names.push_back(entry.name);
        }
    } catch (const base::Error& error) {
        context.log().warning(fmt::format("the pattern is not checked: {}", error.what()));
        return;
    }
    const auto matches = [&](const auto& name) { return base::matches_pattern(pattern, name); };
    if (std::ranges::none_of(names, matches)) {
        context.log().warning(fmt::format("{}: no configured entry has such a name", pattern));
        if (const auto guess = base::nearest(pattern, names)) {
            context.log().hint(fmt::format("did you mean \"{}\"?", *guess));
        }
    }
}

void write(cli::Context& context, const fleet::KeptOverride& kept) {
    auto line = to_record(kept);
    if (context.dry_run()) {
        line.set("dry_run", true);
    }
    context.out().write(line);
}

void set(cli::Context& context, const Options& options) {
    const auto override = parse(options, context.now());
    warn_of_strangers(context, override.entries);
    if (!context.dry_run()) {
        context.lock("tow-override");
        const auto database =
            fleet::open_state(context.state_directory(), store::Access::ReadWrite);
        fleet::Overrides(database).set(override, context.now());
        fleet::Overrides(database).forget(context.now());
    }
    write(context, {override, {}, {}, {}});
}

void list(cli::Context& context, const Options& options) {
    if (!fleet::state_exists(context.state_directory())) {
        return;
    }
    const auto database = fleet::open_state(context.state_directory(), store::Access::ReadOnly);
    const fleet::Overrides overrides(database);
    for (const auto& kept : options.all ? overrides.all() : overrides.in_force(context.now())) {
        context.out().write(to_record(kept));
    }
}

void lift(cli::Context& context, const Options& options) {
    const std::vector<std::string> names(options.operands.begin() + 1, options.operands.end());
    if (names.empty()) {
        base::fail(base::Kind::Usage, "lift: expected the ID or PATTERN of an override");
    }
    const auto directory = context.state_directory();
    if (!fleet::state_exists(directory)) {
        base::fail(base::Kind::NotFound, "no override is in force");
    }
    if (!context.dry_run()) {
        context.lock("tow-override");
    }
    const auto database = fleet::open_state(
        directory, context.dry_run() ? store::Access::ReadOnly : store::Access::ReadWrite);
    const fleet::Overrides overrides(database);
    const auto now = context.now();
    for (const auto& kept : context.dry_run() ? overrides.named(names, now)
                                              : overrides.lift(names, author(options), now)) {
        write(context, kept);
    }
}

int run(cli::Context& context, const Options& options) {
    const auto verb = options.operands.empty() ? "list" : options.operands.front();
    if (verb != "set" && (options.until || options.why)) {
        base::fail(base::Kind::Usage, "{}: --until and --why are for set", verb);
    }
    if (verb != "list" && options.all) {
        base::fail(base::Kind::Usage, "{}: --all is for list", verb);
    }
    if (verb == "list" && options.operands.size() > 1) {
        base::fail(base::Kind::Usage, "list: takes no operands");
    }
    if (verb == "set") {
        set(context, options);
    } else if (verb == "lift") {
        lift(context, options);
    } else {
        list(context, options);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "override", declare, run);
}
