#include "cli/tool.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/stop.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <exception>
#include <fcntl.h>
#include <span>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tow::cli {

namespace {

using namespace std::chrono_literals;
namespace code = base::exit_code;

constexpr auto kGraceOfReaders = 250ms;
constexpr auto kGraceOfActs = 5s;

// The shared options, and the odd ones that no struct needs to keep.
struct Shared {
    SharedOptions options;
    bool verbose = false;
    bool quiet = false;
    bool no_color = false;
    bool version = false;
    bool help = false;
};

void declare_shared(Command& command, Shared& shared) {
    auto& options = shared.options;
    command.option(options.output, "--output", "FORMAT", "encoding of the result")
        .letter('o')
        .choices({"auto", "table", "jsonl", "json", "csv"})
        .fallback("auto")
        .variable("TOW_OUTPUT")
        .shared();
    command
        .option(options.out_file, "--out", "FILE",
                "write the result to FILE, which is replaced only on success; - is standard output")
        .shared();
    command.option(options.columns, "--columns", "NAME,..", "show these fields, in this order")
        .shared();
    command.option(options.only, "--only", "TYPE,..", "show records of these types only").shared();
    command.option(options.config_file, "--config", "FILE", "use this configuration file alone")
        .variable("TOW_CONFIG")
        .shared();
    command.option(options.dry_run, "--dry-run", "change nothing; show what would be done")
        .letter('n')
        .shared();
    if (command.has_state) {
        command
            .option(options.state, "--state", "DIR",
                    "where the state file is; default: $TOW_STATE_DIR, $STATE_DIRECTORY, or "
                    "~/.local/state/aerotow")
            .shared();
    }
    if (command.role == Role::Query || command.role == Role::Filter) {
        command.option(options.fail_if_empty, "--fail-if-empty", "end with 1 if nothing was found")
            .shared();
    }
    if (command.role == Role::Act) {
        command
            .option(options.lock_wait, "--lock-wait", "DURATION",
                    "wait this long for another run to end")
            .fallback("0")
            .shared();
    }
    command.option(shared.verbose, "--verbose", "say more on standard error; twice: everything")
        .letter('v')
        .shared();
    command.option(shared.quiet, "--quiet", "say nothing but errors").letter('q').shared();
    command.option(options.timeout, "--timeout", "DURATION", "end after this long; 0: never")
        .fallback(command.role == Role::Query ? "60s" : "0")
        .shared();
    command.option(options.color, "--color", "WHEN", "colours in tables")
        .choices({"auto", "always", "never"})
        .fallback("auto")
        .shared();
    command.option(shared.no_color, "--no-color", "the same as --color never").shared();
    command.option(shared.version, "--version", "show the version and end; with -v, of what")
        .shared();
    command.option(shared.help, "--help", "show this help and end").letter('h').shared();
}

// Output goes to --out or standard output; a file appears only when it is complete.
class Output {
  public:
    Output(const SharedOptions& options, const Command& command)
        : file_(options.out_file && *options.out_file != "-"
                    ? std::optional<base::AtomicFile>(std::in_place, *options.out_file)
                    : std::nullopt),
          fd_(file_ ? file_->fd() : STDOUT_FILENO),
          sink_(fd_, command.role != Role::Act) {
        const bool terminal = ::isatty(fd_) == 1;
        settings_.format = format_of(options.output, terminal);
        for (const auto& output : command.outputs) {
            settings_.types.push_back({output.type, output.columns});
        }
        settings_.columns = options.columns;
        settings_.only = options.only;
        settings_.now = base::wall_clock();
        settings_.width = terminal ? terminal_width() : 0;
        settings_.color = wants_color(options.color, terminal);
    }

    std::unique_ptr<record::RecordWriter> writer() {
        return std::make_unique<record::RecordWriter>(sink_, settings_);
    }
    record::Sink& sink() { return sink_; }

    void commit() {
        if (file_) {
            file_->commit();
        }
    }

  private:
    static record::Format format_of(const std::string& name, bool terminal) {
        using record::Format;
        if (name == "auto") {
            return terminal ? Format::Table : Format::Jsonl;
        }
        return name == "table"  ? Format::Table
               : name == "json" ? Format::Json
               : name == "csv"  ? Format::Csv
                                : Format::Jsonl;
    }

    std::size_t terminal_width() const {
        std::size_t columns = 0;
        if (const auto text = base::environment("COLUMNS")) {
            std::from_chars(text->data(), text->data() + text->size(), columns);
        }
        winsize size{};
        if (columns == 0 && ::ioctl(fd_, TIOCGWINSZ, &size) == 0) {
            columns = size.ws_col;
        }
        return columns;
    }

    static bool wants_color(const std::string& when, bool terminal) {
        if (when != "auto") {
            return when == "always";
        }
        if (base::environment("NO_COLOR")) {
            return false;
        }
        const auto forced = base::environment("CLICOLOR_FORCE");
        return (forced && *forced != "0") || (terminal && base::environment("TERM") != "dumb");
    }

    std::optional<base::AtomicFile> file_;
    int fd_;
    record::Sink sink_;
    record::OutputOptions settings_;
};

class Run {
  public:
    explicit Run(const Tool& tool)
        : tool_(tool),
          command_(tool.name.empty() ? "tow" : fmt::format("tow-{}", tool.name)),
          log_(command_.name) {
        tool.declare(command_);
        declare_shared(command_, shared_);
    }

    int execute(int argc, const char* const* argv) {
        try {
            return attempt(argc, argv);
        } catch (const base::Interrupted& stop) {
            base::die_of(stop.signal);
        } catch (const record::OutputClosed&) {
            return code::kOk;
        } catch (const base::Error& error) {
            log_.finish();
            log_.error(error);
            if (error.kind() == base::Kind::Usage) {
                log_.hint(fmt::format("see {} --help", command_.name));
            }
            return base::exit_code_of(error.kind());
        } catch (const std::exception& error) {
            log_.error(fmt::format("a bug in aerotow, please report it: {}", error.what()));
            return code::kInternal;
        }
    }

  private:
    int attempt(int argc, const char* const* argv) {
        const bool acts = command_.role == Role::Act;
        base::install_stop_handlers(acts ? kGraceOfActs : kGraceOfReaders);
        if (const auto answer = answer_before_parsing(argc, argv)) {
            return print(*answer);
        }
        const auto parsed = parse(command_, argc, argv);
        set_verbosity(parsed);
        fill_in_defaults(parsed);
        given_ = parsed.given;
        if (shared_.no_color) {
            shared_.options.color = "never";
        }
        if (shared_.options.timeout->count() > 0) {
            base::set_deadline(*shared_.options.timeout);
        }
        return work();
    }

    int work() {
        Output output(shared_.options, command_);
        Context context(shared_.options, settings_, log_, output.writer());
        context.set_given(given_);
        try {
            int result = tool_.run(context);
            result = std::max(result, context.exit_code());
            context.out().finish();
            if (shared_.options.fail_if_empty && context.out().written() == 0) {
                result = std::max(result, code::kPartial);
            }
            log_.finish();
            result = std::max(result, end_of_time(result));
            if (result <= code::kPartial) {
                output.commit();
            }
            return result;
        } catch (...) {
            output.sink().flush();  // what is known is told, even if the rest failed
            throw;
        }
    }

    // A run that was told to stop, and did so in good order. Throws Interrupted after a signal.
    int end_of_time(int result) const {
        try {
            base::check_stop();
            return code::kOk;
        } catch (const base::Error& timeout) {
            if (result != code::kTimeout) {  // else it has been said
                log_.error(timeout);
            }
            return code::kTimeout;
        }
    }

    // --help wins over everything; neither it nor --version needs a valid command line.
    std::optional<std::string> answer_before_parsing(int argc, const char* const* argv) const {
        const auto arguments = std::span(argv, static_cast<std::size_t>(argc)).subspan(1);
        const auto end = std::ranges::find(arguments, std::string_view("--"));
        const auto given = [&](std::initializer_list<std::string_view> names) {
            return std::any_of(arguments.begin(), end, [&](std::string_view argument) {
                return std::ranges::find(names, argument) != names.end();
            });
        };
        if (given({"--help", "-h"})) {
            return help_text(command_);
        }
        if (given({"--dump-cli-spec"})) {
            return spec_json(command_) + "\n";
        }
        if (given({"--version"})) {
            return fmt::format("{} {}\n{}", command_.name, TOW_VERSION,
                               given({"-v", "--verbose"}) ? TOW_BUILD "\n" : "");
        }
        return std::nullopt;
    }

    static int print(std::string_view text) {
        record::Sink out(STDOUT_FILENO, true);
        out.write(text);
        out.flush();
        return code::kOk;
    }

    // The last of -v and -q wins; -v counts.
    void set_verbosity(const Parsed& parsed) {
        int level = 1;
        for (const auto& name : parsed.given) {
            level = name == "--quiet" ? 0 : name == "--verbose" ? std::max(level, 1) + 1 : level;
        }
        log_.set_verbosity(static_cast<Verbosity>(std::min(level, 3)));
    }

    // Flag, then environment, then configuration, then default.
    void fill_in_defaults(const Parsed& parsed) {
        const auto given = [&parsed](const Option& option) {
            return std::ranges::find(parsed.given, option.name) != parsed.given.end();
        };
        for (const auto& option : command_.options) {
            if (given(option)) {
                continue;
            }
            const auto variable = option.environment.empty()
                                      ? std::nullopt
                                      : base::environment(option.environment.c_str());
            if (variable) {
                base::with_context("$" + option.environment, [&] { option.set(*variable); });
            } else if (!option.default_text.empty()) {
                option.set(option.default_text);
            }
        }
        settings_.use_only(shared_.options.config_file);
        for (const auto& option : command_.options) {
            if (!option.setting_key.empty() && !given(option)) {
                set_from(settings_.get(), option);
            }
        }
    }

    static void set_from(const config::Settings& settings, const Option& option) {
        if (const auto text = settings.text(option.setting_key)) {
            base::with_context(settings.origin(option.setting_key).text(),
                               [&] { option.set(*text); });
        }
    }

    const Tool& tool_;
    Command command_;
    Diagnostics log_;
    Shared shared_;
    LazySettings settings_;
    std::vector<std::string> given_;  // options on the command line
};

// Standard output that cannot be closed has not been written (NFS, quotas).
int close_stdout(const Diagnostics& log) {
    if (::close(STDOUT_FILENO) != 0 && errno != EBADF) {
        log.error("standard output: cannot be closed");
        return code::kIo;
    }
    return code::kOk;
}

}  // namespace

int run_tool(const Tool& tool, int argc, const char* const* argv) {
    try {
        Run run(tool);
        const int result = run.execute(argc, argv);
        return std::max(result, close_stdout(Diagnostics(std::string(tool.name))));
    } catch (const base::Error& error) {  // a wrong $TOW_NOW, say
        Diagnostics("tow").error(error);
        return base::exit_code_of(error.kind());
    } catch (
        const std::exception& error) {  // declaring the tool, or saying what went wrong, failed
        Diagnostics("tow").error(error.what());
        return code::kInternal;
    }
}

}  // namespace tow::cli
