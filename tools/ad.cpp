// tow-ad: evaluates, matches, converts and checks ClassAds.
#include "base/error.hpp"
#include "classad/unparse.hpp"
#include "cli/tool.hpp"
#include "source/ad_batch.hpp"
#include "source/ad_file.hpp"
#include "source/ad_records.hpp"

namespace {

namespace base = tow::base;
namespace classad = tow::classad;
namespace cli = tow::cli;
namespace source = tow::source;

struct Options {
    std::vector<std::string> operands;  // the verb first
    std::optional<std::string> my;
    std::optional<std::string> target;
    std::string from;
    std::string to;
    std::string lexer;
    std::string compat;
    bool test = false;
};

void declare(cli::Command& command, Options& options) {
    command.summary("evaluates, matches, converts and checks ClassAds")
        .about(
            "eval shows the value of an expression, refs what it depends on, both for every ad of "
            "--my. match says which jobs (--my) and slots (--target) match, and who refuses. check "
            "tells what HTCondor hides. batch answers questions, one JSON object a line.\n"
            "A FILE holds any number of ads in any of HTCondor's formats.")
        .example("tow-ad eval RequestMemory --my queue.json", "a value of every job in a queue")
        .example("tow-ad refs 'TARGET.Memory > 1024' -o table", "what an expression depends on")
        .example("tow-ad convert --to yaml queue.json", "read the ads of a queue")
        .operands(options.operands, "VERB",
                  "eval or refs with EXPR, match, or convert, check or batch with FILEs")
        .verbs({"eval", "match", "refs", "convert", "check", "batch"})
        .see_also({"tow-demand(1)", "tow-records(5)", "tow(7)"})
        .exit_code(1, "no match, a problem was found, an evaluation failed, or --test is not true")
        .exit_code(65, "an ad, an expression or a line is malformed; the rest was done")
        .exit_code(66, "a file does not exist")
        .emits("ad_value", {"result", "result_type", "my", "target"})
        .emits("ad_match", {"matches", "job_requirements", "slot_requirements", "job", "slot"})
        .emits("ad_references", {"internal", "external", "my"})
        .emits("ad_problem", {"where", "attribute", "problem", "message"});
    command.option(options.my, "--my", "FILE", "the ads an expression stands in, or the jobs");
    command.option(options.target, "--target", "FILE", "the ads that those meet, or the slots");
    command.option(options.from, "--from", "FORMAT", "how ads are written that are read")
        .choices({"auto", "long", "json", "jsonl", "new", "xml"})
        .fallback("auto");
    command.option(options.to, "--to", "FORMAT", "how convert writes them")
        .choices({"long", "json", "jsonl", "new", "xml", "yaml"})
        .fallback("jsonl");
    command.option(options.lexer, "--lexer", "RULES", "read EXPR as in new ads, or as in -long")
        .choices({"new", "old"})
        .fallback("new");
    command.option(options.compat, "--classad-compat", "RELEASE", "be HTCondor 23.9 or 25.14")
        .choices({"23", "25"})
        .fallback("25");
    command.option(options.test, "--test", "eval: end with 1 unless every value is true");
}

struct Session {
    cli::Context& context;
    const Options& options;
    std::vector<std::string> operands;  // without the verb
    classad::EvalOptions evaluation;
};

void each_ad(const Session& run, const std::vector<std::string>& files,
             const std::function<void(source::FileAd)>& visit) {
    run.context.each_file(files, [&](int fd, const std::string& name) {
        source::AdFile(fd, name, source::ad_format(run.options.from), [&] {
            run.context.out().flush();
        }).read(visit, [&](const base::Error& error) { run.context.note_error(error); });
    });
}

std::vector<source::FileAd> ads_of(const Session& run, const std::optional<std::string>& file) {
    std::vector<source::FileAd> ads(file ? 0 : 1);
    if (file) {
        each_ad(run, {*file}, [&](source::FileAd ad) { ads.push_back(std::move(ad)); });
    }
    return ads;
}

classad::ExprPtr expression(const Session& run, const std::vector<source::FileAd>& my) {
    if (run.operands.size() != 1) {
        base::fail(base::Kind::Usage, "expected one EXPR, got {}", run.operands.size());
    }
    const auto lexer = run.options.lexer == "old" ? classad::Lexer::Old : classad::Lexer::New;
    const auto warn = [&](const std::string& text) { run.context.log().warning(text); };
    return source::parse_operand(run.operands[0], lexer, my, run.evaluation, warn);
}

int eval(const Session& run) {
    const auto my = ads_of(run, run.options.my);
    const auto expr = expression(run, my);
    bool all_true = true;
    source::each_pair(my, ads_of(run, run.options.target), [&](const auto& ad, const auto& other) {
        const auto* target = run.options.target ? &other.ad : nullptr;
        const auto value = classad::evaluate(*expr, &ad.ad, target, run.evaluation);
        all_true = all_true && value && value->is_true();
        if (run.context.output_is_chosen()) {
            run.context.out().write(source::value_record(*expr, ad, other, value));
        } else if (value) {
            run.context.out().write_text(unparse(*value) + '\n');
        }
        if (!value) {
            run.context.log().error("the evaluation failed: for HTCondor that matches nothing");
            run.context.note_partial();
        }
    });
    return run.options.test && !all_true ? 1 : 0;
}

int match(const Session& run) {
    if (!run.options.my || !run.options.target || !run.operands.empty()) {
        base::fail(base::Kind::Usage, "match: takes --my JOB and --target SLOT, nothing else");
    }
    run.context.out().lead_with("ad_match");
    int result = 1;
    const auto slots = ads_of(run, run.options.target);
    source::each_pair(ads_of(run, run.options.my), slots, [&](const auto& job, const auto& slot) {
        const auto record = source::match_record(job, slot, run.evaluation);
        result = record.find("matches")->boolean() == true ? 0 : result;
        run.context.out().write(record);
    });
    return result;
}

int refs(const Session& run) {
    run.context.out().lead_with("ad_references");
    const auto my = ads_of(run, run.options.my);
    const auto expr = expression(run, my);
    for (const auto& ad : my) {
        const auto record = source::references_record(*expr, ad, run.evaluation);
        run.context.out().write(record);
        if (record.find("error") != nullptr) {
            run.context.note_partial();
        }
    }
    return 0;
}

int convert(const Session& run) {
    source::AdFileWriter writer(run.options.to);
    auto& out = run.context.out();
    out.write_text(writer.begin());
    each_ad(run, run.operands, [&](const auto& ad) { out.write_text(writer.add(ad.ad)); });
    out.write_text(writer.end());
    for (const auto& [what, times] : writer.losses()) {
        run.context.log().count(what, times);
    }
    return 0;
}

int check(const Session& run) {
    auto& out = run.context.out();
    out.lead_with("ad_problem");
    each_ad(run, run.operands, [&](const auto& ad) {
        source::each_problem(ad, run.evaluation, [&](const auto& record) { out.write(record); });
    });
    return out.written() > 0 ? 1 : 0;
}

int batch(const Session& run) {
    run.context.each_file(run.operands, [&](int fd, const std::string& name) {
        const source::BatchEvents events{
            [&] { run.context.out().flush(); },
            [&](const std::string& line) { run.context.out().write_text(line + '\n'); },
            [&](const base::Error& error) { run.context.note_error(error); }};
        source::answer_lines(fd, name, run.evaluation, events);
    });
    return 0;
}

int run(cli::Context& context, const Options& options) {
    if (options.operands.empty()) {
        base::fail(base::Kind::Usage, "no verb: eval, match, refs, convert, check or batch");
    }
    Session run{context, options, {options.operands.begin() + 1, options.operands.end()}, {}};
    run.evaluation.compat = options.compat == "23" ? classad::Compat::V23 : classad::Compat::V25;
    run.evaluation.now = context.now();
    const auto& verb = options.operands[0];
    return verb == "eval"      ? eval(run)
           : verb == "match"   ? match(run)
           : verb == "refs"    ? refs(run)
           : verb == "convert" ? convert(run)
           : verb == "check"   ? check(run)
                               : batch(run);
}

}  // namespace

int main(int argc, char** argv) {
    return cli::tool_main<Options>(argc, argv, "ad", declare, run);
}
