#include "source/query.hpp"

#include "base/dirs.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "model/decision.hpp"
#include "record/json.hpp"
#include "source/fetch.hpp"

#include <exception>
#include <thread>
#include <utility>

namespace tow::source {

namespace {

// What one command may print; it goes to a file, not to memory.
constexpr std::size_t kMostBytes = std::size_t{4} << 30U;

class Asking {
  public:
    Asking(std::vector<std::unique_ptr<Query>>& queries, const AskOptions& options,
           const AskEvents& events)
        : queries_(queries), options_(options), events_(events), errors_(queries.size()) {}

    void run() {
        for (std::size_t i = 0; i < queries_.size(); ++i) {
            ask_next(i);
        }
        do {
            run_round();
        } while (!fetches_.empty());
    }

    const std::vector<std::optional<base::Error>>& errors() const { return errors_; }

  private:
    void ask_next(std::size_t query);
    void take(std::size_t query, Answer answer);
    void run_round();

    std::vector<std::unique_ptr<Query>>& queries_;
    const AskOptions& options_;
    const AskEvents& events_;
    std::vector<std::optional<base::Error>> errors_;
    base::CommandPool pool_;
    std::vector<std::size_t> fetching_;  // the queries of fetches_
    std::vector<Fetch> fetches_;
};

void Asking::ask_next(std::size_t query) {
    try {
        auto question = queries_[query]->next();
        if (!question) {
            return;
        }
        if (question->argv.empty()) {
            fetching_.push_back(query);
            fetches_.push_back({std::move(question->url), std::move(question->post)});
            return;
        }
        events_.trace(base::shell_quoted(question->argv));
        pool_.add({std::move(question->argv), std::move(question->environment)},
                  {kMostBytes, options_.deadline}, [this, query](base::CommandEnd end) {
                      if (end.error) {
                          errors_[query] = std::move(end.error);
                      } else {
                          take(query, {std::move(end.output), end.status, end.complaint});
                      }
                  });
    } catch (const base::Error& error) {
        errors_[query] = error;
    }
}

void Asking::take(std::size_t query, Answer answer) {
    try {
        queries_[query]->take(std::move(answer));
        ask_next(query);
    } catch (const base::Error& error) {
        errors_[query] = error;
    }
}

// Servers are asked while the commands run. The other thread only moves bytes.
void Asking::run_round() {
    const auto fetching = std::exchange(fetching_, {});
    const auto fetches = std::exchange(fetches_, {});
    std::vector<Fetched> fetched;
    std::exception_ptr failure;
    {
        std::jthread web;
        if (!fetches.empty()) {
            web = std::jthread([&] {
                try {
                    fetched = fetch(fetches, {options_.deadline, options_.cache, events_.trace});
                } catch (...) {
                    failure = std::current_exception();
                }
            });
        }
        pool_.run();
    }
    try {
        if (failure) {
            std::rethrow_exception(failure);
        }
    } catch (const base::Error& error) {
        for (const auto query : fetching) {
            errors_[query] = error;
        }
        return;
    }
    for (std::size_t i = 0; i < fetching.size(); ++i) {
        if (fetched[i].error) {
            errors_[fetching[i]] = std::move(fetched[i].error);
        } else {
            take(fetching[i], {std::move(fetched[i].output), {}, {}});
        }
    }
}

// The records of one source, kept for the next time. That they cannot be kept harms nobody now.
void hand_over(Query& query, const AskOptions& options, const AskEvents& events) {
    const auto identity = query.identity();
    std::optional<LastKnown::Writer> writer;
    if (options.cache && !identity.empty()) {
        try {
            writer.emplace(LastKnown(*options.cache, identity), options.now);
        } catch (const base::Error& error) {
            events.trace(fmt::format("the answer is not kept: {}", error.what()));
        }
    }
    const auto keep = [&](auto action) {
        try {
            if (writer) {
                action(*writer);
            }
        } catch (const base::Error& error) {
            events.trace(fmt::format("the answer is not kept: {}", error.what()));
            writer.reset();
        }
    };
    query.each_record([&](std::string_view type, std::string_view line) {
        events.record(type, line);
        keep([&](auto& file) { file.add(line); });
    });
    keep([](auto& file) { file.commit(); });
}

// Whether there was a kept answer that may be used.
bool hand_over_old(const Query& query, const AskOptions& options, const AskEvents& events) {
    if (!options.max_stale || !options.cache || query.identity().empty()) {
        return false;
    }
    try {
        const auto observed_at = LastKnown(*options.cache, query.identity())
                                     .replay(options.now, *options.max_stale, events.record);
        if (observed_at) {
            events.warning(fmt::format("{}: its answer of {} ago is used",
                                       base::printable(query.name()),
                                       base::format_duration(std::max(
                                           std::chrono::seconds{0}, options.now - *observed_at))));
        }
        return observed_at.has_value();
    } catch (const base::Error& error) {
        events.warning(fmt::format("{}: the kept answer cannot be used: {}",
                                   base::printable(query.name()), error.what()));
        return false;
    }
}

// True if an old answer stands in.
bool report(const Query& query, const base::Error& error, const AskOptions& options,
            const AskEvents& events) {
    const auto name = query.name();
    const bool is_named =
        query.errors_have_place() || std::string_view(error.what()).starts_with(name);
    const auto named = is_named ? error : error.within(name);
    events.error(named);
    if (hand_over_old(query, options, events)) {
        return true;
    }
    std::string line;
    record::write_json(to_record(model::make_gap(options.scope, name, named, options.now)), line);
    events.record("gap", line);
    return false;
}

Outcome finish(Query& query, std::optional<base::Error> error, const AskOptions& options,
               const AskEvents& events) {
    if (!error) {
        try {
            hand_over(query, options, events);
            return {};
        } catch (const base::Error& failure) {
            error = failure;
        }
    }
    return {error->kind(), report(query, *error, options, events)};
}

}  // namespace

AskOptions ask_options(std::string scope, base::Time now,
                       std::optional<std::chrono::milliseconds> deadline,
                       std::optional<std::chrono::milliseconds> max_stale) {
    AskOptions options;
    options.scope = std::move(scope);
    options.deadline = deadline.value_or(options.deadline);
    options.now = now;
    options.cache = base::cache_directory();
    if (max_stale) {
        options.max_stale = std::chrono::floor<std::chrono::seconds>(*max_stale);
    }
    return options;
}

std::vector<Outcome> ask(std::vector<std::unique_ptr<Query>>& queries, const AskOptions& options,
                         const AskEvents& events) {
    Asking asking(queries, options, events);
    asking.run();
    std::vector<Outcome> outcomes;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        outcomes.push_back(finish(*queries[i], asking.errors()[i], options, events));
        queries[i].reset();  // with all that it counted
    }
    return outcomes;
}

std::vector<std::optional<base::Kind>> results_of(const std::vector<Outcome>& outcomes) {
    std::vector<std::optional<base::Kind>> results;
    for (const auto& outcome : outcomes) {
        results.push_back(outcome.failure);
        if (outcome.has_old_answer) {
            results.emplace_back();
        }
    }
    return results;
}

}  // namespace tow::source
