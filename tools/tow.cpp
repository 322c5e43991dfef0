// tow: runs tow-X for "tow X"; alone it lists the tools.
#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cli/tool.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <span>
#include <system_error>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
namespace base = tow::base;
namespace cli = tow::cli;
namespace record = tow::record;

struct Options {};

fs::path own_directory() {
    std::error_code none;
    return fs::read_symlink("/proc/self/exe", none).parent_path();
}

// Where tools are looked for: our own directory first, then $PATH.
std::vector<std::string> directories() {
    std::vector<std::string> result{own_directory().string()};
    for (auto& directory : base::split(base::environment("PATH").value_or(""), ':')) {
        result.push_back(std::move(directory));
    }
    return result;
}

// The tools of a directory by name, without "tow-".
std::vector<std::string> tools_in(const std::string& directory) {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& file : fs::directory_iterator(directory, none)) {
        const auto name = file.path().filename().string();
        if (name.starts_with("tow-") && ::access(file.path().c_str(), X_OK) == 0) {
            names.push_back(name.substr(4));
        }
    }
    std::ranges::sort(names);
    return names;
}

// Only our own tools are asked what they are for: a stranger on $PATH is not run to be listed.
std::string purpose_of(const std::string& directory, const std::string& tool) {
    const auto spec = record::parse_json(base::run_command(
        {fmt::format("{}/tow-{}", directory, tool), "--dump-cli-spec"}, record::kMaxDocument));
    const auto* object = spec.object();
    const auto* summary = object == nullptr ? nullptr : object->find("summary");
    return summary == nullptr || summary->string() == nullptr ? "" : *summary->string();
}

void list_tools(cli::Context& context) {
    std::vector<std::string> seen;
    const auto places = directories();
    for (const auto& directory : places) {
        for (const auto& tool : tools_in(directory)) {
            if (std::ranges::find(seen, tool) != seen.end()) {
                continue;
            }
            seen.push_back(tool);
            auto line = record::new_record("tool");
            line.set("tool", "tow-" + tool);
            line.set("summary", directory == places.front()
                                    ? purpose_of(directory, tool)
                                    : fmt::format("({}/tow-{})", directory, tool));
            context.out().write(line);
        }
    }
}

void declare(cli::Command& command, Options& /*options*/) {
    command.summary("runs tow-X for \"tow X\"; lists the tools")
        .about(
            "tow X ARGUMENTS is the same as tow-X ARGUMENTS. tow help X shows the manual of "
            "tow-X. Scripts should use the full names.")
        .example("tow", "list the tools and what each is for")
        .example("tow plan --help", "the same as tow-plan --help")
        .example("tow help jobs", "read the manual page tow-jobs(1)")
        .see_also({"tow(7)", "tow-records(5)"})
        .exit_code(66, "there is no such tool")
        .emits("tool", {"tool", "summary"});
}

int run(cli::Context& context, const Options& /*options*/) {
    list_tools(context);
    return 0;
}

std::string find_tool(const std::string& name) {
    const auto places = directories();
    std::vector<std::string> known{"list", "help"};
    for (const auto& directory : places) {
        auto path = fmt::format("{}/tow-{}", directory, name);
        if (::access(path.c_str(), X_OK) == 0) {
            return path;
        }
        std::ranges::move(tools_in(directory), std::back_inserter(known));
    }
    const auto guess = base::nearest(name, known);
    throw base::Error(
        base::Kind::Usage, fmt::format("no tool \"{}\"", base::printable(name)),
        guess ? fmt::format("did you mean \"tow {}\"?", *guess) : "tow alone lists the tools");
}

// Becomes the tool, so that signals and exit codes are the tool's own.
[[noreturn]] void become(const std::string& path, std::span<char*> arguments) {
    std::vector<char*> argv(arguments.begin(), arguments.end());
    argv.push_back(nullptr);
    ::execvp(path.c_str(), argv.data());
    base::fail_errno(base::Kind::NotFound, errno, path);
}

[[noreturn]] void show_manual(std::string name) {
    name = name == "tow" ? name : "tow-" + name;
    std::string man = "man";
    std::vector<char*> argv{man.data(), name.data(), nullptr};
    ::execvp(man.c_str(), argv.data());  // where there is no man(1), --help must do
    std::string help = "--help";
    std::vector<char*> instead{name.data(), help.data()};
    become(name == "tow" ? name : find_tool(name.substr(4)), instead);
}

[[noreturn]] void dispatch(std::span<char*> arguments) {
    const std::string verb = arguments[1];
    if (verb == "help") {
        show_manual(arguments.size() > 2 ? arguments[2] : "tow");
    }
    become(find_tool(verb), arguments.subspan(1));
}

}  // namespace

int main(int argc, char** argv) {
    const std::span arguments(argv, static_cast<std::size_t>(argc));
    const bool has_verb = arguments.size() > 1 && arguments[1][0] != '-';
    if (!has_verb) {
        return cli::tool_main<Options>(argc, argv, "", declare, run);
    }
    if (std::string_view(arguments[1]) == "list") {
        return cli::tool_main<Options>(argc - 1, argv + 1, "", declare, run);
    }
    try {
        dispatch(arguments);
    } catch (const base::Error& error) {
        cli::Diagnostics("tow").error(error);
        return base::exit_code_of(error.kind());
    }
}
