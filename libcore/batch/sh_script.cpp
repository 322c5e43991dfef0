#include "batch/sh_script.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <random>

namespace tow::batch {

namespace {

// Not a secret: it only must not be printed by accident.
std::string new_mark() {
    std::random_device random;
    return fmt::format("aerotow-{:08x}{:08x}", random(), random());
}

void refuse_nul(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        base::fail(base::Kind::Data, "a command for another machine holds a NUL");
    }
}

}  // namespace

std::string sh_quoted(std::string_view word) {
    std::string quoted = "'";
    for (const char c : word) {
        if (c == '\'') {
            quoted += "'\\''";
        } else {
            quoted += c;
        }
    }
    return quoted + "'";
}

std::string sh_quoted(const std::vector<std::string>& words) {
    std::string line;
    for (const auto& word : words) {
        line += (line.empty() ? "" : " ") + sh_quoted(word);
    }
    return line;
}

// Input comes from printf, not from a here-document: dash loses bytes of lines that begin like its
// delimiter, and all have a last newline.
ShScript write_sh_script(const base::Command& command) {
    const auto mark = new_mark();
    auto text = fmt::format("printf '\\n%s\\n' {}\n", mark);
    for (const auto& variable : command.environment) {
        const auto equals = std::min(variable.find('='), variable.size());
        text += fmt::format(
            "{0}={1}\nexport {0}\n", variable.substr(0, equals),
            sh_quoted(std::string_view(variable).substr(std::min(equals + 1, variable.size()))));
    }
    const auto words = sh_quoted(command.argv);
    text += command.input.empty()
                ? words + " </dev/null\n"
                : fmt::format("printf %s {} | {}\n", sh_quoted(command.input), words);
    text += fmt::format("printf '\\n%s %d\\n' {} \"$?\"\n", mark);
    refuse_nul(text);
    return {mark, text};
}

ShReply read_sh_reply(std::string_view output, std::string_view mark) {
    const auto start = output.find(fmt::format("\n{}\n", mark));
    if (start == std::string_view::npos) {
        return {};
    }
    output.remove_prefix(start + mark.size() + 2);
    const auto end = output.rfind(fmt::format("\n{} ", mark));
    if (end == std::string_view::npos || !output.ends_with('\n')) {
        return {true, std::nullopt, output};
    }
    const auto digits = output.substr(end + mark.size() + 2);
    int code = 0;
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code);
    if (error != std::errc() || *rest != '\n') {
        return {true, std::nullopt, output};
    }
    return {true, code, output.substr(0, end)};
}

}  // namespace tow::batch
