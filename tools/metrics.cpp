// tow-metrics: turns records into metrics and publishes them.
#include "base/dirs.hpp"
#include "base/error.hpp"
#include "cli/tool.hpp"
#include "metrics/checks.hpp"
#include "metrics/collector.hpp"
#include "metrics/counters.hpp"
#include "metrics/mapping.hpp"
#include "metrics/text.hpp"
#include "publish/documents.hpp"
#include "publish/publish.hpp"

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace metrics = tow::metrics;
namespace model = tow::model;
namespace publish = tow::publish;
namespace record = tow::record;
namespace store = tow::store;

using namespace std::chrono_literals;

struct Options {
    std::vector<std::string> files;
    std::vector<std::string> to;
    std::vector<std::string> targets;
    std::vector<std::string> mapping;
    std::optional<std::string> text;
    std::optional<std::string> checks;
    std::optional<std::int64_t> max_series;
    bool print_mapping = false;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Act).keeps_state();
    command.summary("turns records into metrics and publishes them")
        .about(
            "Reads any records, passes everything on, and publishes what the mapping makes of "
            "them; metric records of others as well. Whoever reads the output need not wait for "
            "the publishing. Without a target, or with --dry-run, a metric record is added for "
            "each number instead; such records in the input are replaced.\n"
            "What a target does not take is kept and sent later.")
        .example("tow-metrics --to textfile:aerotow.prom < decision.jsonl",
                 "for the textfile collector of Prometheus's node_exporter")
        .example("tow-metrics -o table < decision.jsonl", "see what would be published")
        .example("tow-metrics --text openmetrics < decision.jsonl", "as a scrape would see it")
        .example("tow-cvmfs thresholds | tow-metrics --checks checkmk", "checks for a monitor")
        .operands(options.files, "FILE", "records; - or nothing is standard input")
        .see_also({"tow-metrics(5)", "tow-records(5)", "tow-run(1)", "tow(7)"})
        .exit_code(1,
                   "something was lost: a target refused it, its spool was full, or a metric "
                   "had too many series; with --checks nagios 1, 2 and 3 are those of a plugin")
        .emits("metric", {"metric", "labels", "value"});
    command.option(options.to, "--to", "PROTOCOL:ADDRESS,..",
                   "publish there; protocols: textfile, pushgateway, remote-write, graphite, "
                   "graphite-pickle, statsd, influx, opensearch, json, collector, apfmon");
    command.option(options.targets, "--targets", "FILE,..", "publish to the targets in this file");
    command.option(options.mapping, "--mapping", "FILE,..",
                   "metrics to be added to those built in, or to replace them");
    command
        .option(options.max_series, "--max-series", "N",
                "a metric with more series than this is refused")
        .fallback("20000");
    command.option(options.text, "--text", "FORMAT", "write this to the output, not the records")
        .choices({"prometheus", "openmetrics"});
    command
        .option(options.checks, "--checks", "FORMAT",
                "write the check records in this form, and publish nothing")
        .choices({"nagios", "passive", "checkmk", "wlcg"});
    command.option(options.print_mapping, "--print-mapping", "show the mapping that is built in");
}

std::vector<std::string> files_of(cli::Context& context, const std::vector<std::string>& given,
                                  std::string_view setting) {
    return given.empty() ? context.settings().paths(setting) : given;
}

int show_checks(cli::Context& context, const Options& options) {
    std::vector<model::Check> checks;
    context.each_record(options.files, [&](const record::RecordReader& reader) {
        if (reader.type() == "check") {
            checks.push_back(reader.as(model::read_check));
        }
    });
    context.out().write_text(
        metrics::checks_text(*options.checks, checks, base::host_name(), context.now()));
    return *options.checks == "nagios" ? metrics::nagios_code(checks) : 0;
}

// What is wrong with the counters is said, and all else is published: no pipeline depends on them.
std::optional<metrics::Counters> count(cli::Context& context, metrics::Registry& registry,
                                       const metrics::Collector& collector,
                                       const std::vector<publish::Target>& targets) {
    constexpr auto kOtherRun = 1s;  // counts for milliseconds
    try {
        if (!context.dry_run()) {
            context.lock("tow-metrics", kOtherRun);
        }
        metrics::Counters counters(context.state_directory(), context.dry_run()
                                                                  ? store::Access::ReadOnly
                                                                  : store::Access::ReadWrite);
        counters.apply(registry, collector, context.now());
        for (const auto& target : targets) {
            metrics::add_health(target.name, counters.sink(target.name),
                                publish::spooled_bytes(target, context.state_directory()),
                                registry);
        }
        context.unlock();
        return counters;
    } catch (const base::Error& error) {
        context.note_error(error.within("counters"));
        return std::nullopt;
    }
}

void tell_refusals(cli::Context& context, const metrics::Registry& registry) {
    for (const auto& refusal : metrics::refusals(registry)) {
        context.log().error(refusal);
        context.note_partial();
    }
}

void send(cli::Context& context, const std::vector<publish::Target>& targets,
          metrics::Registry& registry, std::optional<metrics::Counters>& counters) {
    const auto now_ms = std::chrono::milliseconds(context.now().time_since_epoch()).count();
    const auto outcomes =
        publish::publish(targets, registry,
                         {context.state_directory(), base::host_name(), now_ms,
                          [&](const std::string& line) { context.log().debug(line); }});
    for (const auto& outcome : outcomes) {
        const auto message = publish::describe(outcome);
        if (publish::is_loss(outcome)) {
            context.log().error(message);
            context.note_partial();
        } else if (!message.empty()) {
            context.log().warning(message);
        }
        try {
            if (counters) {
                counters->note_sink(outcome.target, outcome.delivered, outcome.dropped,
                                    context.now());
            }
        } catch (const base::Error& error) {
            context.note_error(error.within("counters"));
        }
    }
}

int run(cli::Context& context, const Options& options) {
    if (options.print_mapping) {
        context.out().write_text(metrics::builtin_mapping());
        return 0;
    }
    if (options.checks) {
        return show_checks(context, options);
    }
    const auto mapping =
        metrics::Mapping::read(files_of(context, options.mapping, "metrics.mapping"));
    const auto targets = publish::read_targets(
        options.to, options.to.empty() ? files_of(context, options.targets, "metrics.targets")
                                       : options.targets);
    metrics::Registry registry({static_cast<std::size_t>(*options.max_series)});
    metrics::Collector collector(mapping, registry);
    context.each_record(options.files, [&](const record::RecordReader& reader) {
        const bool is_other =
            reader.as([&](record::View view) { return collector.take(reader.type(), view); });
        if (is_other && !options.text) {
            context.out().pass(reader.type(), reader.line());
        }
    });
    const bool shows = targets.empty() || context.dry_run();
    if (!shows && !options.text) {
        context.close_output();
    }
    auto counters = count(context, registry, collector, targets);
    tell_refusals(context, registry);
    if (options.text) {
        const auto write = [&](std::string_view piece) { context.out().write_text(piece); };
        metrics::write_text(*options.text, registry, write);
        context.close_output();
    } else if (shows) {
        publish::each_metric_record(
            registry, [&](std::string_view line) { context.out().write("metric", line); });
    }
    if (!context.dry_run()) {
        send(context, targets, registry, counters);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "metrics", declare, run);
}
