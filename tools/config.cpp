// tow-config: checks the configuration, shows effective values and where each was written.
#include "base/error.hpp"
#include "cli/tool.hpp"

#include <array>

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace config = tow::config;
namespace record = tow::record;

struct Options {
    std::vector<std::string> operands;
};

void declare(cli::Command& command, Options& options) {
    command.summary("checks the configuration, shows effective values and their origin")
        .about(
            "Without a verb every setting is shown with its value, the file and line that set "
            "it, and what it is for. \"check\" prints nothing if all is well. \"files\" lists the "
            "files that were read, lowest precedence first.")
        .example("tow-config", "show all settings and where they come from")
        .example("tow-config check --config new.yaml", "check a file before it is put in place")
        .see_also({"tow-config(5)", "tow(7)"})
        .operands(options.operands, "VERB", "show (the default), check or files")
        .verbs({"show", "check", "files"})
        .emits("setting", {"setting", "value", "origin", "help"})
        .emits("config_file", {"file"});
}

std::string_view type_name(config::Type type) {
    constexpr std::array<std::string_view, 7> kNames{"integer",    "boolean", "text",  "duration",
                                                     "expression", "texts",   "choice"};
    return kNames[static_cast<std::size_t>(type)];
}

void show(cli::Context& context) {
    const auto& settings = context.settings();
    for (const auto& setting : config::all_settings()) {
        auto line = record::new_record("setting");
        line.set("setting", setting.key);
        line.set("value", settings.value(setting.key));
        line.set("kind", type_name(setting.type));
        line.set("origin", settings.origin(setting.key).text());
        line.set("help", setting.help);
        context.out().write(line);
    }
}

int run(cli::Context& context, const Options& options) {
    const auto verb = options.operands.empty() ? "show" : options.operands.front();
    if (options.operands.size() > 1) {
        base::fail(base::Kind::Usage, "one verb only, got {}", options.operands.size());
    }
    const auto& settings = context.settings();  // reading is checking
    if (verb == "files") {
        for (const auto& file : settings.files()) {
            auto line = record::new_record("config_file");
            line.set("file", file);
            context.out().write(line);
        }
    } else if (verb == "show") {
        show(context);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "config", declare, run);
}
