#include "base/text.hpp"
#include "cli/command.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::cli {

namespace {

constexpr std::size_t kWidth = 79;

// Words of text, broken into lines behind an indent.
std::string wrapped(std::string_view text, std::size_t indent) {
    std::string result;
    std::size_t column = indent;
    for (const auto& word : base::split(text, ' ')) {
        if (column > indent && column + 1 + word.size() > kWidth) {
            result += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            result += ' ';
            ++column;
        }
        result += word;
        column += word.size();
    }
    return result;
}

std::string option_left(const Option& option) {
    const auto letter =
        option.short_letter == 0 ? "    " : fmt::format("-{}, ", option.short_letter);
    const auto value = option.value_name.empty() ? "" : " " + option.value_name;
    return fmt::format("  {}{}{}", letter, option.name, value);
}

std::string option_right(const Option& option) {
    auto text = option.help;
    std::vector<std::string> notes;
    if (!option.allowed.empty()) {
        notes.push_back(base::join(option.allowed, " "));
    }
    if (!option.default_text.empty()) {
        notes.push_back("default " + option.default_text);
    }
    if (!option.environment.empty()) {
        notes.push_back("$" + option.environment);
    }
    if (!option.setting_key.empty()) {
        notes.push_back("config " + option.setting_key);
    }
    if (!notes.empty()) {
        text += " (" + base::join(notes, "; ") + ")";
    }
    return text;
}

std::string options_text(const Command& command, bool shared) {
    constexpr std::size_t kRight = 30;
    std::string result;
    for (const auto& option : command.options) {
        if (option.is_shared != shared) {
            continue;
        }
        auto left = option_left(option);
        if (left.size() + 2 > kRight) {
            left += "\n" + std::string(kRight, ' ');
        } else {
            left.resize(kRight, ' ');
        }
        result += left + wrapped(option_right(option), kRight) + "\n";
    }
    return result;
}

}  // namespace

std::string help_text(const Command& command) {
    const auto operand =
        command.positional.name.empty() ? "" : fmt::format(" [{}]...", command.positional.name);
    const auto rest =
        command.behind.name.empty() ? "" : fmt::format(" [-- {}...]", command.behind.name);
    auto text = fmt::format("{} - {}\n\nUsage: {} [OPTION]...{}{}\n", command.name, command.purpose,
                            command.name, operand, rest);
    for (const auto* operands : {&command.positional, &command.behind}) {
        if (!operands->help.empty()) {
            text += fmt::format("  {}: {}\n", operands->name,
                                wrapped(operands->help, operands->name.size() + 4));
        }
    }
    for (const auto& paragraph : base::split(command.description, '\n')) {
        text += "\n" + wrapped(paragraph, 0) + "\n";
    }
    text += "\nExamples:\n";
    for (const auto& example : command.examples) {
        text += fmt::format("  {}\n      {}\n", example.command, wrapped(example.what, 6));
    }
    if (const auto own = options_text(command, false); !own.empty()) {
        text += "\nOptions:\n" + own;
    }
    text += "\nShared options:\n" + options_text(command, true);
    text += "\nExit status:\n";
    for (const auto& code : exit_codes_of(command)) {
        text += fmt::format("  {:3}  {}\n", code.code, wrapped(code.meaning, 7));
    }
    text += fmt::format("\nSee also: {}\n", base::join(command.related, ", "));
    return text;
}

}  // namespace tow::cli
