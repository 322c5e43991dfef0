// tow-top: what goes on, live in the terminal.
#include "base/error.hpp"
#include "cli/tool.hpp"
#include "top/live.hpp"

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace top = tow::top;

using namespace std::chrono_literals;

struct Options {
    std::vector<std::string> files;
    std::optional<std::chrono::milliseconds> interval;
    bool once = false;
};

void declare(cli::Command& command, Options& options) {
    command.keeps_state();
    command.summary("live view of the state file and the last decision, in a terminal")
        .about(
            "Shows problems, entries, pilots, failures, jobs, cost, checks and pipelines: what "
            "needs attention first. Reads the state file and FILEs again and again; asks no batch "
            "system and changes nothing.\n"
            "? shows the keys.")
        .example("tow-top --once last-decision.jsonl", "print what needs attention, and end")
        .operands(options.files, "FILE",
                  "the last decision, and records of others; read again at each interval")
        .exit_code(65, "an input is malformed; the message names file and line")
        .exit_code(66, "a named file does not exist")
        .see_also({"tow-report(1)", "tow-pilots(1)", "tow-run(1)", "tow(7)"})
        .emits("attention", {"severity", "about", "message", "advice"})
        .emits("entry_line", {"entry", "severity", "state", "jobs_matching", "jobs_share",
                              "pending", "running", "held", "failed", "submit", "remove", "why"});
    command.option(options.interval, "--interval", "DURATION", "how often to look").fallback("2s");
    command.option(options.once, "--once", "print the records behind the view once, and end");
}

int run(cli::Context& context, const Options& options) {
    if (*options.interval < 100ms) {
        base::fail(base::Kind::Usage, "--interval: at least 100ms");
    }
    top::Feed feed(options.files, context.state_directory());
    feed.refresh(context.now());
    if (!options.once) {
        top::watch_live(feed, {*options.interval, context.wants_color()});
        return 0;
    }
    for (const auto& attention : feed.overview().attention) {
        context.out().write(to_record(attention));
    }
    for (const auto& line : feed.overview().lines) {
        context.out().write(to_record(line));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "top", declare, run);
}
