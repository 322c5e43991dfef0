#include "cli/diagnostics.hpp"

#include "base/clock.hpp"
#include "base/dirs.hpp"
#include "base/utf8.hpp"

#include <array>
#include <sys/stat.h>
#include <unistd.h>

namespace tow::cli {

namespace {

// sd-daemon(3): $JOURNAL_STREAM is "device:inode" of the stream that leads to the journal.
bool stderr_is_journal() {
    const auto stream = base::environment("JOURNAL_STREAM");
    struct stat status {};
    return stream && ::fstat(STDERR_FILENO, &status) == 0 &&
           *stream == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

void write_out(std::string_view text) {
    // There is nowhere left to complain to if this fails.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

Diagnostics::Diagnostics(std::string tool)
    : tool_(std::move(tool)), journal_(stderr_is_journal()) {}

// With its priority or its time, where these are wanted.
std::string Diagnostics::line(Level level, std::string_view text) const {
    constexpr std::array<char, 5> kPriorities{'3', '5', '4', '6', '7'};
    std::string prefix;
    if (journal_) {
        prefix = fmt::format("<{}>", kPriorities[static_cast<std::size_t>(level)]);
    } else if (verbosity_ >= Verbosity::Steps) {
        prefix = base::format_time(base::wall_clock()) + " ";
    }
    return fmt::format("{}{}\n", prefix, base::printable(text));
}

void Diagnostics::say(Level level, std::string_view message) const {
    constexpr std::array<std::string_view, 5> kNames{"error", "hint", "warning", "note", "debug"};
    write_out(line(
        level, fmt::format("{}: {}: {}", tool_, kNames[static_cast<std::size_t>(level)], message)));
}

void Diagnostics::report(const std::vector<std::string>& lines) const {
    std::string text;
    for (const auto& detail : lines) {
        text +=
            line(Level::Error, text.empty() ? fmt::format("{}: error: {}", tool_, detail) : detail);
    }
    write_out(text);
}

void Diagnostics::error(std::string_view message) const {
    say(Level::Error, message);
}

void Diagnostics::error(const base::Error& error) const {
    say(Level::Error, error.what());
    hint(error.hint());
}

void Diagnostics::hint(std::string_view message) const {
    if (verbosity_ >= Verbosity::Normal && !message.empty()) {
        say(Level::Hint, message);
    }
}

void Diagnostics::warning(std::string_view message) const {
    if (verbosity_ >= Verbosity::Normal) {
        say(Level::Warning, message);
    }
}

void Diagnostics::note(std::string_view message) const {
    if (verbosity_ >= Verbosity::Steps) {
        say(Level::Note, message);
    }
}

void Diagnostics::debug(std::string_view message) const {
    if (verbosity_ >= Verbosity::Everything) {
        say(Level::Debug, message);
    }
}

void Diagnostics::count(const std::string& what, std::size_t times) {
    if (times > 0) {
        counted_[what] += times;
    }
}

void Diagnostics::finish() {
    for (const auto& [what, times] : counted_) {
        warning(fmt::format("{} {}", times, what));
    }
    counted_.clear();
}

}  // namespace tow::cli
