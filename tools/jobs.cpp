// tow-jobs: the work that waits, runs or is held, grouped by what could matter to an entry.
#include "base/error.hpp"
#include "classad/parse.hpp"
#include "cli/tool.hpp"
#include "source/entry_yaml.hpp"
#include "source/job_files.hpp"
#include "source/job_queries.hpp"

#include <optional>
#include <unistd.h>

namespace {

namespace base = tow::base;
namespace classad = tow::classad;
namespace cli = tow::cli;
namespace source = tow::source;

struct Options {
    source::JobSources sources;
    std::optional<std::string> constraint;
    std::vector<std::string> group_by;
    std::optional<std::string> walltime;
    std::optional<std::chrono::milliseconds> source_timeout;
    std::optional<std::chrono::milliseconds> max_stale;
};

// Which jobs count, and what tells groups apart.
void declare_grouping(cli::Command& command, Options& options) {
    command
        .option(
            options.constraint, "--constraint", "EXPR",
            "count only jobs for which this ClassAd expression is true; of schedds, by default, "
            "those that a pilot can run")
        .setting("jobs.constraint");
    command
        .option(options.group_by, "--group-by", "NAME,..",
                "further attributes that tell groups apart and that entries may look at")
        .setting("jobs.group_by");
    command
        .option(options.walltime, "--walltime", "EXPR",
                "ClassAd expression for the wall time a job needs, in seconds")
        .setting("jobs.walltime");
}

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Query);
    auto& sources = options.sources;
    command.summary("the work that waits, runs or is held, grouped by what matters")
        .about(
            "Asks HTCondor's schedds (source \"condor\", or \"condor:POOL\" for all of a pool) and "
            "Slurm (\"slurm\"), and reads jobs from files, URLs and standard input in many formats "
            "(\"FORMAT:FILE\" or \"FORMAT:URL\", or the format of --from). Jobs of one group have "
            "the "
            "same Requirements, resource requests and other attributes that entries look at.\n"
            "All sources are asked at once. One that cannot be seen becomes a gap record; the "
            "others are shown. What each said last is kept in the cache directory, for "
            "--max-stale. "
            "An observation is as old as the file it comes from; what comes through a pipe is new.")
        .example("tow-jobs condor", "ask the local schedd")
        .example("tow-jobs --schedd all condor slurm", "every schedd of the pool, and Slurm")
        .example("condor_q -json | tow-jobs --from condor-json", "group a queue that was printed")
        .example("tow-jobs --observed-at now queue.json", "look at a saved queue as if it were new")
        .operands(sources.sources, "SOURCE",
                  "condor, condor:POOL, slurm, a file or URL, also as FORMAT:FILE; - or nothing is "
                  "standard input")
        .see_also({"tow-demand(1)", "tow-records(5)", "tow(7)"})
        .exit_code(69, "no source could be asked; gap records say so")
        .exit_code(77, "every source refused us; gap records say so")
        .emits("job_group", {"id", "idle_jobs", "running_jobs", "held_jobs", "oldest_idle_seconds",
                             "request.cpus", "request.memory_bytes", "users", "requirements"});
    command.option(sources.from, "--from", "FORMAT", "format of files, URLs and standard input")
        .choices(source::job_formats())
        .fallback("auto");
    command
        .option(sources.schedds, "--schedd", "NAME,..",
                "schedds to ask, by name; \"all\" are those that the collector knows")
        .setting("jobs.schedds");
    command.option(sources.pool, "--pool", "HOST", "collector to find the schedds with")
        .setting("jobs.pool");
    command.option(sources.job_by_job, "--job-by-job",
                   "let schedds send every job instead of grouping what is alike");
    declare_grouping(command, options);
    command
        .option(options.source_timeout, "--source-timeout", "DUR",
                "how long to wait for one source")
        .fallback("30s");
    command
        .option(options.max_stale, "--max-stale", "DUR",
                "in place of a source that fails, use its last answer if it is not older")
        .setting("jobs.max_stale");
    command.option(sources.name, "--source-name", "NAME", "what to call the source in records");
    command.option(sources.observed_at, base::wall_clock(), "--observed-at", "TIME",
                   "when the jobs of files were seen");
}

source::GroupOptions group_options(cli::Context& context, const Options& options) {
    source::GroupOptions result;
    result.attributes = source::usual_attributes();
    const auto entries =
        source::read_entries(source::entry_paths(context.settings()), context.now());
    for (const auto& names : {source::job_attributes(entries), options.group_by}) {
        result.attributes.insert(result.attributes.end(), names.begin(), names.end());
    }
    const auto parse = [](std::string_view option, const std::string& text) {
        try {
            return classad::parse_expr(text, {.lexer = classad::Lexer::Old});
        } catch (const base::Error& error) {
            base::fail(base::Kind::Usage, "{}: {}", option, error.what());
        }
    };
    result.walltime =
        parse("--walltime", options.walltime.value_or(std::string(source::usual_walltime())));
    if (options.constraint) {
        result.constraint = parse("--constraint", *options.constraint);
    }
    result.now = context.now();
    return result;
}

int run(cli::Context& context, const Options& options) {
    auto sources = options.sources;
    if (sources.sources.empty() && ::isatty(STDIN_FILENO) == 1) {
        throw base::Error(base::Kind::Usage, "no input: standard input is a terminal",
                          "tow-jobs condor asks the schedd");
    }
    if (sources.sources.empty()) {
        sources.sources = {"-"};
    }
    sources.groups = group_options(context, options);
    sources.constraint = options.constraint;
    const auto ask =
        source::ask_options("jobs", context.now(), options.source_timeout, options.max_stale);
    const auto events = source::ask_events(context);
    const source::CountOdd odd = [&](const std::string& what, std::size_t times) {
        context.log().count(what, times);
    };
    std::vector<std::optional<base::Kind>> results;
    auto queries = source::job_queries(sources, ask, events, odd, results);
    const auto asked = source::results_of(source::ask(queries, ask, events));
    results.insert(results.end(), asked.begin(), asked.end());
    context.note_sources(results);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "jobs", declare, run);
}
