// The only file that knows CLI11. It does the splitting; the values are converted by Option::set.
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cli/command.hpp"

#include <algorithm>
#include <map>
#include <span>

#include <CLI/CLI.hpp>

namespace tow::cli {

namespace {

[[noreturn]] void unknown_argument(const Command& command, const std::string& argument) {
    if (!argument.starts_with('-')) {
        base::fail(base::Kind::Usage, "unexpected operand \"{}\"", base::printable(argument));
    }
    const auto name = argument.substr(0, argument.find('='));
    std::vector<std::string> names;
    std::ranges::transform(command.options, std::back_inserter(names), &Option::name);
    const auto guess = base::nearest(name, names);
    throw base::Error(base::Kind::Usage,
                      fmt::format("unknown option \"{}\"", base::printable(name)),
                      guess ? fmt::format("did you mean \"{}\"?", *guess) : "");
}

// CLI11's own words name its internals; these name what the user typed.
[[noreturn]] void rephrase(const CLI::ParseError& error) {
    const std::string what = error.what();
    const auto option = what.substr(0, what.find(':'));
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
        base::fail(base::Kind::Usage, "{}: needs a value", base::printable(option));
    }
    base::fail(base::Kind::Usage, "{}", base::printable(what));
}

void check_verb(const Operands& operands) {
    if (operands.choices.empty() || operands.target->empty()) {
        return;
    }
    const auto& verb = operands.target->front();
    if (std::ranges::find(operands.choices, verb) == operands.choices.end()) {
        const auto guess = base::nearest(verb, operands.choices);
        throw base::Error(base::Kind::Usage,
                          fmt::format("expected one of {}, got \"{}\"",
                                      base::join(operands.choices, ", "), base::printable(verb)),
                          guess ? fmt::format("did you mean \"{}\"?", *guess) : "");
    }
}

std::string cli11_names(const Option& option) {
    return option.short_letter == 0 ? option.name
                                    : fmt::format("-{},{}", option.short_letter, option.name);
}

// What stands behind "--" goes to the command's rest; returns how much stands before it.
int split_off_rest(const Command& command, int argc, const char* const* argv) {
    const auto arguments = std::span(argv, static_cast<std::size_t>(argc));
    const auto end = std::ranges::find(arguments, std::string_view("--"));
    if (command.behind.target == nullptr || end == arguments.end()) {
        return argc;
    }
    command.behind.target->assign(end + 1, arguments.end());
    return static_cast<int>(end - arguments.begin());
}

}  // namespace

Parsed parse(const Command& command, int argc, const char* const* argv) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    std::map<const CLI::Option*, const Option*> options;
    for (const auto& option : command.options) {
        CLI::Option* added = nullptr;
        if (option.kind == ValueKind::Flag) {
            added = app.add_flag(cli11_names(option));
        } else {
            added = app.add_option(cli11_names(option))->expected(1);
            added->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        }
        options[added] = &option;
    }
    if (command.positional.target != nullptr) {
        app.add_option(command.positional.name, *command.positional.target)->expected(-1);
    }
    try {
        app.parse(split_off_rest(command, argc, argv), argv);
    } catch (const CLI::ParseError& error) {
        rephrase(error);
    }
    for (const auto& argument : app.remaining()) {
        if (argument != "--") {
            unknown_argument(command, argument);
        }
    }
    check_verb(command.positional);
    Parsed parsed;
    std::map<const CLI::Option*, std::size_t> next;  // of an option's values
    for (const auto* occurrence : app.parse_order()) {
        const auto known = options.find(occurrence);
        if (known == options.end()) {
            continue;
        }
        const auto& option = *known->second;
        parsed.given.push_back(option.name);
        option.set(option.kind == ValueKind::Flag ? "true"
                                                  : occurrence->results().at(next[occurrence]++));
    }
    return parsed;
}

}  // namespace tow::cli
