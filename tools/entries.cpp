// tow-entries: the places where pilots can go.
#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/tool.hpp"
#include "foreign/enrich.hpp"
#include "foreign/reports.hpp"
#include "model/decision.hpp"
#include "source/entry_yaml.hpp"
#include "source/live_entries.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace foreign = tow::foreign;
namespace model = tow::model;
namespace source = tow::source;

constexpr std::size_t kLargestFile = std::size_t{64} << 20U;

struct Options {
    std::vector<std::string> operands;  // a verb may be the first; if none is, they are sources
    std::optional<std::chrono::milliseconds> source_timeout;
    std::optional<std::chrono::milliseconds> max_stale;
    std::vector<std::string> downtimes;
    std::optional<std::chrono::milliseconds> past = std::chrono::hours(7 * 24);
    std::vector<std::string> prices;
    std::vector<std::string> allocations;
    std::optional<std::string> update;
    std::optional<std::string> from;
    bool origin = false;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Query);
    command.summary("the places where pilots can go, with state and downtime")
        .about(
            "Reads entries from YAML files, or from the *.yaml files of folders. Without operands "
            "it reads what the setting \"entries\" names, and if that is not set, standard input.\n"
            "Living services are asked by name: condor, gwms (each also as \"condor:POOL\"), slurm "
            "and local.\n"
            "import FORMAT FILE.. turns the configuration of another system into such a file: apf, "
            "cric, gwms, harvester, hepcloud, osg or tardis. check [FILE..] looks for what can "
            "hardly be meant. show NAME [FILE..] prints one entry as it is written.")
        .example("tow-entries -o table entries.yaml", "check a file and look at it")
        .example("tow-entries check entries.yaml", "what is allowed, but hardly meant")
        .operands(options.operands, "SOURCE",
                  "YAML files or folders, services; - is standard input; or a verb and its files")
        .see_also({"tow-entries(5)", "tow-demand(1)", "tow-records(5)", "tow(7)"})
        .exit_code(1, "a problem was found, some sources failed, or --fail-if-empty")
        .exit_code(78, "an entry is wrong; the message names file, line and key")
        .emits("entry",
               {"entry", "backend", "state", "site", "tier", "pilot.cpus", "pilot.memory_bytes",
                "pilot.walltime_seconds", "limits.max_pilots", "limits.max_pending"})
        .emits("entry_problem", {"entry", "rule", "key", "problem", "consequence", "fix", "place"})
        .emits("entry_change", {"entry", "change", "key", "from", "to"});
    command.option(options.downtimes, "--downtimes", "FILE,..",
                   "files or URLs of downtimes: OSG Topology, GOCDB, GlideinWMS or a calendar");
    command.option(options.past, "--past", "DURATION", "show downtimes that ended no longer ago")
        .fallback("7d");
    command.option(options.prices, "--prices", "FILE,..",
                   "files or URLs of prices and performance: AWS spot prices, or tables");
    command.option(options.allocations, "--allocations", "FILE,..",
                   "files or URLs of what is left of allocations: NERSC, or tables");
    command.option(options.source_timeout, "--source-timeout", "DUR", "patience with one service")
        .fallback("30s");
    command.option(options.max_stale, "--max-stale", "DUR",
                   "in place of a service that fails, use its last answer if it is not older");
    command.option(options.update, "--update", "FILE",
                   "import: bring what changed upstream into this file, and show it");
    command.option(options.from, "--from", "FORMAT", "check: the files are of this foreign format");
    command.option(options.origin, "--origin", "show: where each value is written");
}

struct Session {
    cli::Context& context;
    const Options& options;
    std::vector<std::string> operands;  // without the verb

    Session behind(std::ptrdiff_t count) const {
        return {context, options, {operands.begin() + count, operands.end()}};
    }
};

std::vector<source::WrittenEntry> written(const Session& run) {
    auto paths = run.operands.empty() ? source::entry_paths(run.context.settings()) : run.operands;
    if (!paths.empty() && paths != std::vector<std::string>{"-"}) {
        return source::written_entries(paths);
    }
    std::vector<source::WrittenEntry> result;
    run.context.each_file({}, [&](int fd, const auto& name) {
        result = source::parse_written_entries(base::read_all(fd, name, kLargestFile), name);
    });
    return result;
}

std::vector<model::Entry> entries_of_files(const Session& run) {
    const auto now = run.context.now();
    try {
        return source::read_entries(written(run), now);
    } catch (const base::Error& error) {
        if (error.kind() != base::Kind::Usage) {
            run.context.out().write(to_record(model::make_gap("entries", "yaml", error, now)));
        }
        throw;
    }
}

int list(const Session& run) {
    const auto& options = run.options;
    auto files = run;
    const auto words = source::take_live_sources(files.operands);
    foreign::Listing listing;
    listing.services = source::live_entries_queries(words, run.context.now());
    listing.knowledge = {options.downtimes, *options.past, options.prices, options.allocations};
    if (words.empty() || !files.operands.empty()) {
        listing.entries = entries_of_files(files);
    }
    const auto ask = source::ask_options("entries", run.context.now(), options.source_timeout,
                                         options.max_stale);
    run.context.note_sources(
        foreign::list_entries(std::move(listing), ask, source::ask_events(run.context)));
    return 0;
}

void write_report(const Session& run, const foreign::Report& report, std::string_view type) {
    auto& context = run.context;
    std::ranges::for_each(report.remarks, [&](const auto& text) { context.log().warning(text); });
    std::ranges::for_each(report.details, [&](const auto& text) { context.log().note(text); });
    context.out().lead_with(type);
    std::ranges::for_each(report.records, [&](const auto& one) { context.out().write(one); });
}

int import(const Session& run) {
    const auto& format = run.operands[0];
    const auto files = run.behind(1).operands;
    if (const auto& file = run.options.update) {
        write_report(run, foreign::update_from(format, files, *file, !run.context.dry_run()),
                     "entry_change");
        return 0;
    }
    const bool as_records = run.context.output_is_chosen();
    const auto report = foreign::import_files(
        format, files, as_records ? std::optional{run.context.now()} : std::nullopt);
    if (!as_records) {
        run.context.out().write_text(report.yaml);
    }
    write_report(run, report, "entry");
    return 0;
}

int check(const Session& run) {
    const auto report = run.options.from ? foreign::check_files(*run.options.from, run.operands)
                                         : foreign::check_entries(written(run), run.context.now());
    write_report(run, report, "entry_problem");
    return report.records.empty() ? 0 : 1;
}

int show(const Session& run) {
    const auto entries = written(run.behind(1));
    run.context.out().write_text(
        as_written(source::entry_named(entries, run.operands[0]), run.options.origin));
    return 0;
}

struct Verb {
    std::string_view name;
    int (*run)(const Session& run);
    std::size_t needs;  // operands
};

constexpr std::array<Verb, 3> kVerbs{
    {{"import", import, 2}, {"check", check, 0}, {"show", show, 1}}};

int run(cli::Context& context, const Options& options) {
    const Session session{context, options, options.operands};
    for (const auto& verb : kVerbs) {
        if (options.operands.empty() || options.operands[0] != verb.name) {
            continue;
        }
        if (options.operands.size() <= verb.needs) {
            base::fail(base::Kind::Usage, "expected import FORMAT FILE.., or show NAME [FILE..]");
        }
        return verb.run(session.behind(1));
    }
    return list(session);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "entries", declare, run);
}
