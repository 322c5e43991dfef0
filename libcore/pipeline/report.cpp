#include "pipeline/report.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/core.h>

namespace tow::pipeline {

namespace {

constexpr std::size_t kMostLines = 10;
constexpr std::size_t kWidestLine = 200;

struct Name {
    std::int64_t code;
    std::string_view name;
};

// sysexits(3), timeout(1), and what shells say of commands they cannot start.
constexpr std::array kNames{
    Name{64, "USAGE"},          Name{65, "DATAERR"},     Name{66, "NOINPUT"},  Name{67, "NOUSER"},
    Name{68, "NOHOST"},         Name{69, "UNAVAILABLE"}, Name{70, "SOFTWARE"}, Name{71, "OSERR"},
    Name{72, "OSFILE"},         Name{73, "CANTCREAT"},   Name{74, "IOERR"},    Name{75, "TEMPFAIL"},
    Name{76, "PROTOCOL"},       Name{77, "NOPERM"},      Name{78, "CONFIG"},   Name{124, "timeout"},
    Name{126, "cannot be run"}, Name{127, "not found"},
};

std::string signal_name(std::int64_t signal) {
    const auto* name = ::sigabbrev_np(static_cast<int>(signal));
    return name == nullptr ? std::to_string(signal) : fmt::format("{} ({})", signal, name);
}

std::string where(const model::RunCommand& command) {
    return fmt::format("stage {}: {}", command.stage, command.command);
}

std::string headline(const model::Run& run, const Outcome& outcome,
                     std::chrono::milliseconds deadline) {
    using enum model::RunState;
    if (run.state == Timeout) {
        const auto limit = std::chrono::floor<std::chrono::seconds>(deadline);
        return limit.count() > 0 ? fmt::format("{}: ended by its deadline of {}", run.name,
                                               base::format_duration(limit))
                                 : fmt::format("{}: ended by its deadline", run.name);
    }
    if (run.state == Interrupted) {
        return fmt::format("{}: interrupted by signal {}", run.name, signal_name(outcome.signal));
    }
    const auto& command = outcome.commands.at(outcome.failed.value_or(0));
    return fmt::format("{}: stage {} of {} failed, {}", run.name, command.stage,
                       outcome.commands.back().stage, describe_end(command));
}

// The end of what a command said, indented.
void add_words(std::string_view words, std::vector<std::string>& lines) {
    std::vector<std::string> said;
    for (const auto& line : base::split(words, '\n')) {
        said.push_back("    " + base::cut_to_width(base::printable(line), kWidestLine));
    }
    const auto first = said.size() - std::min(said.size(), kMostLines);
    lines.insert(lines.end(), said.begin() + static_cast<std::ptrdiff_t>(first), said.end());
}

bool is_worth_a_line(const Outcome& outcome, std::size_t i) {
    const auto& command = outcome.commands[i];
    return i == outcome.failed || is_failure(command, outcome.commands.back().stage);
}

std::string past(const model::Run& run) {
    auto text = *run.failures == 1 ? std::string("the first failure in a row")
                                   : fmt::format("{} failures in a row", *run.failures);
    if (!run.last_success_at) {
        return text + "; no success is known";
    }
    const auto age = run.started_at - *run.last_success_at;
    return fmt::format("{}; last success {}, {} before", text,
                       base::format_time(*run.last_success_at), base::format_duration(age));
}

}  // namespace

std::string describe_end(const model::RunCommand& command) {
    if (command.signal) {
        return "killed by signal " + signal_name(*command.signal);
    }
    if (!command.exit_code) {
        return "not started";
    }
    const auto* known = std::ranges::find(kNames, *command.exit_code, &Name::code);
    return known == kNames.end()
               ? fmt::format("exit code {}", *command.exit_code)
               : fmt::format("exit code {} ({})", *command.exit_code, known->name);
}

std::vector<std::string> failure_report(const model::Run& run, const Outcome& outcome,
                                        std::chrono::milliseconds deadline,
                                        const std::string& folder) {
    std::vector<std::string> lines{headline(run, outcome, deadline)};
    for (std::size_t i = 0; i < outcome.commands.size(); ++i) {
        if (!is_worth_a_line(outcome, i)) {
            continue;
        }
        const auto& command = outcome.commands[i];
        const auto time = command.seconds ? fmt::format(" after {} s", *command.seconds) : "";
        lines.push_back(fmt::format("  {}, {}{}", where(command), describe_end(command), time));
        add_words(outcome.last_words[i], lines);
    }
    lines.push_back(fmt::format("  began {}, ran {} s", base::format_time(run.started_at),
                                run.seconds.value_or(0)));
    if (run.failures) {
        lines.push_back("  " + past(run));
    }
    lines.push_back(fmt::format("  all it printed: {}/failed.err, failed.out", folder));
    return lines;
}

}  // namespace tow::pipeline
