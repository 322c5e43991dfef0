// tow-remove: takes pilots back, gently first.
#include "base/error.hpp"
#include "base/stop.hpp"
#include "base/ulid.hpp"
#include "cli/tool.hpp"
#include "fleet/counts.hpp"
#include "fleet/fleet.hpp"
#include "source/slots.hpp"

#include <algorithm>
#include <span>

namespace {

namespace base = tow::base;
namespace batch = tow::batch;
namespace cli = tow::cli;
namespace fleet = tow::fleet;
namespace model = tow::model;
namespace record = tow::record;
namespace source = tow::source;
namespace store = tow::store;

struct Options {
    std::vector<std::string> files;
    std::optional<std::string> entry;
    std::vector<std::string> pilots;
    std::string what;
    std::optional<std::int64_t> count;
    bool yes = false;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Act).keeps_state();
    command.summary("takes pilots back: as requests ask, or by hand")
        .about(
            "Reads request records, passes everything on, and adds a removal record for each "
            "request that takes pilots back. The batch systems are asked first: nothing is "
            "removed at an entry whose pilots cannot be seen. Pilots that were never sent go "
            "first, then pending ones from the newest.\n"
            "With --entry or --pilot it reads nothing, and removes these by hand.")
        .example("tow-remove --dry-run < decision.jsonl", "see which pilots would go")
        .example("tow-remove --entry T2_XX_Somewhere --what all --yes",
                 "end every pilot of an entry")
        .operands(options.files, "FILE", "records; - or nothing is standard input")
        .see_also({"tow-plan(1)", "tow-pilots(1)", "tow-submit(1)", "tow-records(5)", "tow(7)"})
        .emits("removal", {"entry", "asked", "removed", "error.message", "request"});
    command.option(options.entry, "--entry", "NAME", "remove pilots of this entry");
    command.option(options.pilots, "--pilot", "ID,..", "remove these pilots, whatever they do");
    command.option(options.what, "--what", "WHAT", "with --entry: which of its pilots may go")
        .choices({"unsubmitted", "pending", "idle", "all"})
        .fallback("pending");
    command.option(options.count, "--count", "N", "with --entry: how many at the most");
    command.option(options.yes, "--yes", "do not ask before removing by hand").letter('y');
}

std::vector<model::Request> read(cli::Context& context, const Options& options) {
    std::vector<model::Request> requests;
    context.each_record(options.files, [&](const record::RecordReader& reader) {
        if (reader.type() == "request") {
            if (auto request = reader.as(model::read_request); request.remove > 0) {
                requests.push_back(std::move(request));
            }
        }
        context.out().pass(reader.type(), reader.line());
    });
    return requests;
}

// A request as the planner would have made it.
model::Request by_hand(const std::string& entry, model::RemoveWhat what, std::int64_t count,
                       base::Time now) {
    const auto ms = base::wall_clock_ms();
    model::Request request;
    request.plan = request.id =
        base::make_ulid(ms, fmt::format("{} {} {}", entry, count, base::format_time(now)));
    request.entry = entry;
    request.remove = count;
    request.what = what;
    return request;
}

using Results = std::vector<std::optional<base::Kind>>;

void write(cli::Context& context, model::Outcome outcome, Results& results) {
    outcome.dry_run = context.dry_run();
    results.push_back(outcome.error ? std::optional{outcome.error->kind()} : std::nullopt);
    if (outcome.error) {
        context.log().error(outcome.error->within(outcome.entry));
    }
    context.out().write(model::to_removal(outcome));
}

model::Outcome carry_out(cli::Context& context, fleet::Fleet& fleet,
                         const std::vector<model::Gap>& gaps, const model::Request& request) {
    model::Outcome outcome{request.id, request.entry, request.remove, 0, {}, {}, {}};
    if (const auto why = fleet::blindness(gaps, request.entry)) {
        outcome.error = why->within("nothing is removed, it cannot be seen");
        return outcome;
    }
    outcome.error = fleet::expiry(request, context.now());
    if (outcome.error) {
        return outcome;
    }
    if (context.dry_run()) {
        for (const auto& row : fleet.removable(request)) {
            if (outcome.done < request.remove) {
                ++outcome.done;
                outcome.pilots.push_back(row.pilot.id);
            }
        }
        return outcome;
    }
    return fleet.remove(request);
}

void remove_pilots(cli::Context& context, fleet::Fleet& fleet, const fleet::Journal& journal,
                   const std::vector<std::string>& pilots, Results& results) {
    for (const auto& id : pilots) {
        const auto row = journal.find(id);
        if (!row || model::has_ended(row->pilot.state)) {
            base::fail(base::Kind::NotFound, "no living pilot {}", id);
        }
        const auto request = by_hand(row->pilot.entry, model::RemoveWhat::All, 1, context.now());
        write(context,
              context.dry_run() ? model::Outcome{request.id, request.entry, 1, 1, {id}, {}, {}}
                                : fleet.remove_pilots(request, std::span(&*row, 1)),
              results);
    }
}

// So that idle ones can be told; nobody is idle if a pool cannot be seen.
void look_into_pools(cli::Context& context, fleet::Fleet& fleet) {
    const auto view =
        source::query_pools(context.settings().texts("pilots.pools"),
                            [&](const std::string& command) { context.log().debug(command); });
    for (const auto& [pool, error] : view.failures) {
        context.log().error(error.within(pool));
        context.note_partial();
    }
    fleet.note_idle(view.is_whole() ? fleet::idle_pilots(view.slots) : std::set<std::string>{});
}

int run(cli::Context& context, const Options& options) {
    const bool manual = options.entry || !options.pilots.empty();
    const auto requests = manual ? std::vector<model::Request>{} : read(context, options);
    const auto directory = context.state_directory();
    if (requests.empty() && !manual) {
        return 0;
    }
    Results results;
    if (context.dry_run() && !fleet::Journal::exists(directory)) {  // nothing was ever sent
        for (const auto& request : requests) {
            write(context, {request.id, request.entry, request.remove, 0, {}, {}, {}}, results);
        }
        return 0;
    }
    if (manual) {
        context.confirm("remove these pilots", options.yes);
    }
    if (!context.dry_run()) {
        context.lock("tow-remove");
    }
    fleet::Journal journal(directory,
                           context.dry_run() ? store::Access::ReadOnly : store::Access::ReadWrite);
    fleet::Fleet fleet(journal, fleet::real_backends(batch::surroundings_of(
                                    context.settings(), directory,
                                    [&](const std::string& text) { context.log().debug(text); })));
    const auto gaps =
        context.dry_run() ? std::vector<model::Gap>{} : fleet.observe({}, context.now());
    remove_pilots(context, fleet, journal, options.pilots, results);
    auto work = requests;
    if (options.entry) {
        constexpr std::int64_t kAll = 1'000'000;
        work.push_back(by_hand(*options.entry, *model::remove_what(options.what),
                               options.count.value_or(kAll), context.now()));
    }
    if (std::ranges::any_of(work, [](const model::Request& request) {
            return request.what >= model::RemoveWhat::Idle;
        })) {
        look_into_pools(context, fleet);
    }
    for (const auto& request : work) {
        if (!base::stop_requested()) {
            write(context, carry_out(context, fleet, gaps, request), results);
        }
    }
    context.note_acts(results);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "remove", declare, run);
}
