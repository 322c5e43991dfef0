// tow-plan: how many pilots go where, and why.
#include "base/file.hpp"
#include "base/ulid.hpp"
#include "cli/tool.hpp"
#include "plan/compare.hpp"
#include "plan/decide.hpp"
#include "policy/input.hpp"
#include "policy/resolve.hpp"
#include "policy/what_if.hpp"
#include "record/json.hpp"

#include <algorithm>

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace model = tow::model;
namespace plan = tow::plan;
namespace policy = tow::policy;
namespace record = tow::record;

struct Options {
    std::vector<std::string> files;
    std::optional<std::string> policy;
    std::optional<std::int64_t> max_pilots;
    std::optional<std::int64_t> max_pending;
    std::optional<std::int64_t> max_submit;
    std::optional<std::int64_t> max_remove;
    std::optional<std::chrono::milliseconds> max_age;
    std::optional<std::chrono::milliseconds> valid_for;
    std::string remove;
    std::string style;
    std::optional<base::Time> at;
    bool explain = false;
    std::vector<std::string> what_if;
    std::optional<std::string> diff;
};

void declare_limits(cli::Command& command, Options& options) {
    command
        .option(options.policy, "--policy", "FILE",
                "the policy, see tow-policy(5); default: what the setting plan.policy names")
        .letter('p');
    const auto limit = [&](auto& target, std::string name, std::string setting, std::string help) {
        command.option(target, std::move(name), "N", std::move(help)).setting(std::move(setting));
    };
    limit(options.max_pilots, "--max-pilots", "plan.max_pilots",
          "pilots that may exist, all entries together");
    limit(options.max_pending, "--max-pending", "plan.max_pending",
          "pilots that may wait, all entries together");
    limit(options.max_submit, "--max-submit", "plan.max_submit", "pilots this plan may send");
    command
        .option(options.remove, "--remove", "WHAT",
                "which surplus pilots to take back, where the policy says nothing")
        .choices({"none", "unsubmitted", "pending", "idle"})
        .setting("plan.remove");
    limit(options.max_remove, "--max-remove", "plan.max_remove",
          "pilots this plan may take back per entry that sets no limit itself");
    command
        .option(options.max_age, "--max-age", "DURATION",
                "an observation older than this counts as not seen")
        .setting("plan.max_age");
    command
        .option(options.valid_for, "--valid-for", "DURATION",
                "a request is refused when it is older than this")
        .setting("plan.valid_for");
}

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Filter);
    command.summary("how many pilots go where within policy, and why")
        .about(
            "Reads what tow-jobs, tow-entries, tow-pilots and tow-demand say, passes everything "
            "on, and adds a request record for each entry with the reasons for its numbers, and a "
            "memory record with what the next decision must know. Nothing is sent to an entry "
            "whose pilots are not seen: unknown is not zero.\n"
            "A stream that holds requests already is decided anew as of the time of that "
            "decision: the same stream gives the same requests, on any machine, at any time.")
        .example("{ tow-jobs condor; tow-entries; tow-pilots; } | tow-demand | tow-plan -o table",
                 "see what would be done now, and why")
        .example("tow-plan --explain decision.jsonl", "see each step of a saved decision")
        .example("tow-plan --what-if 'LOCAL_*.max_pilots=4' decision.jsonl",
                 "see what another limit would have changed")
        .operands(options.files, "FILE", "records; - or nothing is standard input")
        .exit_code(78, "the policy is wrong")
        .see_also({"tow-policy(5)", "tow-demand(1)", "tow-override(1)", "tow-submit(1)",
                   "tow-remove(1)", "tow-records(5)", "tow(7)"})
        .emits("request", {"entry", "submit", "remove", "why"})
        .emits("explanation", {"entry", "wanted", "given", "step", "value", "why"})
        .emits("plan_change",
               {"entry", "submit_before", "submit", "remove_before", "remove", "why"});
    declare_limits(command, options);
    command
        .option(options.style, "--policy-style", "STYLE",
                "own, or as GlideinWMS would decide (after tow-demand --split gwms-ceil)")
        .choices({"own", "gwms"})
        .fallback("own");
    command.option(options.at, base::wall_clock(), "--at", "TIME", "decide as of this time");
    command.option(options.explain, "--explain",
                   "say each step of each decision instead of the last reason");
    command.option(options.what_if, "--what-if", "KEY=VALUE,..",
                   "show what this would change, instead of deciding: ENTRIES.max_pilots=4, "
                   "max_submit=10, CAP.max_cores=100, ENTRIES.per_core_hour=0.05");
    command.option(options.diff, "--diff", "FILE",
                   "show what differs from the decision in this file, instead of deciding");
}

// What the options say, and where they say nothing, what the old decision was made with.
policy::Recipe recipe_of(cli::Context& context, const Options& options,
                         const std::optional<policy::Recipe>& old) {
    auto recipe = old.value_or(policy::Recipe{});
    const auto take = [&](std::string_view option, auto& field, const auto& value) {
        if (!old || context.is_given(option)) {
            field = value;
        }
    };
    const auto paths = old ? std::vector<std::string>{} : context.settings().paths("plan.policy");
    if (options.policy || !paths.empty()) {
        recipe.file = options.policy ? *options.policy : paths.front();
        recipe.yaml = base::read_file(recipe.file, std::size_t{4} << 20U);
    }
    take("--policy-style", recipe.style, options.style);
    take("--max-pilots", recipe.max_pilots, options.max_pilots);
    take("--max-pending", recipe.max_pending, options.max_pending);
    take("--max-submit", recipe.max_submit, options.max_submit);
    take("--max-remove", recipe.max_remove, options.max_remove.value_or(recipe.max_remove));
    take("--remove", recipe.remove, *model::remove_what(options.remove));
    take("--max-age", recipe.max_age, std::chrono::floor<std::chrono::seconds>(*options.max_age));
    take("--valid-for", recipe.valid_for,
         std::chrono::floor<std::chrono::seconds>(*options.valid_for));
    return recipe;
}

void write(cli::Context& context, const plan::Decision& decision, const record::Object& recipe,
           bool explain) {
    if (!decision.requests.empty()) {
        context.out().write(recipe);
    }
    for (const auto& request : decision.requests) {
        auto line = to_record(request);
        line.set("why", request.because.back().why);  // for people; `because` has it all
        context.out().write(line);
        for (const auto& step :
             explain ? plan::explanations(request) : std::vector<record::Object>{}) {
            context.out().write(step);
        }
    }
    std::ranges::for_each(decision.memories,
                          [&](const auto& memory) { context.out().write(to_record(memory)); });
    context.log().note(fmt::format("{} idle jobs match no entry, {} find no room",
                                   decision.unmatched_jobs, decision.unserved_jobs));
}

int run(cli::Context& context, const Options& options) {
    const bool compares = options.diff || !options.what_if.empty();
    if (compares || options.explain) {
        context.out().lead_with(compares ? "plan_change" : "explanation");
    }
    policy::make_policy(recipe_of(context, options, {}));  // if it is wrong, before anything else
    policy::Input input;
    context.each_record(options.files, [&](const record::RecordReader& reader) {
        if (input.take(reader) && !compares) {
            context.out().pass(reader.type(), reader.line());
        }
    });
    input.settle();
    const auto now = options.at.value_or(input.decided_at.value_or(context.now()));
    const auto recipe = recipe_of(context, options, input.recipe);
    auto policy = policy::make_policy(recipe);
    const auto id = base::make_ulid(std::chrono::milliseconds{now.time_since_epoch()}.count(),
                                    input.digest + record::to_json(to_record(recipe, "")));
    const auto decide = [&] {
        const auto terms = policy::resolve(policy, input.situation, now);
        return recipe.style == "gwms"
                   ? plan::decide_as_gwms(input.situation, terms, policy.gwms, now, id)
                   : plan::decide(input.situation, terms, now, id);
    };
    const auto decision = decide();
    std::ranges::for_each(decision.warnings,
                          [&](const auto& warning) { context.log().warning(warning); });
    if (!compares) {
        write(context, decision, to_record(recipe, id), options.explain);
        return 0;
    }
    const auto before = options.diff ? policy::requests_in(*options.diff) : decision.requests;
    for (const auto& text : options.what_if) {
        policy::suppose(text, policy, input.situation);
    }
    const auto changes = plan::changes(before, decide().requests);
    std::ranges::for_each(changes, [&](const auto& change) { context.out().write(change); });
    context.log().note(fmt::format("{} entries change", changes.size()));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "plan", declare, run);
}
