// tow-run: runs a pipeline for cron and systemd: one at a time, within a deadline, silent unless it
// fails.
#include "pipeline/run.hpp"

#include "base/error.hpp"
#include "base/lock.hpp"
#include "base/stop.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cli/tool.hpp"
#include "fleet/state_file.hpp"
#include "pipeline/history.hpp"

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace fleet = tow::fleet;
namespace model = tow::model;
namespace pipeline = tow::pipeline;
namespace record = tow::record;
namespace store = tow::store;

using namespace std::chrono_literals;

struct Options {
    std::vector<std::string> names;
    std::vector<std::string> words;  // behind --
    bool status = false;
    std::optional<std::chrono::milliseconds> max_age;
    std::optional<std::chrono::milliseconds> deadline;
    std::optional<std::chrono::milliseconds> kill_after;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Act).keeps_state();
    command.summary("runs a pipeline for cron and systemd, and tells how it went")
        .about(
            "Runs commands, connected by pipes, without a shell: one run of NAME at a time, all of "
            "it within a deadline. Silent if all goes well; else one report on standard error, and "
            "the exit code of the pipeline. History and output are kept.\n"
            "--status shows the last run of each pipeline.")
        .example("tow-run demand -- tow-jobs condor ';' tow-entries '|' tow-demand",
                 "two sources, one after the other, and what reads both")
        .example("tow-run report --deadline 10m -- sh -c 'tow-jobs condor | wc -l'",
                 "a command of one's own, ended after ten minutes")
        .example("tow-run --status", "how the last run of each pipeline went")
        .operands(options.names, "NAME", "what the pipeline is called; with --status, any number")
        .rest(options.words, "COMMAND",
              "its words; '|' stands between stages, ';' between the commands of one stage")
        .see_also({"tow(7)", "tow-records(5)", "systemd.timer(5)", "crontab(5)"})
        .exit_code(1, "with --status: a last run failed, or is too old; else as the pipeline says")
        .exit_code(66, "with --status: no run of this name is known")
        .exit_code(74, "the pipeline went well, but history or output could not be kept")
        .exit_code(124, "the deadline passed, or the time given with --timeout")
        .exit_code(126, "a command cannot be executed")
        .exit_code(127, "a command does not exist; nothing was started")
        .emits("run", {"name", "state", "exit_code", "failures", "seconds", "started_at",
                       "last_success_at"});
    command.option(options.deadline, "--deadline", "DURATION", "end all commands after this long");
    command
        .option(options.kill_after, "--kill-after", "DURATION",
                "kill what has not ended so long after it was told to")
        .fallback("10s");
    command.option(options.status, "--status", "show the last run of each NAME, or of all");
    command.option(options.max_age, "--max-age", "DURATION",
                   "with --status: the last success must not have begun longer ago");
}

void check(const std::string& name) {
    if (const auto problem = pipeline::name_problem(name); !problem.empty()) {
        base::fail(base::Kind::Usage, "the name \"{}\" {}", base::printable(name), problem);
    }
}

std::string lock_name(const std::string& name) {
    return "tow-run-" + name;
}

// Whether the last run that has ended went well, and lately.
bool is_well(const model::Run& run, const Options& options, base::Time now) {
    return run.failures == 0 &&
           (!options.max_age ||
            (run.last_success_at && *run.last_success_at >= now - *options.max_age));
}

int show_status(cli::Context& context, const Options& options) {
    const auto directory = context.state_directory();
    auto names = options.names;
    std::optional<store::Database> database;
    if (fleet::state_exists(directory)) {
        database = fleet::open_state(directory, store::Access::ReadOnly);
        names = names.empty() ? pipeline::History(*database).names() : names;
    }
    bool all_well = true;
    for (const auto& name : names) {
        check(name);
        const auto is_running = [&](const std::string& running) {
            return base::is_locked(context.lock_file(lock_name(running)));
        };
        const auto run =
            database ? pipeline::History(*database).latest(name, is_running) : std::nullopt;
        if (!run) {
            base::fail(base::Kind::NotFound, "{}: no run is known", name);
        }
        all_well = all_well && is_well(*run, options, context.now());
        context.out().write(to_record(*run));
    }
    return all_well ? 0 : base::exit_code::kPartial;
}

void dry_run(cli::Context& context, const pipeline::Order& order) {
    auto line = record::new_record("run");
    line.set("name", order.name);
    line.set("stages", model::stages_array(pipeline::describe(order.stages)));
    line.set("dry_run", true);
    context.out().write(line);
}

// What the commands say passes by with -v.
void pass_on(cli::Context& context, std::string_view lines) {
    for (const auto& line : base::split(lines, '\n')) {
        context.log().note(line);
    }
}

int carry_out(cli::Context& context, const pipeline::Order& order) {
    // Somebody who looks whether we run (--status) may hold a share of the lock for a moment.
    context.lock(lock_name(order.name), 100ms);
    base::set_grace(order.limits.kill_after + 5s);
    const auto account =
        pipeline::carry_out(order, [&](std::string_view lines) { pass_on(context, lines); });
    if (account.killed_run) {
        context.log().warning(
            fmt::format("{}: the run before, of {}, left no word of its end: it was killed, or the "
                        "machine went "
                        "down, or the disk was full; its output is kept",
                        order.name, base::format_time(*account.killed_run)));
    }
    for (const auto& problem : account.problems) {
        context.log().error(problem);
    }
    context.log().report(account.report);
    if (context.output_is_chosen()) {
        context.out().write(to_record(account.run));
    }
    const auto code = static_cast<int>(account.run.exit_code.value_or(0));
    return code == 0 && !account.problems.empty() ? base::exit_code::kIo : code;
}

int run(cli::Context& context, const Options& options) {
    if (options.status) {
        if (!options.words.empty() || options.deadline) {
            base::fail(base::Kind::Usage, "--status: takes names only, no command");
        }
        return show_status(context, options);
    }
    if (options.names.size() != 1) {
        base::fail(base::Kind::Usage, "expected one NAME, then -- and the pipeline");
    }
    if (options.max_age) {
        base::fail(base::Kind::Usage, "--max-age: is for --status");
    }
    check(options.names.front());
    const pipeline::Order order{options.names.front(),
                                pipeline::parse_stages(options.words),
                                {options.deadline, *options.kill_after},
                                context.state_directory(),
                                context.now()};
    if (context.dry_run()) {
        dry_run(context, order);
        return 0;
    }
    return carry_out(context, order);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "run", declare, run);
}
