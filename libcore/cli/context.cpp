#include "cli/context.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace tow::cli {

const config::Settings& LazySettings::get() {
    if (!settings_) {
        settings_ =
            config::Settings::read(only_file_ ? std::vector{*only_file_} : base::config_files());
    }
    return *settings_;
}

Context::Context(SharedOptions options, LazySettings& settings, Diagnostics& log,
                 std::unique_ptr<record::RecordWriter> out)
    : options_(std::move(options)),
      settings_(settings),
      log_(log),
      out_(std::move(out)),
      now_(base::wall_clock()) {}

bool Context::is_given(std::string_view option) const {
    return std::ranges::find(given_, option) != given_.end();
}

std::string Context::state_directory() const {
    return options_.state ? *options_.state : base::state_directory();
}

// The lock lives with the state it guards, not in $XDG_RUNTIME_DIR: cron has no such directory, so
// a run from cron and one from a shell would not see each other there.
void Context::lock(const std::string& name, std::chrono::milliseconds least_wait) {
    base::make_directories(state_directory());
    lock_ = std::make_unique<base::FileLock>(
        lock_file(name), std::max(least_wait, options_.lock_wait.value_or(least_wait)));
}

std::string Context::lock_file(const std::string& name) const {
    return fmt::format("{}/{}.lock", state_directory(), name);
}

void Context::confirm(const std::string& what, bool yes) {
    if (yes || options_.dry_run) {
        return;
    }
    if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) {
        throw base::Error(base::Kind::Usage, "nobody to ask: " + what + "?",
                          "say --yes, or see what would happen with --dry-run");
    }
    const auto question = what + "? [y/N] ";
    std::array<char, 256> answer{};
    if (!base::write_all(STDERR_FILENO, question) || base::read_some(STDIN_FILENO, answer) == 0 ||
        (answer[0] != 'y' && answer[0] != 'Y')) {
        base::fail(base::Kind::Usage, "not confirmed");
    }
}

void Context::each_file(const std::vector<std::string>& files, const VisitFile& visit) const {
    for (const auto& file : files) {
        if (file == "-") {
            visit(STDIN_FILENO, file);
        } else {
            const auto fd = base::open_for_reading(file);
            visit(fd.get(), file);
        }
    }
    if (!files.empty()) {
        return;
    }
    if (::isatty(STDIN_FILENO) == 1) {
        throw base::Error(base::Kind::Usage, "no input: standard input is a terminal",
                          "give it files, or the output of another tool through a pipe");
    }
    visit(STDIN_FILENO, "-");
}

void Context::each_record(const std::vector<std::string>& files, const Visit& visit) {
    each_file(files, [&](int fd, const std::string& name) { read_from(fd, name, visit); });
}

void Context::read_from(int fd, const std::string& name, const Visit& visit) {
    record::RecordReader reader(fd, name, [this] { out_->flush(); });
    while (reader.next()) {
        visit(reader);
    }
    log_.count("records with bytes that are not UTF-8, which were replaced",
               reader.repaired_lines());
}

void Context::close_output() {
    out_->finish();
    if (options_.out_file && *options_.out_file != "-") {
        return;  // nobody reads it before it is complete
    }
    const base::UniqueFd nobody(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (!nobody || ::dup2(nobody.get(), STDOUT_FILENO) < 0) {
        base::fail_errno(base::Kind::Io, errno, "standard output");
    }
}

bool Context::wants_color() const {
    return options_.color == "always" ||
           (options_.color == "auto" && !base::environment("NO_COLOR"));
}

void Context::note_partial() {
    exit_code_ = std::max(exit_code_, base::exit_code::kPartial);
}

void Context::note_error(const base::Error& error) {
    log_.error(error);
    exit_code_ = std::max(exit_code_, base::exit_code_of(error.kind()));
}

void Context::note_sources(const std::vector<std::optional<base::Kind>>& results) {
    int worst = 0;
    bool any_good = false;
    for (const auto& kind : results) {
        worst = std::max(worst, kind ? base::exit_code_of(*kind) : 0);
        any_good = any_good || !kind;
    }
    exit_code_ =
        std::max(exit_code_, any_good ? std::min(worst, base::exit_code::kPartial) : worst);
}

void Context::note_acts(const std::vector<std::optional<base::Kind>>& results) {
    using enum base::Kind;
    const bool is_service = std::ranges::all_of(results, [](const auto& kind) {
        return kind == Unavailable || kind == Permission || kind == Timeout || kind == Busy;
    });
    if (is_service) {
        note_sources(results);
    } else if (std::ranges::any_of(results, [](const auto& kind) { return kind.has_value(); })) {
        note_partial();
    }
}

}  // namespace tow::cli
