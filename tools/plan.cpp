// tow-plan: how many pilots go where, and why.
#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/ulid.hpp"
#include "cli/tool.hpp"
#include "plan/decide.hpp"

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace model = tow::model;
namespace plan = tow::plan;
namespace record = tow::record;

struct Options {
    std::vector<std::string> files;
    std::optional<std::int64_t> max_pilots;
    std::optional<std::int64_t> max_pending;
    std::optional<std::int64_t> max_submit;
    std::optional<std::int64_t> max_remove;
    std::optional<std::chrono::milliseconds> max_age;
    std::optional<std::chrono::milliseconds> valid_for;
    std::string remove;
    std::optional<base::Time> at;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Filter);
    command.summary("how many pilots go where within policy, and why")
        .about(
            "Reads job_class, entry, pilot_count and gap records, passes everything on, and adds a "
            "request record for each entry with the reasons for its numbers. Nothing is sent to "
            "an entry whose pilots are not seen: unknown is not zero.\n"
            "A stream that holds requests already is decided anew as of the time of that "
            "decision: the same stream gives the same requests, on any machine, at any time.")
        .example("{ tow-jobs condor; tow-entries; tow-pilots; } | tow-demand | tow-plan -o table",
                 "see what would be done now, and why")
        .example("tow-plan --max-pilots 100 -o table last-decision.jsonl",
                 "replay a saved decision with another limit")
        .operands(options.files, "FILE", "records; - or nothing is standard input")
        .see_also({"tow-demand(1)", "tow-submit(1)", "tow-remove(1)", "tow-records(5)", "tow(7)"})
        .emits("request", {"entry", "submit", "remove", "why"});
    command
        .option(options.max_pilots, "--max-pilots", "N",
                "pilots that may exist, all entries together")
        .setting("plan.max_pilots");
    command
        .option(options.max_pending, "--max-pending", "N",
                "pilots that may wait, all entries together")
        .setting("plan.max_pending");
    command.option(options.max_submit, "--max-submit", "N", "pilots this plan may send")
        .setting("plan.max_submit");
    command.option(options.remove, "--remove", "WHAT", "which surplus pilots to take back")
        .choices({"none", "unsubmitted", "pending", "idle"})
        .setting("plan.remove");
    command
        .option(options.max_remove, "--max-remove", "N",
                "pilots this plan may take back per entry that sets no limit itself")
        .setting("plan.max_remove");
    command
        .option(options.max_age, "--max-age", "DURATION",
                "an observation older than this counts as not seen")
        .setting("plan.max_age");
    command
        .option(options.valid_for, "--valid-for", "DURATION",
                "a request is refused when it is older than this")
        .setting("plan.valid_for");
    command.option(options.at, base::wall_clock(), "--at", "TIME", "decide as of this time");
}

plan::Policy policy_of(const Options& options) {
    const auto seconds = [](const auto& duration) {
        return std::chrono::floor<std::chrono::seconds>(*duration);
    };
    plan::Policy policy;
    policy.max_pilots = options.max_pilots;
    policy.max_pending = options.max_pending;
    policy.max_submit = options.max_submit;
    policy.max_age = seconds(options.max_age);
    policy.valid_for = seconds(options.valid_for);
    policy.remove = model::remove_what(options.remove).value_or(model::RemoveWhat::None);
    policy.max_remove = options.max_remove.value_or(policy.max_remove);
    return policy;
}

std::string text_of(const plan::Policy& policy) {
    return fmt::format("{} {} {} {} {} {} {}", policy.max_pilots.value_or(-1),
                       policy.max_pending.value_or(-1), policy.max_submit.value_or(-1),
                       policy.max_age.count(), policy.valid_for.count(),
                       model::remove_name(policy.remove), policy.max_remove);
}

// What the decision depends on, and a digest of it: the id of the plan is made of that.
struct Input {
    plan::Situation situation;
    std::string digest;
    std::optional<base::Time> decided_at;  // of requests in the stream

    // False for requests: they are replaced.
    bool take(const record::RecordReader& reader) {
        const auto type = reader.type();
        if (type == "request") {
            const auto request = reader.as(model::read_request);
            decided_at = base::Time{std::chrono::seconds{*base::ulid_time_ms(request.plan) / 1000}};
            return false;
        }
        if (type == "job_class") {
            situation.classes.push_back(reader.as(model::read_job_class));
        } else if (type == "entry") {
            situation.entries.push_back(reader.as(model::read_entry));
        } else if (type == "pilot_count") {
            situation.counts.push_back(reader.as(model::read_pilot_count));
        } else if (type == "gap") {
            situation.gaps.push_back(reader.as(model::read_gap));
        } else {
            return true;
        }
        digest = base::hash_hex(fmt::format("{}{}", digest, reader.line()));
        return true;
    }
};

int run(cli::Context& context, const Options& options) {
    Input input;
    context.each_record(options.files, [&](const record::RecordReader& reader) {
        if (input.take(reader)) {
            context.out().pass(reader.type(), reader.line());
        }
    });
    const auto policy = policy_of(options);
    const auto now = options.at.value_or(input.decided_at.value_or(context.now()));
    const auto id = base::make_ulid(std::chrono::milliseconds{now.time_since_epoch()}.count(),
                                    input.digest + text_of(policy));
    const auto decision = plan::decide(input.situation, policy, now, id);
    for (const auto& warning : decision.warnings) {
        context.log().warning(warning);
    }
    for (const auto& request : decision.requests) {
        auto line = to_record(request);
        line.set("why", request.because.back().why);  // for people; `because` has it all
        context.out().write(line);
    }
    context.log().note(fmt::format("{} idle jobs match no entry, {} find no room",
                                   decision.unmatched_jobs, decision.unserved_jobs));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "plan", declare, run);
}
