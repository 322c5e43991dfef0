// What there is to know about ads, as records: values, matches, references and problems.
#pragma once

#include "classad/check.hpp"
#include "classad/evaluate.hpp"
#include "record/value.hpp"
#include "source/ad_file.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::source {

// The expression that a user gave, EXPR in messages. What check() finds about it, as it stands in
// the first of these ads, goes to warn as one line each.
classad::ExprPtr parse_operand(std::string_view text, classad::Lexer lexer,
                               const std::vector<FileAd>& my, const classad::EvalOptions& options,
                               const std::function<void(const std::string&)>& warn);

// Every ad of the one with every ad of the other. Ends early as base/stop.hpp says.
void each_pair(const std::vector<FileAd>& left, const std::vector<FileAd>& right,
               const std::function<void(const FileAd&, const FileAd&)>& visit);

// The value of an expression that stands in my and meets target; nothing if the evaluation failed.
// Ads without a file are not mentioned.
record::Object value_record(const classad::Expr& expr, const FileAd& my, const FileAd& target,
                            const std::optional<classad::Value>& value);

// A job and a slot, as a negotiator sees them.
record::Object match_record(const FileAd& job, const FileAd& slot,
                            const classad::EvalOptions& options);

// What an expression that stands in my depends on. Has an error if it leads back to itself.
record::Object references_record(const classad::Expr& expr, const FileAd& my,
                                 const classad::EvalOptions& options);

void each_problem(const FileAd& ad, const classad::EvalOptions& options,
                  const std::function<void(const record::Object&)>& visit);

}  // namespace tow::source
