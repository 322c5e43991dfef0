// tow-submit: sends pilots, exactly once.
#include "base/error.hpp"
#include "base/stop.hpp"
#include "base/text.hpp"
#include "cli/tool.hpp"
#include "fleet/fleet.hpp"
#include "fleet/memories.hpp"
#include "model/history.hpp"

#include <algorithm>

namespace {

namespace base = tow::base;
namespace batch = tow::batch;
namespace cli = tow::cli;
namespace fleet = tow::fleet;
namespace model = tow::model;
namespace record = tow::record;
namespace store = tow::store;

struct Options {
    std::vector<std::string> files;
    std::optional<std::int64_t> max_rate;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Act).keeps_state();
    command.summary("sends the pilots that requests ask for, exactly once")
        .about(
            "Reads request and entry records, passes everything on, and adds a submission record "
            "for each request that asks for pilots. The same request given twice sends nothing "
            "more; one that was cut short is completed. Nothing is sent before the whole input "
            "has been read and understood, and the memory records in it are kept for the next "
            "decision.")
        .example("tow-submit --dry-run < decision.jsonl", "see what would be sent")
        .example(
            "{ tow-jobs condor; tow-entries; tow-pilots; } | tow-demand | tow-plan | tow-submit",
            "one cycle of a factory")
        .operands(options.files, "FILE", "records; - or nothing is standard input")
        .see_also({"tow-plan(1)", "tow-pilots(1)", "tow-remove(1)", "tow-records(5)", "tow(7)"})
        .emits("submission", {"entry", "asked", "sent", "error.message", "request"});
    command.option(options.max_rate, "--max-rate", "N",
                   "hand over at most N pilots a minute to one batch system");
}

struct Input {
    std::vector<model::Request> requests;
    std::map<std::string, model::Entry> entries;
    std::vector<record::Object> memories;
};

Input read(cli::Context& context, const Options& options) {
    Input input;
    context.each_record(options.files, [&](const record::RecordReader& reader) {
        if (reader.type() == "request") {
            if (auto request = reader.as(model::read_request); request.submit > 0) {
                input.requests.push_back(std::move(request));
            }
        } else if (reader.type() == "entry") {
            auto entry = reader.as(model::read_entry);
            auto name = entry.name;
            input.entries.insert_or_assign(std::move(name), std::move(entry));
        } else if (reader.type() == "memory") {
            input.memories.push_back(reader.as([](record::View memory) {
                model::read_memory(memory);  // understood, or refused with its place
                return *memory.value().object();
            }));
        }
        context.out().pass(reader.type(), reader.line());
    });
    return input;
}

model::Outcome failed(const model::Request& request, const base::Error& error) {
    return {request.id, request.entry, request.submit, 0, {}, {}, error};
}

// The same checks, no journal, no call that changes anything.
model::Outcome rehearse(cli::Context& context, const batch::Surroundings& surroundings,
                        const model::Request& request, const model::Entry& full_entry) {
    model::Outcome outcome{request.id, request.entry, request.submit, 0, {}, {}, {}};
    std::int64_t used_ids = 0;
    if (const auto& directory = surroundings.state_directory; fleet::Journal::exists(directory)) {
        const fleet::Journal journal(directory, store::Access::ReadOnly);
        for (const auto& row : journal.of_request(request.id)) {
            ++used_ids;
            if (!row.never_sent()) {
                outcome.pilots.push_back(row.pilot.id);
            }
        }
    }
    const auto missing = request.submit - static_cast<std::int64_t>(outcome.pilots.size());
    if (const auto late = fleet::expiry(request, context.now()); missing > 0 && late) {
        return failed(request, *late);
    }
    auto ids = fleet::pilot_ids(request, used_ids, missing);
    try {
        auto entry = fleet::entry_for(request, full_entry);
        const auto backend = batch::make_backend(batch::system_of(entry), surroundings);
        backend->check(entry);
        if (missing > 0) {
            entry = backend->fit(entry, context.now());
            for (const auto& line : base::split(backend->describe(entry, ids), '\n')) {
                context.log().note(line);
            }
        }
    } catch (const base::Error& error) {
        return failed(request, error);
    }
    std::ranges::move(ids, std::back_inserter(outcome.pilots));
    outcome.done = static_cast<std::int64_t>(outcome.pilots.size());
    return outcome;
}

void write(cli::Context& context, model::Outcome outcome) {
    outcome.dry_run = context.dry_run();
    if (outcome.error) {
        context.log().error(outcome.error->within(outcome.entry));
    } else if (outcome.done < outcome.asked) {
        context.note_partial();
    }
    context.out().write(model::to_submission(outcome));
}

template <class Carry>
void each_request(cli::Context& context, const Input& input, Carry carry_out) {
    std::vector<std::optional<base::Kind>> results;
    for (const auto& request : input.requests) {
        if (base::stop_requested()) {
            context.log().warning(fmt::format("{}: not sent, the run is to end", request.entry));
            continue;
        }
        const auto entry = input.entries.find(request.entry);
        auto outcome = entry == input.entries.end()
                           ? failed(request, base::Error(base::Kind::NotFound,
                                                         "the entry is not in the stream"))
                           : carry_out(request, entry->second);
        results.push_back(outcome.error ? std::optional{outcome.error->kind()} : std::nullopt);
        write(context, std::move(outcome));
    }
    context.note_acts(results);
}

int run(cli::Context& context, const Options& options) {
    const auto input = read(context, options);
    const auto directory = context.state_directory();
    const auto surroundings = batch::surroundings_of(
        context.settings(), directory, [&](const std::string& text) { context.log().debug(text); });
    if (context.dry_run()) {
        each_request(context, input, [&](const auto& request, const auto& entry) {
            return rehearse(context, surroundings, request, entry);
        });
        return 0;
    }
    if (input.requests.empty() && input.memories.empty() && !fleet::Journal::exists(directory)) {
        return 0;
    }
    context.lock("tow-submit");
    fleet::Journal journal(directory, store::Access::ReadWrite);
    fleet::Memories(journal.database()).keep(input.memories, context.now());
    fleet::Fleet fleet(journal, fleet::real_backends(surroundings));
    if (options.max_rate) {
        constexpr double kMinute = 60;
        fleet.limit_rate(static_cast<double>(std::max<std::int64_t>(1, *options.max_rate)) /
                         kMinute);
    }
    for (const auto& gap : fleet.recover(context.now())) {
        context.log().error(to_error(gap).within("pilots of an earlier run cannot be settled"));
        context.note_partial();
    }
    each_request(context, input, [&](const auto& request, const auto& entry) {
        return fleet.submit(request, entry, context.now());
    });
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "submit", declare, run);
}
