// What a running tool may touch of the world: input, output, clock, configuration, state.
#pragma once

#include "base/clock.hpp"
#include "base/lock.hpp"
#include "cli/diagnostics.hpp"
#include "config/settings.hpp"
#include "record/output.hpp"
#include "record/reader.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tow::cli {

// The options every tool has, as parsed.
struct SharedOptions {
    std::string output;
    std::optional<std::string> out_file;
    std::vector<std::string> columns;
    std::vector<std::string> only;
    std::optional<std::string> config_file;
    std::optional<std::string> state;  // of tools that declare --state
    bool dry_run = false;
    bool fail_if_empty = false;  // of queries and filters
    std::optional<std::chrono::milliseconds> timeout;
    std::optional<std::chrono::milliseconds> lock_wait;  // of tools that act
    std::string color = "auto";
};

// The configuration, read when it is first needed: most runs of most tools never do.
class LazySettings {
  public:
    void use_only(std::optional<std::string> file) { only_file_ = std::move(file); }
    const config::Settings& get();  // Error{Config}

  private:
    std::optional<std::string> only_file_;
    std::optional<config::Settings> settings_;
};

class Context {
  public:
    Context(SharedOptions options, LazySettings& settings, Diagnostics& log,
            std::unique_ptr<record::RecordWriter> out);

    record::RecordWriter& out() { return *out_; }
    Diagnostics& log() { return log_; }
    base::Time now() const { return now_; }  // the same instant for the whole run
    bool dry_run() const { return options_.dry_run; }
    bool is_given(std::string_view option) const;  // on the command line: "--max-submit"

    const config::Settings& settings() { return settings_.get(); }

    // --state, or what base::state_directory() says. Not created.
    std::string state_directory() const;

    // One run of this name at a time on this state directory, which is created if need be.
    // Error{Busy} when --lock-wait has passed, or least_wait if that is longer.
    void lock(const std::string& name, std::chrono::milliseconds least_wait = {});
    std::string lock_file(const std::string& name) const;
    void unlock() { lock_.reset(); }  // before the run ends

    // Asks a person before something is destroyed. Goes on without asking if yes is set or nothing
    // is changed (--dry-run); Error{Usage} if there is nobody to ask or the answer is no.
    void confirm(const std::string& what, bool yes);

    using Visit = std::function<void(const record::RecordReader& reader)>;

    using VisitFile = std::function<void(int fd, const std::string& name)>;

    // These files, opened one after the other, or standard input if there are none ("-" is standard
    // input). Error{Usage} if that would wait for a person to type.
    void each_file(const std::vector<std::string>& files, const VisitFile& visit) const;

    // Every record of these files. Output is flushed before a read that may block.
    void each_record(const std::vector<std::string>& files, const Visit& visit);

    // Ends standard output: who reads it need not wait for what this run still does. Nothing may be
    // written from then on.
    void close_output();

    // Whether somebody asked for an encoding, so that it is not ours to choose.
    bool output_is_chosen() const {
        return options_.output != "auto" || !options_.columns.empty() || !options_.only.empty();
    }

    // Whether a view that a tool draws itself may use colours.
    bool wants_color() const;

    void set_given(std::vector<std::string> options) { given_ = std::move(options); }

    // The run goes on, but its exit code will be 1 at least.
    void note_partial();

    // Says what is wrong with one part of the input. The run goes on with the rest, but its exit
    // code will be that of the error at least.
    void note_error(const base::Error& error);

    // The result of a look at several sources, nothing where it went well: if all failed, the exit
    // code is that of the worst; if some did, it is 1.
    void note_sources(const std::vector<std::optional<base::Kind>>& results);

    // The result of several acts, nothing where one went well: some failures make the exit code 1.
    // It is that of the worst if nothing went well and the reason was always a service: that it
    // could not be reached, said "later", or did not trust us.
    void note_acts(const std::vector<std::optional<base::Kind>>& results);

    int exit_code() const { return exit_code_; }

  private:
    void read_from(int fd, const std::string& name, const Visit& visit);

    SharedOptions options_;
    LazySettings& settings_;
    Diagnostics& log_;
    std::unique_ptr<record::RecordWriter> out_;
    base::Time now_;
    std::vector<std::string> given_;
    std::unique_ptr<base::FileLock> lock_;
    int exit_code_ = 0;
};

}  // namespace tow::cli
