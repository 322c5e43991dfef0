// tow-why: why a job matches few entries or none, and why an entry gets no job.
#include "match/why.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cli/tool.hpp"
#include "match/ladder.hpp"
#include "match/warnings.hpp"

#include <algorithm>
#include <limits>

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace match = tow::match;
namespace model = tow::model;
namespace record = tow::record;

struct Options {
    std::vector<std::string> files;
    std::vector<std::string> groups;
    std::vector<std::string> entries;
    bool unmatched = false;
    bool matrix = false;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> conditions;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Filter);
    command.summary("why a job matches no entry, and why no job comes to an entry")
        .about(
            "Reads job_group and entry records, passes everything on, and adds a reason record for "
            "each condition that excludes an entry: how many it excludes, how many would match if "
            "it were gone, and the smallest change that helps. What to fix first comes first.\n"
            "With --entry it tells why no job comes there: a rung record for each step from a "
            "matching job to a working pilot, and the conditions by the idle jobs they exclude.\n"
            "Without --group, --entry or --unmatched, every job group is explained.")
        .example("{ tow-jobs condor; tow-entries; } | tow-why --unmatched -o table",
                 "see what keeps jobs from every entry")
        .example("{ condor_q -json 12.0 | tow-jobs; tow-entries; } | tow-why -o table",
                 "explain one job, by its id")
        .example("tow-why --entry LOCAL_BIG -o table decision.jsonl",
                 "see how far things have come at one entry")
        .example("tow-why --matrix -o table decision.jsonl",
                 "see every job group against every entry")
        .operands(options.files, "FILE", "records; - or nothing is standard input")
        .see_also({"tow-demand(1)", "tow-jobs(1)", "tow-plan(1)", "tow-records(5)", "tow(7)"})
        .exit_code(66, "a named file, job group or entry does not exist")
        .emits("reason", {"job", "entry", "idle_jobs", "side", "clause", "passes", "of", "gains",
                          "missing", "would_match_if"})
        .emits("rung", {"entry", "rung", "state", "idle_jobs", "pilots", "why"})
        .emits("match", {"job", "entry", "idle_jobs", "matches", "excluded_by"});
    command.option(options.groups, "--group", "ID,..", "explain these job groups, by their ids");
    command.option(options.entries, "--entry", "NAME,..", "explain these entries");
    command.option(options.unmatched, "--unmatched",
                   "explain job groups with idle jobs that match no entry");
    command.option(options.matrix, "--matrix",
                   "show each job group against each entry, or those named, instead");
    command.option(options.limit, "--limit", "N", "explain no more job groups than this")
        .letter('l');
    command
        .option(options.conditions, "--conditions", "N",
                "tell no more conditions of each job group or entry than this; 0: all")
        .fallback("10");
}

struct Input {
    std::vector<model::JobGroup> groups;
    std::vector<model::Entry> entries;
    match::Seen seen;

    // False for what this tool adds itself: it is replaced.
    bool take(const record::RecordReader& reader) {
        const auto type = reader.type();
        if (type == "reason" || type == "rung" || type == "match") {
            return false;
        }
        if (type == "job_group") {
            groups.push_back(reader.as(model::read_job_group));
        } else if (type == "entry") {
            entries.push_back(reader.as(model::read_entry));
        } else if (type == "request") {
            seen.requests.push_back(reader.as(model::read_request));
        } else if (type == "pilot_count") {
            seen.counts.push_back(reader.as(model::read_pilot_count));
        } else if (type == "gap") {
            seen.gaps.push_back(reader.as(model::read_gap));
        }
        return true;
    }
};

// Those of these names, in the order of the input; all if there are no names. Error{NotFound}.
template <class Item>
std::vector<Item> selected(const std::vector<Item>& items, const std::vector<std::string>& names,
                           std::string Item::*name, std::string_view what) {
    std::vector<Item> result;
    for (const auto& item : items) {
        if (names.empty() || std::ranges::find(names, item.*name) != names.end()) {
            result.push_back(item);
        }
    }
    for (const auto& wanted : names) {
        if (std::ranges::find(result, wanted, name) == result.end()) {
            std::vector<std::string> known(items.size());
            std::ranges::transform(items, known.begin(), name);
            const auto guess = base::nearest(wanted, known);
            throw base::Error(
                base::Kind::NotFound,
                fmt::format("no {} \"{}\" in the input", what, base::printable(wanted)),
                guess ? fmt::format("did you mean \"{}\"?", *guess) : "");
        }
    }
    return result;
}

std::size_t most_of(const Options& options) {
    const auto most = options.conditions.value_or(0);
    return most > 0 ? static_cast<std::size_t>(most) : std::numeric_limits<std::size_t>::max();
}

void explain_entries(cli::Context& context, const Options& options, const Input& input,
                     const std::vector<model::Entry>& entries) {
    for (const auto& entry : entries) {
        const auto verdict =
            match::why_no_job(entry, input.groups, context.now(), most_of(options));
        const auto sighting = sighting_of(entry, input.seen, input.groups, verdict.matches);
        for (const auto& rung : match::ladder(entry, sighting, context.now())) {
            context.out().write(to_record(rung));
        }
        for (const auto& reason : verdict.reasons) {
            context.out().write(to_record(reason));
        }
    }
}

void explain_groups(cli::Context& context, const Options& options,
                    const std::vector<model::JobGroup>& groups,
                    const std::vector<model::Entry>& entries) {
    match::Why why(entries, context.now());
    auto left = options.limit.value_or(static_cast<std::int64_t>(groups.size()));
    for (const auto& group : groups) {
        if (left <= 0 || (options.unmatched && group.idle_jobs == 0)) {
            continue;
        }
        if (options.matrix) {
            for (const auto& pair : why.matrix(group)) {
                context.out().write(to_record(pair));
            }
            --left;
            continue;
        }
        const auto verdict = why.about(group, {options.unmatched, most_of(options)});
        left -= verdict.reasons.empty() ? 0 : 1;
        for (const auto& reason : verdict.reasons) {
            context.out().write(to_record(reason));
        }
    }
}

int run(cli::Context& context, const Options& options) {
    Input input;
    context.each_record(options.files, [&](const record::RecordReader& reader) {
        if (input.take(reader)) {
            context.out().pass(reader.type(), reader.line());
        }
    });
    const auto groups = selected(input.groups, options.groups, &model::JobGroup::id, "job group");
    const auto entries = selected(input.entries, options.entries, &model::Entry::name, "entry");
    match::Warnings warnings(context.now());
    warnings.look_at(entries, groups);
    for (const auto& gap : input.seen.gaps) {
        context.log().warning(fmt::format("{} could not be seen, so {} may be missing: {}",
                                          gap.source, gap.scope, gap.message));
    }
    for (const auto& text : warnings.texts()) {
        context.log().warning(text);
    }
    if (entries.empty() && !groups.empty()) {
        context.log().warning("no entry record in the input: put tow-entries in front");
    }
    const bool about_entries = !options.entries.empty() && !options.matrix;
    if (about_entries) {
        explain_entries(context, options, input, entries);
    }
    if (!about_entries || !options.groups.empty() || options.unmatched) {
        explain_groups(context, options, groups, about_entries ? input.entries : entries);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "why", declare, run);
}
