// tow-entries: the places where pilots can go.
#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/tool.hpp"
#include "model/decision.hpp"
#include "source/entry_yaml.hpp"

#include <array>
#include <unistd.h>

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace model = tow::model;
namespace source = tow::source;

struct Options {
    std::vector<std::string> files;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Query);
    command.summary("the places where pilots can go, with state and downtime")
        .about(
            "Reads entries from YAML files, or from the *.yaml files of folders. Without operands "
            "it reads what the setting \"entries\" names, and if that is not set, standard input.")
        .example("tow-entries", "the entries of the configuration")
        .example("tow-entries -o table entries.yaml", "check a file and look at it")
        .operands(options.files, "FILE", "YAML files or folders of entries; - is standard input")
        .see_also({"tow-entries(5)", "tow-demand(1)", "tow-records(5)", "tow(7)"})
        .exit_code(78, "an entry is wrong; the message names file, line and key")
        .emits("entry",
               {"entry", "backend", "state", "site", "tier", "pilot.cpus", "pilot.memory_bytes",
                "pilot.walltime_seconds", "limits.max_pilots", "limits.max_pending"});
}

std::string read_stdin() {
    constexpr std::size_t kMost = std::size_t{64} << 20U;
    std::string text;
    std::array<char, 65536> buffer{};
    while (const auto count = base::read_some(STDIN_FILENO, buffer)) {
        text.append(buffer.data(), count);
        if (text.size() > kMost) {
            base::fail(base::Kind::Data, "-: larger than {} bytes", kMost);
        }
    }
    return text;
}

// What is wrong in a stream is wrong data; in a file it is wrong configuration.
std::vector<model::Entry> entries_of_stdin(base::Time now) {
    try {
        return source::parse_entries(read_stdin(), "-", now);
    } catch (const base::Error& error) {
        const auto kind = error.kind() == base::Kind::Config ? base::Kind::Data : error.kind();
        throw base::Error(kind, error.what(), error.hint());
    }
}

std::vector<model::Entry> read(cli::Context& context, const Options& options) {
    auto paths = options.files;
    if (paths.empty()) {
        paths = source::entry_paths(context.settings());
    }
    if (paths.empty() && ::isatty(STDIN_FILENO) == 1) {
        throw base::Error(base::Kind::Usage, "no entries: no file given, none configured",
                          "name a file, or set \"entries\" in the configuration");
    }
    const bool from_stdin = paths.empty() || paths == std::vector<std::string>{"-"};
    return from_stdin ? entries_of_stdin(context.now())
                      : source::read_entries(paths, context.now());
}

int run(cli::Context& context, const Options& options) {
    try {
        for (auto& entry : read(context, options)) {
            entry.state = model::effective_state(entry, context.now());
            context.out().write(to_record(entry));
        }
    } catch (const base::Error& error) {
        if (error.kind() != base::Kind::Usage) {
            const auto gap = model::make_gap("entries", "yaml", error, context.now());
            context.out().write(to_record(gap));
        }
        throw;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "entries", declare, run);
}
