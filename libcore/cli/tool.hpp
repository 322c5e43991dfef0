// The main program of every tool: parsing, signals, output, errors, exit code.
#pragma once

#include "cli/command.hpp"
#include "cli/context.hpp"

#include <functional>
#include <string_view>

namespace tow::cli {

struct Tool {
    std::string_view name;  // without "tow-"; empty for tow itself
    std::function<void(Command&)> declare;
    std::function<int(Context&)> run;
};

// Runs the tool; only this function turns errors into exit codes.
int run_tool(const Tool& tool, int argc, const char* const* argv);

// declare() fills the command and binds options; run() does the work and returns 0, or 1 if the
// asked condition is false. Failures are thrown, or noted in the context.
template <class Options>
int tool_main(int argc, const char* const* argv, std::string_view name,
              void (*declare)(Command&, Options&), int (*run)(Context&, const Options&)) {
    Options options;
    return run_tool({name, [&](Command& command) { declare(command, options); },
                     [&](Context& context) { return run(context, options); }},
                    argc, argv);
}

}  // namespace tow::cli
