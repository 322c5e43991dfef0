#include "classad/question.hpp"

#include "base/error.hpp"
#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/parse.hpp"
#include "classad/references.hpp"
#include "classad/unparse.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace tow::classad {

namespace {

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        text += text.empty() ? "" : ",";
        text += name;
    }
    return text;
}

// Texts of ads in one format, to another.
constexpr std::array<std::string_view, 6> kConversions{"long",   "json",   "newad",
                                                       "tojson", "tolong", "toxml"};
constexpr std::array<std::string_view, 5> kUses{"eval", "old", "unparse", "refs", "match"};

Answer convert(const Question& question, const ParseOptions& options) {
    const auto& mode = question.mode;
    try {
        if (mode == "long") {
            return {unparse(read_long(question.expr)), "ad"};
        }
        if (mode == "json") {
            return {unparse(read_json(question.expr)), "ad"};
        }
        const auto ad = parse_ad(question.expr, options);
        if (mode == "newad") {
            return {unparse(ad), "ad"};
        }
        return {mode == "tojson"   ? write_json(ad)
                : mode == "tolong" ? write_long(ad)
                                   : write_xml(ad),
                "text"};
    } catch (const base::Error&) {
        return {"<parse-error>", "parse"};
    }
}

std::optional<Ad> ad_of(const std::string& text, const ParseOptions& options) {
    return text.empty() ? std::nullopt : std::optional(parse_ad(text, options));
}

Answer refs(const Expr& expr, const Ad& my, const EvalOptions& options) {
    const auto found = references(expr, my, options);
    return {found ? "ok|" + joined(found->internal) + '|' + joined(found->external) : "fail||",
            "refs"};
}

Answer use(const Question& question, const Ad& my, const Ad* target, const EvalOptions& options) {
    const auto& mode = question.mode;
    if (mode == "match") {
        static const Ad none;
        return {matches(my, target != nullptr ? *target : none, options) ? "true" : "false",
                "match"};
    }
    ParseOptions parsing;
    parsing.compat = options.compat;
    parsing.lexer = mode == "old" ? Lexer::Old : Lexer::New;
    const auto expr = parse_expr(question.expr, parsing);
    if (mode == "unparse") {
        return {unparse(*expr), "expr"};
    }
    if (mode == "refs") {
        return refs(*expr, my, options);
    }
    const auto value = evaluate(*expr, &my, target, options);
    return value ? Answer{unparse(*value), std::string(kind_name(value->kind()))}
                 : Answer{"<eval-fail>", "fail"};
}

}  // namespace

Answer answer(const Question& question, const EvalOptions& options) {
    ParseOptions parsing;
    parsing.compat = options.compat;
    if (std::ranges::find(kConversions, question.mode) != kConversions.end()) {
        return convert(question, parsing);
    }
    if (std::ranges::find(kUses, question.mode) == kUses.end()) {
        base::fail(base::Kind::Data, "no mode \"{}\"", question.mode);
    }
    std::optional<Ad> my;
    std::optional<Ad> target;
    try {
        my = ad_of(question.my, parsing);
        target = ad_of(question.target, parsing);
    } catch (const base::Error&) {
        return {"<ad-parse-error>", "adparse"};
    }
    try {
        return use(question, my.value_or(Ad()), target ? &*target : nullptr, options);
    } catch (const base::Error&) {
        return {"<parse-error>", "parse"};
    }
}

}  // namespace tow::classad
