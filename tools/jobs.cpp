// tow-jobs: the work that waits, runs or is held, grouped by what could matter to an entry.
#include "base/error.hpp"
#include "base/file.hpp"
#include "classad/parse.hpp"
#include "cli/tool.hpp"
#include "model/decision.hpp"
#include "source/condor_q.hpp"
#include "source/entry_yaml.hpp"
#include "source/job_grouper.hpp"

#include <algorithm>
#include <optional>
#include <unistd.h>

namespace {

namespace base = tow::base;
namespace classad = tow::classad;
namespace cli = tow::cli;
namespace model = tow::model;
namespace source = tow::source;

struct Options {
    std::vector<std::string> sources;
    std::string from;
    std::vector<std::string> schedds;
    std::optional<std::string> pool;
    std::optional<std::string> constraint;
    std::vector<std::string> group_by;
    std::optional<std::string> walltime;
    std::optional<std::string> name;
    std::optional<base::Time> observed_at;
};

// What a startd can run: neither scheduler nor local nor grid universe.
constexpr std::string_view kPilotJobs =
    "JobUniverse =!= 7 && JobUniverse =!= 9 && JobUniverse =!= 12";

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Query);
    command.summary("the work that waits, runs or is held, grouped by what matters")
        .about(
            "Reads job ads from files or standard input, or asks schedds through condor_q (source "
            "\"condor\"). Jobs of one group have the same Requirements, resource requests and "
            "other attributes that entries look at. A source that cannot be seen becomes a gap "
            "record.\n"
            "An observation is as old as the file it comes from; what comes through a pipe is new.")
        .example("tow-jobs condor", "ask the local schedd")
        .example("condor_q -json | tow-jobs --from condor-json", "group a queue that was printed")
        .example("tow-jobs --observed-at now queue.json", "look at a saved queue as if it were new")
        .operands(options.sources, "SOURCE",
                  "condor, or a file of job ads; - or nothing is standard input")
        .see_also({"tow-demand(1)", "tow-records(5)", "tow(7)"})
        .exit_code(69, "a schedd could not be asked; a gap record says so")
        .exit_code(77, "a schedd refused us; a gap record says so")
        .emits("job_group", {"id", "idle_jobs", "running_jobs", "held_jobs", "oldest_idle_seconds",
                             "request.cpus", "request.memory_bytes", "users", "requirements"});
    command.option(options.from, "--from", "FORMAT", "format of files and standard input")
        .choices({"auto", "condor-json", "condor-jsonl", "condor-long", "condor-xml"})
        .fallback("auto");
    command.option(options.schedds, "--schedd", "NAME,..", "schedds to ask, by name")
        .setting("jobs.schedds");
    command.option(options.pool, "--pool", "HOST", "collector to find the schedds with")
        .setting("jobs.pool");
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
    command.option(options.name, "--source-name", "NAME", "what to call the source in records");
    command.option(options.observed_at, base::wall_clock(), "--observed-at", "TIME",
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

std::optional<source::AdFormat> format_of(const std::string& from) {
    using source::AdFormat;
    if (from == "auto") {
        return std::nullopt;
    }
    return from == "condor-long"  ? AdFormat::Long
           : from == "condor-xml" ? AdFormat::Xml
                                  : AdFormat::Json;
}

void read_file(cli::Context& context, const Options& options, source::GroupOptions grouping,
               const std::string& file, const source::VisitGroup& visit) {
    const auto opened = file == "-" ? base::UniqueFd() : base::open_for_reading(file);
    const int fd = opened ? opened.get() : STDIN_FILENO;
    // What comes through a pipe was made for us; a file is as old as its last change.
    grouping.now = options.observed_at.value_or(
        std::min(context.now(), base::modification_time(fd).value_or(context.now())));
    source::AttributeTable attributes;
    source::JobGrouper grouper(attributes, grouping);
    source::AdStream stream(fd, file, format_of(options.from), attributes);
    while (stream.next()) {
        grouper.add(stream);
    }
    context.log().count("values that are no ClassAd expressions, taken as error",
                        grouper.broken_values());
    context.log().count("values with bytes that are not UTF-8, which were replaced",
                        grouper.repaired_values());
    grouper.for_each_group(options.name.value_or(file == "-" ? "stdin" : file), visit);
}

// Runs one source. What fails is a gap in the stream, so that whoever decides knows.
template <class Look>
std::optional<base::Kind> look_at(cli::Context& context, const std::string& name, Look look) {
    std::string line;
    try {
        look([&](const model::JobGroup& group) {
            line.clear();
            write_json(group, line);
            context.out().write("job_group", line);
        });
        return std::nullopt;
    } catch (const base::Error& error) {
        context.out().write(to_record(model::make_gap("jobs", name, error, context.now())));
        context.log().error(error);
        return error.kind();
    }
}

std::vector<source::CondorQueue> queues(const Options& options) {
    const auto constraint = options.constraint.value_or(std::string(kPilotJobs));
    if (options.schedds.empty()) {
        return {{std::nullopt, options.pool, constraint}};
    }
    std::vector<source::CondorQueue> result;
    for (const auto& schedd : options.schedds) {
        result.push_back({schedd, options.pool, constraint});
    }
    return result;
}

int run(cli::Context& context, const Options& options) {
    if (options.sources.empty() && ::isatty(STDIN_FILENO) == 1) {
        throw base::Error(base::Kind::Usage, "no input: standard input is a terminal",
                          "tow-jobs condor asks the schedd");
    }
    const auto grouping = group_options(context, options);
    auto unfiltered = grouping;
    unfiltered.constraint = nullptr;  // a schedd applies it itself
    std::vector<std::optional<base::Kind>> results;
    for (const auto& name :
         options.sources.empty() ? std::vector<std::string>{"-"} : options.sources) {
        if (name != "condor") {
            results.push_back(look_at(context, name, [&](const auto& visit) {
                read_file(context, options, grouping, name, visit);
            }));
            continue;
        }
        for (const auto& queue : queues(options)) {
            results.push_back(look_at(context, source_name(queue), [&](const auto& visit) {
                const auto trace = [&](const std::string& text) { context.log().debug(text); };
                source::query_jobs(queue, unfiltered, trace, visit);
            }));
        }
    }
    context.note_sources(results);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "jobs", declare, run);
}
