#include "classad/builtins.hpp"

#include "classad/unparse.hpp"

#include <algorithm>
#include <cstdlib>

namespace tow::classad {

namespace {

// In the order of FunctionId.
constexpr std::array kBuiltins{
    Builtin{},  // Unknown
    Builtin{FunctionId::AbsTime, 0, 2, call_abs_time},
    Builtin{FunctionId::AllCompare, 3, 3, call_compare_list},
    Builtin{FunctionId::AnyCompare, 3, 3, call_compare_list},
    Builtin{FunctionId::ArgsToList, 1, 2, call_args_to_list},
    Builtin{FunctionId::Avg, 1, 1, call_aggregate},
    Builtin{FunctionId::Bool, 1, 1, call_to_bool},
    Builtin{FunctionId::Ceil, 1, 1, call_round},
    Builtin{FunctionId::CountMatches, 2, 2, call_in_each_context},
    Builtin{FunctionId::CurrentTime, 0, 0, call_time},
    Builtin{FunctionId::DayTime, 0, 0, call_time},
    Builtin{FunctionId::Debug, 1, 1, call_debug},
    Builtin{FunctionId::EnvV1ToV2, 1, 1, call_env_v1_to_v2},
    Builtin{FunctionId::Eval, 1, 1, call_eval},
    Builtin{FunctionId::EvalInEachContext, 2, 2, call_in_each_context},
    Builtin{FunctionId::Floor, 1, 1, call_round},
    Builtin{FunctionId::FormatTime, 0, 2, call_format_time},
    Builtin{FunctionId::GetDayOfMonth, 1, 1, call_time_field},
    Builtin{FunctionId::GetDayOfWeek, 1, 1, call_time_field},
    Builtin{FunctionId::GetDayOfYear, 1, 1, call_time_field},
    Builtin{FunctionId::GetDays, 1, 1, call_time_field},
    Builtin{FunctionId::GetHours, 1, 1, call_time_field},
    Builtin{FunctionId::GetMinutes, 1, 1, call_time_field},
    Builtin{FunctionId::GetMonth, 1, 1, call_time_field},
    Builtin{FunctionId::GetSeconds, 1, 1, call_time_field},
    Builtin{FunctionId::GetYear, 1, 1, call_time_field},
    Builtin{FunctionId::IdenticalMember, 2, 2, call_member},
    Builtin{FunctionId::IfThenElse, 3, 3, call_if_then_else},
    Builtin{FunctionId::Int, 1, 1, call_to_int},
    Builtin{FunctionId::Interval, 1, 1, call_interval},
    Builtin{FunctionId::IsAbsTime, 1, 1, call_is_type},
    Builtin{FunctionId::IsBoolean, 1, 1, call_is_type},
    Builtin{FunctionId::IsClassAd, 1, 1, call_is_type},
    Builtin{FunctionId::IsError, 1, 1, call_is_type},
    Builtin{FunctionId::IsInteger, 1, 1, call_is_type},
    Builtin{FunctionId::IsList, 1, 1, call_is_type},
    Builtin{FunctionId::IsReal, 1, 1, call_is_type},
    Builtin{FunctionId::IsRelTime, 1, 1, call_is_type},
    Builtin{FunctionId::IsString, 1, 1, call_is_type},
    Builtin{FunctionId::IsUndefined, 1, 1, call_is_type},
    Builtin{FunctionId::Join, 0, kAnyNumber, call_join},
    Builtin{FunctionId::ListToArgs, 1, 2, call_list_to_args},
    Builtin{FunctionId::Max, 1, 1, call_aggregate},
    Builtin{FunctionId::Member, 2, 2, call_member},
    Builtin{FunctionId::MergeEnvironment, 0, kAnyNumber, call_merge_environment},
    Builtin{FunctionId::Min, 1, 1, call_aggregate},
    Builtin{FunctionId::Pow, 2, 2, call_pow},
    Builtin{FunctionId::Quantize, 2, 2, call_quantize},
    Builtin{FunctionId::Random, 0, 1, call_random},
    Builtin{FunctionId::Real, 1, 1, call_to_real},
    Builtin{FunctionId::Regexp, 2, 3, call_regexp},
    Builtin{FunctionId::RegexpMember, 2, 3, call_regexp_member},
    Builtin{FunctionId::Regexps, 3, 4, call_regexp_substitute},
    Builtin{FunctionId::RelTime, 1, 1, call_rel_time},
    Builtin{FunctionId::Replace, 3, 4, call_regexp_substitute},
    Builtin{FunctionId::ReplaceAll, 3, 4, call_regexp_substitute},
    Builtin{FunctionId::Round, 1, 1, call_round},
    Builtin{FunctionId::Size, 1, 1, call_size},
    Builtin{FunctionId::Split, 1, 2, call_split},
    Builtin{FunctionId::SplitSlotName, 1, 1, call_split_name},
    Builtin{FunctionId::SplitTime, 1, 1, call_split_time},
    Builtin{FunctionId::SplitUserName, 1, 1, call_split_name},
    Builtin{FunctionId::Strcat, 0, kAnyNumber, call_strcat},
    Builtin{FunctionId::Strcmp, 2, 2, call_strcmp},
    Builtin{FunctionId::Stricmp, 2, 2, call_strcmp},
    Builtin{FunctionId::String, 1, 1, call_to_string},
    Builtin{FunctionId::StringListAvg, 1, 2, call_string_list_summary},
    Builtin{FunctionId::StringListIMember, 2, 3, call_string_list_member},
    Builtin{FunctionId::StringListISubsetMatch, 2, 3, call_string_list_subset},
    Builtin{FunctionId::StringListMax, 1, 2, call_string_list_summary},
    Builtin{FunctionId::StringListMember, 2, 3, call_string_list_member},
    Builtin{FunctionId::StringListMin, 1, 2, call_string_list_summary},
    Builtin{FunctionId::StringListRegexpMember, 2, 4, call_string_list_regexp_member},
    Builtin{FunctionId::StringListSize, 1, 2, call_string_list_size},
    Builtin{FunctionId::StringListSubsetMatch, 2, 3, call_string_list_subset},
    Builtin{FunctionId::StringListSum, 1, 2, call_string_list_summary},
    Builtin{FunctionId::StringListsIntersect, 2, 3, call_string_lists_intersect},
    Builtin{FunctionId::Substr, 2, 3, call_substr},
    Builtin{FunctionId::Sum, 1, 1, call_aggregate},
    Builtin{FunctionId::Time, 0, 0, call_time},
    Builtin{FunctionId::TimeZoneOffset, 0, 0, call_time},
    Builtin{FunctionId::ToLower, 1, 1, call_change_case},
    Builtin{FunctionId::ToUpper, 1, 1, call_change_case},
    Builtin{FunctionId::Unparse, 1, 1, call_unparse},
    Builtin{FunctionId::Unresolved, 1, 2, call_unresolved},
    Builtin{FunctionId::UserHome, 1, 2, call_user_home},
    Builtin{FunctionId::UserMap, 2, 4, call_user_map},
    Builtin{FunctionId::VersionEQ, 2, 2, call_version_compare},
    Builtin{FunctionId::VersionGE, 2, 2, call_version_compare},
    Builtin{FunctionId::VersionGT, 2, 2, call_version_compare},
    Builtin{FunctionId::VersionInRange, 3, 3, call_version_in_range},
    Builtin{FunctionId::VersionLE, 2, 2, call_version_compare},
    Builtin{FunctionId::VersionLT, 2, 2, call_version_compare},
    Builtin{FunctionId::VersionCmp, 2, 2, call_version_compare},
};

constexpr bool in_order() noexcept {
    for (std::size_t i = 0; i < kBuiltins.size(); ++i) {
        if (static_cast<std::size_t>(kBuiltins[i].function) != i) {
            return false;
        }
    }
    return true;
}

static_assert(in_order() && kBuiltins.back().function == FunctionId::VersionCmp);

}  // namespace

const Builtin* find_builtin(FunctionId function) noexcept {
    return function != FunctionId::Unknown ? &kBuiltins[static_cast<std::size_t>(function)]
                                           : nullptr;
}

std::vector<Value> Invocation::all() const {
    std::vector<Value> values;
    values.reserve(count());
    for (std::size_t i = 0; i < count(); ++i) {
        values.push_back(argument(i));
        if (const auto* text = values.back().if_string()) {
            evaluator.spend(text->size());
        }
    }
    return values;
}

std::optional<Value> error_or_undefined(const std::vector<Value>& arguments) {
    if (std::ranges::any_of(arguments, &Value::is_error)) {
        return Value::error();
    }
    if (std::ranges::any_of(arguments, &Value::is_undefined)) {
        return Value::undefined();
    }
    return std::nullopt;
}

std::optional<double> number_from(const Value& value) {
    switch (value.kind()) {
        case Kind::Boolean:
            return *value.if_boolean() ? 1 : 0;
        case Kind::Integer:
            return static_cast<double>(*value.if_integer());
        case Kind::Real:
            return *value.if_real();
        case Kind::AbsoluteTime:
            return static_cast<double>(value.absolute_time()->seconds);
        case Kind::RelativeTime:
            return *value.if_relative_time();
        case Kind::String: {
            const char* text = value.if_string()->c_str();
            char* end = nullptr;
            const double number = std::strtod(text, &end);
            return end != text ? std::optional(number) : std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

std::string text_from(Evaluator& evaluator, const Value& value) {
    auto text = plain_text(value);
    evaluator.spend(text.size());
    return text;
}

}  // namespace tow::classad
