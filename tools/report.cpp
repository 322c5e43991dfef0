// tow-report: what goes on, as a web page or as text.
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lock.hpp"
#include "cli/tool.hpp"
#include "report/sections.hpp"

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace record = tow::record;
namespace report = tow::report;

using namespace std::chrono_literals;

struct Options {
    std::vector<std::string> files;
    std::string format;
    std::string title;
    std::optional<std::string> watch;
    std::optional<std::int64_t> width;
    std::optional<std::int64_t> rows;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Filter);
    command.summary("what waits, where it runs, what was decided and why, as a web page or text")
        .about(
            "Reads decisions as tow-plan leaves them, one in each FILE, with whatever stands "
            "beside them: checks, runs, submissions. The last in time is reported, those before it "
            "are its history.\n"
            "The page is one file that fetches and runs nothing. --watch keeps it, and its "
            "history, in a folder.")
        .example("tow-report last-decision.jsonl --out report.html", "a page of the last decision")
        .example("tow-report --format text last-decision.jsonl", "the same in the terminal")
        .example("tow-report --watch www last-decision.jsonl",
                 "keep www/index.html up to date, and its history")
        .example("tow-report --format records --only attention last-decision.jsonl -o table",
                 "what needs attention")
        .operands(options.files, "FILE", "records; - or nothing is standard input")
        .exit_code(73, "the page or its history cannot be written")
        .exit_code(75, "another run writes to the folder of --watch")
        .see_also({"tow-top(1)", "tow-plan(1)", "tow-run(1)", "tow-records(5)", "tow(7)"})
        .emits("attention", {"severity", "about", "message", "advice"})
        .emits("entry_line", {"entry", "severity", "state", "jobs_matching", "jobs_share",
                              "pending", "running", "held", "failed", "submit", "remove", "why"});
    command
        .option(options.format, "--format", "FORMAT",
                "html is a page, text is for a terminal, records passes everything on and adds "
                "what needs attention and a line per entry")
        .choices({"html", "text", "records"})
        .fallback("html");
    command.option(options.title, "--title", "TEXT", "what stands above the report")
        .fallback("Pilots");
    command.option(options.watch, "--watch", "DIR",
                   "write index.html there, and add what was read to history.jsonl");
    command.option(options.width, "--width", "COLUMNS", "of text")
        .variable("COLUMNS")
        .fallback("100");
    command.option(options.rows, "--rows", "N", "of each table in text").fallback("15");
}

struct Input {
    report::Snapshot snapshot;
    report::Overview overview;
    report::History history;
    base::Time time;
};

// Every file is a decision of its own.
std::vector<report::Snapshot> read(cli::Context& context, const Options& options) {
    std::vector<report::Snapshot> snapshots;
    auto files = options.files;
    if (files.empty()) {
        files.emplace_back();
    }
    for (const auto& file : files) {
        auto& snapshot = snapshots.emplace_back();
        const auto from = file.empty() ? std::vector<std::string>{} : std::vector{file};
        context.each_record(from, [&](const record::RecordReader& reader) {
            const auto type = reader.type();
            if (type == "attention" || type == "entry_line") {
                return;
            }
            snapshot.take(reader);
            if (options.format == "records") {
                context.out().pass(type, reader.line());
            }
        });
    }
    return snapshots;
}

// The last in time, with the others as its history.
Input prepare(std::vector<report::Snapshot> snapshots, report::History history, base::Time now) {
    Input input{.history = std::move(history), .time = base::Time::min()};
    for (auto& snapshot : snapshots) {
        const auto time = snapshot.time().value_or(now);
        auto overview = report::make_overview(snapshot, time);
        input.history.add(report::make_sample(snapshot, overview, time));
        if (time >= input.time) {
            input.time = time;
            input.snapshot = std::move(snapshot);
        }
    }
    input.overview = report::make_overview(input.snapshot, now);
    return input;
}

report::Page page_of(const Input& input, const Options& options, base::Time now) {
    const auto spending = report::make_spending(input.snapshot, now);
    return report::make_page({input.snapshot, input.overview, spending, input.history, now},
                             options.title);
}

void watch(cli::Context& context, const Options& options) {
    const auto& folder = *options.watch;
    const auto now = context.now();
    const auto history_file = folder + "/history.jsonl";
    auto snapshots = read(context, options);  // first: a pipe may take its time
    if (context.dry_run()) {
        return;
    }
    base::make_directories(folder);
    const base::FileLock lock(folder + "/lock", 5s);
    auto input = prepare(std::move(snapshots), report::read_history(history_file), now);
    input.history.thin(now);
    report::write_history(history_file, input.history);
    base::write_file_atomically(folder + "/index.html", to_html(page_of(input, options, now)));
}

void write_records(cli::Context& context, const Input& input) {
    for (const auto& attention : input.overview.attention) {
        context.out().write(to_record(attention));
    }
    for (const auto& line : input.overview.lines) {
        context.out().write(to_record(line));
    }
}

int run(cli::Context& context, const Options& options) {
    if (*options.width < 20 || *options.rows < 1) {
        base::fail(base::Kind::Usage, "{}: is too small", *options.rows < 1 ? "--rows" : "--width");
    }
    if (options.watch) {
        if (context.is_given("--format") && options.format != "html") {
            base::fail(base::Kind::Usage, "--watch: keeps a page, no {}", options.format);
        }
        watch(context, options);
        return 0;
    }
    const auto input = prepare(read(context, options), {}, context.now());
    if (options.format == "records") {
        write_records(context, input);
    } else if (options.format == "html") {
        context.out().write_text(to_html(page_of(input, options, context.now())));
    } else {
        context.out().write_text(to_text(
            page_of(input, options, context.now()),
            {static_cast<std::size_t>(*options.width), static_cast<std::size_t>(*options.rows)}));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "report", declare, run);
}
