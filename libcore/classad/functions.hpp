// The functions of the language, by number: the parser looks a name up once.
#pragma once

#include <cstdint>
#include <string_view>

namespace tow::classad {

// clang-format off
enum class FunctionId : std::uint8_t {
    Unknown,  // evaluates to error
    AbsTime, AllCompare, AnyCompare, ArgsToList, Avg, Bool, Ceil, CountMatches, CurrentTime, DayTime,
    Debug, EnvV1ToV2, Eval, EvalInEachContext, Floor, FormatTime, GetDayOfMonth, GetDayOfWeek,
    GetDayOfYear, GetDays, GetHours, GetMinutes, GetMonth, GetSeconds, GetYear, IdenticalMember,
    IfThenElse, Int, Interval, IsAbsTime, IsBoolean, IsClassAd, IsError, IsInteger, IsList, IsReal,
    IsRelTime, IsString, IsUndefined, Join, ListToArgs, Max, Member, MergeEnvironment, Min, Pow,
    Quantize, Random, Real, Regexp, RegexpMember, Regexps, RelTime, Replace, ReplaceAll, Round, Size,
    Split, SplitSlotName, SplitTime, SplitUserName, Strcat, Strcmp, Stricmp, String, StringListAvg,
    StringListIMember, StringListISubsetMatch, StringListMax, StringListMember, StringListMin,
    StringListRegexpMember, StringListSize, StringListSubsetMatch, StringListSum,
    StringListsIntersect, Substr, Sum, Time, TimeZoneOffset, ToLower, ToUpper, Unparse, Unresolved,
    UserHome, UserMap, VersionEQ, VersionGE, VersionGT, VersionInRange, VersionLE, VersionLT,
    VersionCmp,
};
// clang-format on

// Unknown if no function has this name; case does not matter.
FunctionId find_function(std::string_view name) noexcept;

// The usual spelling; empty for Unknown.
std::string_view function_name(FunctionId function) noexcept;

}  // namespace tow::classad
