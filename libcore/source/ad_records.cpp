#include "source/ad_records.hpp"

#include "base/stop.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "classad/expr.hpp"
#include "classad/references.hpp"
#include "classad/unparse.hpp"

#include <algorithm>
#include <array>

namespace tow::source {

namespace {

using classad::Truth;

// Ads that come from no file have no place.
void set_place(record::Object& record, std::string_view key, const FileAd& ad) {
    if (!ad.file.empty()) {
        record.set(key, ad.where());
    }
}

void set_error(record::Object& record, std::string_view message) {
    record.set("error",
               record::Object{{"kind", base::kind_name(base::Kind::Data)}, {"message", message}});
}

std::string_view verdict_name(const classad::Ad& ad, const std::optional<Truth>& truth) {
    constexpr std::array<std::string_view, 4> kNames{"false", "true", "undefined", "error"};
    if (ad.find("Requirements") == nullptr) {
        return "absent";
    }
    return truth ? kNames[static_cast<std::size_t>(*truth)] : "failed";
}

record::Array texts(const std::vector<std::string>& names) {
    record::Array result;
    for (const auto& name : names) {
        result.emplace_back(base::repair_utf8(name));
    }
    return result;
}

}  // namespace

classad::ExprPtr parse_operand(std::string_view text, classad::Lexer lexer,
                               const std::vector<FileAd>& my, const classad::EvalOptions& options,
                               const std::function<void(const std::string&)>& warn) {
    classad::ParseNotes notes;
    auto expr = base::with_context("EXPR", [&] {
        return classad::parse_expr(text, {lexer, options.compat, true}, &notes);
    });
    const auto* ad = my.empty() ? nullptr : &my.front().ad;
    for (const auto& problem : classad::check(*expr, ad, notes, options)) {
        const auto& name = problem.attribute.empty() ? "EXPR" : problem.attribute;
        warn(fmt::format("{}: {}", name, problem.message));
    }
    return expr;
}

void each_pair(const std::vector<FileAd>& left, const std::vector<FileAd>& right,
               const std::function<void(const FileAd&, const FileAd&)>& visit) {
    for (const auto& one : left) {
        for (const auto& other : right) {
            base::check_stop();
            visit(one, other);
        }
    }
}

record::Object value_record(const classad::Expr& expr, const FileAd& my, const FileAd& target,
                            const std::optional<classad::Value>& value) {
    auto record = record::new_record("ad_value");
    record.set("expr", base::repair_utf8(unparse(expr)));
    set_place(record, "my", my);
    set_place(record, "target", target);
    if (value) {
        record.set("result", base::repair_utf8(unparse(*value)));
        record.set("result_type", kind_name(value->kind()));
    } else {
        set_error(record, "the evaluation failed");
    }
    return record;
}

record::Object match_record(const FileAd& job, const FileAd& slot,
                            const classad::EvalOptions& options) {
    const auto said = verdicts(job.ad, slot.ad, options);
    const bool match = matches(job.ad, slot.ad, options);
    const bool job_refuses = said.job != Truth::True;
    const bool slot_refuses = said.slot != Truth::True;
    auto record = record::new_record("ad_match");
    set_place(record, "job", job);
    set_place(record, "slot", slot);
    record.set("matches", match);
    record.set("job_requirements", verdict_name(job.ad, said.job));
    record.set("slot_requirements", verdict_name(slot.ad, said.slot));
    if (job_refuses || slot_refuses) {
        record.set("refused_by", job_refuses && slot_refuses ? "both"
                                 : job_refuses               ? "job"
                                                             : "slot");
    }
    return record;
}

record::Object references_record(const classad::Expr& expr, const FileAd& my,
                                 const classad::EvalOptions& options) {
    auto record = record::new_record("ad_references");
    record.set("expr", base::repair_utf8(unparse(expr)));
    set_place(record, "my", my);
    const auto found = references(expr, my.ad, options);
    if (found) {
        record.set("internal", texts(found->internal));
        record.set("external", texts(found->external));
    } else {
        set_error(record, "a name leads back to itself, or too far");
    }
    return record;
}

void each_problem(const FileAd& ad, const classad::EvalOptions& options,
                  const std::function<void(const record::Object&)>& visit) {
    std::size_t counted = 0;  // the problems come in the order of the text
    auto line = ad.line;
    for (const auto& problem : check(ad.ad, ad.notes, options)) {
        const auto offset = std::clamp(problem.offset.value_or(0), counted, ad.text.size());
        line += base::count_newlines(ad.text.substr(counted, offset - counted));
        counted = offset;
        auto record = record::new_record("ad_problem");
        record.set("where", fmt::format("{}:{}", base::printable(ad.file), line));
        record.set("attribute", base::repair_utf8(problem.attribute));
        record.set("problem", flaw_name(problem.flaw));
        record.set("message", base::repair_utf8(problem.message));
        visit(record);
    }
}

}  // namespace tow::source
