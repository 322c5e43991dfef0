#include "pipeline/run.hpp"

#include "base/file.hpp"
#include "base/stop.hpp"
#include "fleet/state_file.hpp"
#include "pipeline/history.hpp"
#include "pipeline/kept_output.hpp"
#include "pipeline/report.hpp"

#include <array>
#include <cerrno>
#include <cmath>
#include <unistd.h>

namespace tow::pipeline {

namespace {

// last.out becomes failed.out as well, and last.err failed.err.
void keep_as_failed(const std::string& folder) {
    for (const std::string_view ending : {".out", ".err"}) {
        const auto last = fmt::format("{}/last{}", folder, ending);
        const auto failed = fmt::format("{}/failed{}", folder, ending);
        ::unlink(failed.c_str());
        if (::link(last.c_str(), failed.c_str()) != 0 && errno != ENOENT) {
            base::fail_errno(base::Kind::Io, errno, failed);
        }
    }
}

class Keeper {
  public:
    Keeper(const Order& order, Account& account) : order_(order), account_(account) {}

    // Runs a step of keeping; its failure is a problem, not the end.
    template <class Step>
    void attempt(Step step) {
        try {
            step();
        } catch (const base::Error& error) {
            account_.problems.push_back(error);
        }
    }

    void begin() {
        attempt([&] {
            const auto database = open();
            const auto begun = History(database).begin(account_.run);
            number_ = begun.number;
            account_.killed_run = begun.killed_run;
        });
        const auto folder = output_folder(order_.state_directory, order_.name);
        attempt([&] {
            base::make_directories(folder);
            if (account_.killed_run) {
                keep_as_failed(folder);
            }
        });
        output_.emplace(folder + "/last.out");
        errors_.emplace(folder + "/last.err");
    }

    void end() {
        for (auto* file : {&*output_, &*errors_}) {
            file->finish();
            if (const auto& problem = file->problem()) {
                account_.problems.push_back(*problem);
            }
        }
        if (account_.run.state != model::RunState::Done) {
            attempt([&] { keep_as_failed(output_folder(order_.state_directory, order_.name)); });
        }
        if (!number_) {  // the reason was said
            return;
        }
        attempt([&] {
            const auto database = open();
            const History history(database);
            history.end(*number_, account_.run);
            const auto known = history.latest(order_.name, [](const auto&) { return true; });
            account_.run.failures = known->failures;
            account_.run.last_success_at = known->last_success_at;
        });
    }

    KeptOutput& output() { return *output_; }

    KeptOutput& errors() { return *errors_; }

  private:
    store::Database open() const {
        return fleet::open_state(order_.state_directory, store::Access::ReadWrite);
    }

    const Order& order_;
    Account& account_;
    std::optional<std::int64_t> number_;
    std::optional<KeptOutput> output_;
    std::optional<KeptOutput> errors_;
};

// A supervisor that failed itself is an outcome as well: the history must tell.
Outcome run_stages(const Order& order, const Listener& listener) {
    try {
        return supervise(order.stages, order.limits, listener);
    } catch (const base::Error& error) {
        Outcome outcome;
        outcome.state = model::RunState::Failed;
        outcome.exit_code = base::exit_code_of(error.kind());
        outcome.commands = describe(order.stages);
        outcome.last_words.resize(outcome.commands.size());
        outcome.last_words.front() = error.what();
        outcome.failed = 0;
        return outcome;
    }
}

}  // namespace

std::string output_folder(const std::string& state_directory, const std::string& name) {
    return fmt::format("{}/runs/{}", state_directory, name);
}

Account carry_out(const Order& order, const std::function<void(std::string_view)>& hear) {
    const base::CriticalSection whole;  // a stop is for the commands; what they did is kept
    Account account;
    auto& run = account.run;
    run.name = order.name;
    run.started_at = order.started_at;
    run.stages = describe(order.stages);
    const auto start = std::chrono::steady_clock::now();
    Keeper keeper(order, account);
    keeper.begin();
    const auto outcome =
        run_stages(order, {[&](std::string_view text) { keeper.output().append(text); },
                           [&](std::string_view text) {
                               keeper.errors().append(text);
                               hear(text);
                           }});
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    run.seconds = std::round(seconds.count() * 1000) / 1000;
    run.state = outcome.state;
    run.exit_code = outcome.exit_code;
    run.stages = outcome.commands;
    keeper.end();
    if (run.state != model::RunState::Done) {
        account.report =
            failure_report(run, outcome, order.limits.deadline.value_or(std::chrono::seconds{0}),
                           output_folder(order.state_directory, order.name));
    }
    return account;
}

}  // namespace tow::pipeline
