// Sources that are asked all at once: commands of batch systems, servers, files. One that fails
// costs the others nothing and becomes a gap.
#pragma once

#include "base/clock.hpp"
#include "base/command_pool.hpp"
#include "base/error.hpp"
#include "source/last_known.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::source {

// What to ask next: a command, or a URL.
struct Question {
    std::vector<std::string> argv;
    std::vector<std::string> environment;  // as of a base::Child
    std::string url;                       // if there is no command
    std::string post;                      // what to send to it; empty: a GET
};

struct Answer {
    base::UniqueFd output;    // to be read from its beginning
    base::ExitStatus status;  // of a command
    std::string complaint;
};

class Query {
  public:
    Query() = default;
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    virtual ~Query() = default;

    virtual std::string name() const = 0;  // that records call the source

    // Whether its errors say where they are by themselves; else they get the name before them.
    virtual bool errors_have_place() const { return false; }

    // All that the records depend on beside the world, so that a kept answer is one to the same
    // question. Empty: the answer is not worth keeping (a file is its own memory).
    virtual std::string identity() const = 0;

    // The next question, nothing if there is none (left). Error: the source was not seen.
    virtual std::optional<Question> next() = 0;
    virtual void take(Answer answer) = 0;

    // What was seen. Error: nothing was.
    virtual void each_record(const VisitRecord& visit) = 0;
};

struct AskOptions {
    std::string scope;                           // of gaps: "jobs" or "entries"
    std::chrono::milliseconds deadline{30'000};  // of one source
    base::Time now;
    std::optional<std::string> cache;               // directory; nothing: no answer is kept
    std::optional<std::chrono::seconds> max_stale;  // kept answers up to this age may be used
};

// With the deadline and the age that a user may have given, and the usual cache directory.
AskOptions ask_options(std::string scope, base::Time now,
                       std::optional<std::chrono::milliseconds> deadline,
                       std::optional<std::chrono::milliseconds> max_stale);

struct AskEvents {
    VisitRecord record;  // what was seen, and the gaps
    std::function<void(const base::Error& error)> error;
    std::function<void(const std::string& text)> warning;
    std::function<void(const std::string& text)> trace;  // commands and requests
};

// To the output and the messages of a tool: of a cli::Context, which this layer does not know.
template <class Context>
AskEvents ask_events(Context& context) {
    return {
        [&](std::string_view type, std::string_view line) { context.out().write(type, line); },
        [&](const base::Error& error) { context.log().error(error); },
        [&](const std::string& text) { context.log().warning(text); },
        [&](const std::string& text) { context.log().debug(text); },
    };
}

struct Outcome {
    std::optional<base::Kind> failure;  // why it was not seen, nothing if it was
    bool has_old_answer = false;        // its last answer was handed over in its place
};

// Asks all of them at once and hands over their records in this order. The queries are used up.
std::vector<Outcome> ask(std::vector<std::unique_ptr<Query>>& queries, const AskOptions& options,
                         const AskEvents& events);

// As a tool sums them up: where an old answer stands in, not all is lost.
std::vector<std::optional<base::Kind>> results_of(const std::vector<Outcome>& outcomes);

}  // namespace tow::source
