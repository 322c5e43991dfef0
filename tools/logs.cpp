// tow-logs: what became of the pilots, and what went wrong.
#include "base/error.hpp"
#include "cli/tool.hpp"
#include "logstore/verbs.hpp"

namespace {

namespace base = tow::base;
namespace batch = tow::batch;
namespace cli = tow::cli;
namespace logstore = tow::logstore;
namespace pilotlog = tow::pilotlog;

struct Options {
    std::optional<std::string> store;
    std::string zone;
    logstore::Asked asked;  // operands: the verb first
};

void declare_output(cli::Command& command) {
    command
        .emits("pilot_log", {"pilot", "entry", "backend_id", "outcome", "cause", "actor", "node",
                             "started_at", "wall_seconds", "reason"})
        .emits("pilot_step", {"step", "at", "after_seconds", "outcome", "cause", "reason"})
        .emits("pilot_match", {"pilot", "entry", "outcome", "file", "line", "text"})
        .emits("pilot_summary", {"group", "pilots", "good", "wall_seconds", "core_seconds",
                                 "waste_ratio", "jobs_run", "last_at"})
        .emits("outcome_change", {"entry", "outcome", "pilots", "ratio", "pilots_before",
                                  "ratio_before", "is_change"})
        .emits("check", {"state", "check", "target", "message", "advice"})
        .emits("job_event", {"at", "job", "number", "event", "exit_code", "code", "reason"})
        .emits("pilot_cause", {"cause", "outcome", "severity", "actor", "advice"});
}

void declare_selection(cli::Command& command, logstore::Query& query) {
    const auto now = base::wall_clock();
    command.option(query.entries, "--entry", "NAME,..",
                   "only pilots of these entries; * and ? as in the shell");
    command.option(query.outcomes, "--outcome", "WORD,..",
                   "only pilots that ended so: ok, no_work, killed, ...");
    command.option(query.cause, "--cause", "NAME", "only pilots with this cause; see causes");
    command.option(query.node, "--node", "HOST", "only pilots on this node");
    command.option(query.since, now, "--since", "TIME", "only pilots that ended after this");
    command.option(query.until, now, "--until", "TIME", "only pilots that ended before this");
    command.option(query.most, "--limit", "N", "list, search: the newest N pilots only");
}

void declare_collection(cli::Command& command, logstore::Asked& asked) {
    command
        .option(asked.settle, "--settle", "DURATION",
                "collect: without a word of its end, a pilot is over when its files have not "
                "changed for so long")
        .fallback("1h");
    command.option(asked.keep, "--keep", "DURATION",
                   "collect: forget pilots that ended longer ago");
    command.option(asked.max_size, "--max-size", "SIZE",
                   "collect: forget the oldest until the packs are smaller");
}

void declare(cli::Command& command, Options& options) {
    auto& asked = options.asked;
    command.is_a(cli::Role::Other).keeps_state();
    command.summary("what became of the pilots, and what went wrong")
        .about(
            "read PATH.. says what became of the pilots whose files these are: output of ours and "
            "of GlideinWMS's, event logs, condor_history, job queue logs, sacct, logs of "
            "HTCondor's "
            "daemons. events FILE.. prints the events of event logs. collect [PATH..] stores what "
            "pilots left that are over, also from ssh://host/path; without operands, of our own. "
            "list prints stored pilots again. "
            "show PILOT prints its life, or one of its logs. search REGEX, summary, diff and check "
            "look at what is stored. causes shows what can go wrong, and who should act.")
        .example("tow-logs causes -o table", "what is told apart, and what to do about it")
        .operands(asked.operands, "VERB", "what to do, and with what")
        .verbs({"read", "events", "collect", "list", "show", "search", "summary", "diff", "check",
                "causes"})
        .see_also({"tow-pilots(1)", "tow-records(5)", "tow(7)"})
        .exit_code(1,
                   "collect: some sources failed; search: nothing matches; check: something is "
                   "wrong")
        .exit_code(66, "no such file, pilot or log, or nothing has been collected");
    declare_output(command);
    command.option(options.store, "--store", "DIR",
                   "where logs are kept; default: logs in the state directory");
    command.option(asked.taxonomies, "--taxonomy", "FILE,..", "causes of yours, tried before ours");
    command.option(options.zone, "--zone", "ZONE", "of times in logs that name none: +01:00")
        .fallback("Z");
    declare_selection(command, asked.query);
    command.option(asked.by, "--by", "GROUP", "summary: by what")
        .choices({"entry", "outcome", "cause", "node", "hour", "day"})
        .fallback("entry");
    command.option(asked.log, "--log", "NAME",
                   "show: print this log: out, err, master, startd, starter, ...");
    command.option(asked.follow, "--follow", "events FILE, show FILE: go on as it grows")
        .letter('f');
    declare_collection(command, asked);
    command.option(asked.recent, "--recent", "DURATION",
                   "diff, check: the time that is judged; default: 1d, 6h");
    command.option(asked.before, "--before", "DURATION",
                   "diff, check: the time before it, to compare with; default: 7d");
}

logstore::World world_of(cli::Context& context, const Options& options) {
    logstore::World world;
    world.clock = {context.now(), pilotlog::parse_zone(options.zone)};
    world.state_directory = context.state_directory();
    world.folder = options.store.value_or(world.state_directory + "/logs");
    world.dry_run = context.dry_run();
    world.surroundings = [&] {
        return batch::surroundings_of(context.settings(), context.state_directory(),
                                      [&](const std::string& text) { context.log().debug(text); });
    };
    world.lead_with = [&](std::string_view type) { context.out().lead_with(type); };
    world.write = [&](const auto& record) { context.out().write(record); };
    world.write_text = [&](std::string_view text) { context.out().write_text(text); };
    world.flush = [&] { context.out().flush(); };
    world.warn = [&](const std::string& text) { context.log().warning(text); };
    world.note = [&](const std::string& text) { context.log().note(text); };
    world.note_sources = [&](const auto& results) { context.note_sources(results); };
    return world;
}

int run(cli::Context& context, const Options& options) {
    auto asked = options.asked;
    const auto* verb = asked.operands.empty() ? nullptr : logstore::verb_named(asked.operands[0]);
    if (verb == nullptr || asked.operands.size() <= verb->needs) {
        base::fail(base::Kind::Usage,
                   "expected read PATH.., events FILE.., collect [PATH..], list, show PILOT, "
                   "search REGEX, summary, diff, check or causes");
    }
    asked.operands.erase(asked.operands.begin());
    if (verb->name == "collect" && !context.dry_run()) {
        context.lock("logs");
    }
    return verb->run(asked, world_of(context, options));
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "logs", declare, run);
}
