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

}  // namespace

Diagnostics::Diagnostics(std::string tool)
    : tool_(std::move(tool)), journal_(stderr_is_journal()) {}

void Diagnostics::say(Level level, std::string_view message) const {
    constexpr std::array<std::string_view, 5> kNames{"error", "hint", "warning", "note", "debug"};
    constexpr std::array<char, 5> kPriorities{'3', '5', '4', '6', '7'};
    const auto index = static_cast<std::size_t>(level);
    std::string line;
    if (journal_) {
        line = fmt::format("<{}>", kPriorities[index]);
    } else if (verbosity_ >= Verbosity::Steps) {
        line = base::format_time(base::wall_clock()) + " ";
    }
    line += fmt::format("{}: {}: {}\n", tool_, kNames[index], base::printable(message));
    // There is nowhere left to complain to if this fails.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
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
