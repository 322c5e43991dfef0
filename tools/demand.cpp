// tow-demand: which work could run where.
#include "match/demand.hpp"

#include "base/error.hpp"
#include "cli/tool.hpp"

#include <map>

namespace {

namespace base = tow::base;
namespace cli = tow::cli;
namespace match = tow::match;
namespace model = tow::model;
namespace record = tow::record;

struct Options {
    std::vector<std::string> files;
    std::string split;
};

void declare(cli::Command& command, Options& options) {
    command.is_a(cli::Role::Filter);
    command.summary("which work could run where, and how much of it at each entry")
        .about(
            "Reads job_group and entry records, passes everything on, and adds a job_class record "
            "for jobs that can run at the same entries, and a demand record for each entry. "
            "job_class and demand records in the input are replaced. Two entries of one name are "
            "an error.\n"
            "A job and an entry match if the requirements of the job and the start expression of "
            "the entry are both true, and the job fits on one node of the entry's pilot.")
        .example("{ tow-jobs condor; tow-entries; } | tow-demand -o table",
                 "see how much work each entry could get")
        .example("tow-demand --only job_class decision.jsonl", "see the classes of a saved stream")
        .operands(options.files, "FILE", "records; - or nothing is standard input")
        .see_also({"tow-plan(1)", "tow-records(5)", "tow(7)"})
        .emits("demand", {"entry", "jobs_matching", "jobs_only_here", "jobs_share", "cores_share",
                          "pilots_share", "running_matching"});
    command
        .option(options.split, "--split", "RULE",
                "how jobs are counted once over the entries they match: exact is whole jobs that "
                "add up, gwms-ceil the proportional numbers of GlideinWMS")
        .choices({"exact", "gwms-ceil"})
        .fallback("exact");
}

// Of two entries of one name nobody could tell which one jobs match.
void check_new(const std::string& name, const std::string& where,
               std::map<std::string, std::string>& places) {
    const auto [known, is_new] = places.try_emplace(name, where);
    if (!is_new) {
        base::fail(base::Kind::Data, "{}: entry {} stands in {} as well", where, name,
                   known->second);
    }
}

int run(cli::Context& context, const Options& options) {
    std::vector<model::JobGroup> groups;
    std::vector<model::Entry> entries;
    std::map<std::string, std::string> places;  // of the entries
    context.each_record(options.files, [&](const record::RecordReader& reader) {
        const auto type = reader.type();
        if (type == "job_class" || type == "demand") {
            return;
        }
        if (type == "job_group") {
            groups.push_back(reader.as(model::read_job_group));
        } else if (type == "entry") {
            entries.push_back(reader.as(model::read_entry));
            check_new(entries.back().name, reader.where(), places);
        }
        context.out().pass(type, reader.line());
    });
    const auto split = options.split == "exact" ? match::Split::Exact : match::Split::GwmsCeil;
    std::string line;
    const auto matches = match::match(std::move(groups), entries, context.now(), split,
                                      [&](const model::JobClass& job_class) {
                                          line.clear();
                                          write_json(job_class, line);
                                          context.out().write("job_class", line);
                                      });
    for (const auto& demand : matches.demand) {
        context.out().write(to_record(demand));
    }
    for (const auto& problem : matches.problems) {
        context.log().warning(problem);
    }
    if (matches.unmatched_jobs > 0) {
        context.log().note(fmt::format("{} idle jobs match no entry", matches.unmatched_jobs));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "demand", declare, run);
}
