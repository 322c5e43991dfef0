// The functions of the language: what each one computes. Internal.
#pragma once

#include "classad/evaluator.hpp"

namespace tow::classad {

// A call that is being evaluated. Arguments are evaluated when they are asked for, each time anew.
struct Invocation {
    Evaluator& evaluator;
    const ScopePtr& scope;
    const Call& call;

    FunctionId function() const noexcept { return call.function; }

    std::size_t count() const noexcept { return call.arguments.size(); }

    const Expr& expr(std::size_t index) const noexcept { return *call.arguments[index]; }

    Value argument(std::size_t index) const { return evaluator.eval(expr(index), scope); }

    // All of them, in order.
    std::vector<Value> all() const;
};

struct Builtin {
    FunctionId function = FunctionId::Unknown;
    int min_arguments = 0;
    int max_arguments = 0;
    Value (*run)(const Invocation&) = nullptr;
};

constexpr int kAnyNumber = 1'000'000'000;

// Null for FunctionId::Unknown.
const Builtin* find_builtin(FunctionId function) noexcept;

// What functions that take only strings (or numbers, or lists) answer before they look closer: an
// error among the arguments, else an undefined one.
std::optional<Value> error_or_undefined(const std::vector<Value>& arguments);

// As most functions convert a number: strings by what strtod makes of their beginning, times to
// seconds; nothing for the rest.
std::optional<double> number_from(const Value& value);

// plain_text(), accounted for.
std::string text_from(Evaluator& evaluator, const Value& value);

// Types and numbers.
Value call_is_type(const Invocation& call);
Value call_to_int(const Invocation& call);
Value call_to_real(const Invocation& call);
Value call_to_bool(const Invocation& call);
Value call_to_string(const Invocation& call);
Value call_round(const Invocation& call);
Value call_pow(const Invocation& call);
Value call_quantize(const Invocation& call);
Value call_random(const Invocation& call);
Value call_if_then_else(const Invocation& call);
Value call_debug(const Invocation& call);

// Lists.
Value call_member(const Invocation& call);
Value call_compare_list(const Invocation& call);
Value call_size(const Invocation& call);
Value call_aggregate(const Invocation& call);

// Strings.
Value call_strcat(const Invocation& call);
Value call_join(const Invocation& call);
Value call_substr(const Invocation& call);
Value call_change_case(const Invocation& call);
Value call_strcmp(const Invocation& call);
Value call_version_compare(const Invocation& call);
Value call_version_in_range(const Invocation& call);

// Regular expressions.
Value call_regexp(const Invocation& call);
Value call_regexp_member(const Invocation& call);
Value call_regexp_substitute(const Invocation& call);
Value call_string_list_regexp_member(const Invocation& call);

// Strings that hold lists.
Value call_string_list_member(const Invocation& call);
Value call_string_list_subset(const Invocation& call);
Value call_string_list_summary(const Invocation& call);
Value call_string_list_size(const Invocation& call);
Value call_string_lists_intersect(const Invocation& call);
Value call_split(const Invocation& call);
Value call_split_name(const Invocation& call);

// Job environments and arguments.
Value call_env_v1_to_v2(const Invocation& call);
Value call_merge_environment(const Invocation& call);
Value call_list_to_args(const Invocation& call);
Value call_args_to_list(const Invocation& call);

// Times.
Value call_time(const Invocation& call);
Value call_abs_time(const Invocation& call);
Value call_rel_time(const Invocation& call);
Value call_time_field(const Invocation& call);
Value call_split_time(const Invocation& call);
Value call_format_time(const Invocation& call);
Value call_interval(const Invocation& call);

// Expressions and their surroundings.
Value call_eval(const Invocation& call);
Value call_unparse(const Invocation& call);
Value call_unresolved(const Invocation& call);
Value call_in_each_context(const Invocation& call);
Value call_user_map(const Invocation& call);
Value call_user_home(const Invocation& call);

}  // namespace tow::classad
