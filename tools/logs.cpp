// tow-logs: what became of the pilots, and what went wrong.
#include "base/error.hpp"
#include "cli/tool.hpp"
#include "pilotlog/gathering.hpp"

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace pilotlog = tow::pilotlog;

struct Options {
    std::vector<std::string> operands;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Query).keeps_state();
    command.summary("what became of the pilots, and what went wrong")
        .about("x")
        .example("tow-logs causes -o table", "x")
        .operands(options.operands, "VERB", "x")
        .verbs({"read"})
        .see_also({"tow-records(5)", "tow(7)"})
        .emits("pilot_log", {"pilot", "entry", "backend_id", "outcome", "cause", "actor", "node", "started_at", "wall_seconds", "reason"});
}

int run(cli::Context& context, const Options& options) {
    pilotlog::Taxonomy taxonomy;
    pilotlog::Gathering gathering({context.now(), {}});
    for (std::size_t i = 1; i < options.operands.size(); ++i) gathering.add(options.operands[i]);
    gathering.judge_all(taxonomy, true, [&](const auto& log) { context.out().write(to_record(log)); });
    for (const auto& d : gathering.damage()) context.log().warning(d);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "logs", declare, run);
}
