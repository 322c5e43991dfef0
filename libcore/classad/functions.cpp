#include "classad/functions.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace tow::classad {

namespace {

struct Entry {
    std::string_view name;  // as the manual spells it
    FunctionId id;
};

// Sorted by the lower-cased name.
constexpr std::array kFunctions{
    Entry{"absTime", FunctionId::AbsTime},
    Entry{"allCompare", FunctionId::AllCompare},
    Entry{"anyCompare", FunctionId::AnyCompare},
    Entry{"argsToList", FunctionId::ArgsToList},
    Entry{"avg", FunctionId::Avg},
    Entry{"bool", FunctionId::Bool},
    Entry{"ceil", FunctionId::Ceil},
    Entry{"ceiling", FunctionId::Ceil},
    Entry{"countMatches", FunctionId::CountMatches},
    Entry{"currentTime", FunctionId::CurrentTime},
    Entry{"dayTime", FunctionId::DayTime},
    Entry{"debug", FunctionId::Debug},
    Entry{"envV1ToV2", FunctionId::EnvV1ToV2},
    Entry{"eval", FunctionId::Eval},
    Entry{"evalInEachContext", FunctionId::EvalInEachContext},
    Entry{"floor", FunctionId::Floor},
    Entry{"formatTime", FunctionId::FormatTime},
    Entry{"getDayOfMonth", FunctionId::GetDayOfMonth},
    Entry{"getDayOfWeek", FunctionId::GetDayOfWeek},
    Entry{"getDayOfYear", FunctionId::GetDayOfYear},
    Entry{"getDays", FunctionId::GetDays},
    Entry{"getHours", FunctionId::GetHours},
    Entry{"getMinutes", FunctionId::GetMinutes},
    Entry{"getMonth", FunctionId::GetMonth},
    Entry{"getSeconds", FunctionId::GetSeconds},
    Entry{"getYear", FunctionId::GetYear},
    Entry{"identicalMember", FunctionId::IdenticalMember},
    Entry{"ifThenElse", FunctionId::IfThenElse},
    Entry{"int", FunctionId::Int},
    Entry{"interval", FunctionId::Interval},
    Entry{"isAbstime", FunctionId::IsAbsTime},
    Entry{"isBoolean", FunctionId::IsBoolean},
    Entry{"isClassAd", FunctionId::IsClassAd},
    Entry{"isError", FunctionId::IsError},
    Entry{"isInteger", FunctionId::IsInteger},
    Entry{"isList", FunctionId::IsList},
    Entry{"isReal", FunctionId::IsReal},
    Entry{"isReltime", FunctionId::IsRelTime},
    Entry{"isString", FunctionId::IsString},
    Entry{"isUndefined", FunctionId::IsUndefined},
    Entry{"join", FunctionId::Join},
    Entry{"listToArgs", FunctionId::ListToArgs},
    Entry{"max", FunctionId::Max},
    Entry{"member", FunctionId::Member},
    Entry{"mergeEnvironment", FunctionId::MergeEnvironment},
    Entry{"min", FunctionId::Min},
    Entry{"pow", FunctionId::Pow},
    Entry{"quantize", FunctionId::Quantize},
    Entry{"random", FunctionId::Random},
    Entry{"real", FunctionId::Real},
    Entry{"regexp", FunctionId::Regexp},
    Entry{"regexpMember", FunctionId::RegexpMember},
    Entry{"regexps", FunctionId::Regexps},
    Entry{"relTime", FunctionId::RelTime},
    Entry{"replace", FunctionId::Replace},
    Entry{"replaceall", FunctionId::ReplaceAll},
    Entry{"round", FunctionId::Round},
    Entry{"size", FunctionId::Size},
    Entry{"split", FunctionId::Split},
    Entry{"splitSlotName", FunctionId::SplitSlotName},
    Entry{"splitTime", FunctionId::SplitTime},
    Entry{"splitUserName", FunctionId::SplitUserName},
    Entry{"strcat", FunctionId::Strcat},
    Entry{"strcmp", FunctionId::Strcmp},
    Entry{"stricmp", FunctionId::Stricmp},
    Entry{"string", FunctionId::String},
    Entry{"stringList_regexpMember", FunctionId::StringListRegexpMember},
    Entry{"stringListAvg", FunctionId::StringListAvg},
    Entry{"stringListIMember", FunctionId::StringListIMember},
    Entry{"stringListISubsetMatch", FunctionId::StringListISubsetMatch},
    Entry{"stringListMax", FunctionId::StringListMax},
    Entry{"stringListMember", FunctionId::StringListMember},
    Entry{"stringListMin", FunctionId::StringListMin},
    Entry{"stringListsIntersect", FunctionId::StringListsIntersect},
    Entry{"stringListSize", FunctionId::StringListSize},
    Entry{"stringListSubsetMatch", FunctionId::StringListSubsetMatch},
    Entry{"stringListSum", FunctionId::StringListSum},
    Entry{"substr", FunctionId::Substr},
    Entry{"sum", FunctionId::Sum},
    Entry{"time", FunctionId::Time},
    Entry{"timeZoneOffset", FunctionId::TimeZoneOffset},
    Entry{"toLower", FunctionId::ToLower},
    Entry{"toUpper", FunctionId::ToUpper},
    Entry{"unparse", FunctionId::Unparse},
    Entry{"unresolved", FunctionId::Unresolved},
    Entry{"userHome", FunctionId::UserHome},
    Entry{"userMap", FunctionId::UserMap},
    Entry{"version_in_range", FunctionId::VersionInRange},
    Entry{"versioncmp", FunctionId::VersionCmp},
    Entry{"versionEQ", FunctionId::VersionEQ},
    Entry{"versionGE", FunctionId::VersionGE},
    Entry{"versionGT", FunctionId::VersionGT},
    Entry{"versionLE", FunctionId::VersionLE},
    Entry{"versionLT", FunctionId::VersionLT},
};

bool before(std::string_view a, std::string_view b) noexcept {
    return std::ranges::lexicographical_compare(a, b, {}, base::to_lower, base::to_lower);
}

}  // namespace

FunctionId find_function(std::string_view name) noexcept {
    const auto* found = std::ranges::lower_bound(kFunctions, name, before, &Entry::name);
    const bool known = found != kFunctions.end() && base::equal_nocase(found->name, name);
    return known ? found->id : FunctionId::Unknown;
}

std::string_view function_name(FunctionId function) noexcept {
    const auto* found = std::ranges::find(kFunctions, function, &Entry::id);
    return found != kFunctions.end() ? found->name : std::string_view{};
}

}  // namespace tow::classad
