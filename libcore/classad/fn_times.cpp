// Functions of times.
#include "classad/builtins.hpp"
#include "classad/numbers.hpp"
#include "classad/times.hpp"

#include <fmt/core.h>

namespace tow::classad {

namespace {

constexpr std::size_t kFormatEffort = 1000;
constexpr std::size_t kSplitEffort = 4000;
constexpr std::size_t kMaxFormatted = 65'536;

AbsoluteTime local_time(std::int64_t seconds) noexcept {
    return {seconds, local_offset(seconds)};
}

std::int64_t now_of(const Invocation& call) noexcept {
    return call.evaluator.options().now.time_since_epoch().count();
}

// HTCondor passes seconds and offsets through an int.
std::optional<std::int32_t> narrow_seconds(const Value& value) noexcept {
    if (const auto* integer = value.if_integer()) {
        return wrap_int32(*integer);
    }
    if (const auto* real = value.if_real()) {
        return to_int32(*real);
    }
    if (const auto* time = value.if_relative_time()) {
        return to_int32(*time);
    }
    return std::nullopt;
}

// An instant as splitTime() and formatTime() take it; 23.9 kept it in an int.
std::optional<AbsoluteTime> instant_from(const Invocation& call, const Value& value) noexcept {
    if (const auto time = value.absolute_time()) {
        return *time;
    }
    if (const auto* integer = value.if_integer()) {
        const bool narrow = call.evaluator.options().compat == Compat::V23;
        return local_time(narrow ? wrap_int32(*integer) : *integer);
    }
    if (const auto* real = value.if_real()) {
        return local_time(to_int64(*real));
    }
    return std::nullopt;
}

std::optional<std::int64_t> absolute_field(FunctionId function, AbsoluteTime time) noexcept {
    const auto here = broken_down_here(time.seconds);
    switch (function) {
        case FunctionId::GetYear:
            return std::int64_t{here.tm_year} + 1900;
        case FunctionId::GetMonth:
            return here.tm_mon + 1;
        case FunctionId::GetDayOfYear:
            return here.tm_yday;
        case FunctionId::GetDayOfMonth:
            return here.tm_mday;
        case FunctionId::GetDayOfWeek:
            return here.tm_wday;
        case FunctionId::GetHours:
            return here.tm_hour;
        case FunctionId::GetMinutes:
            return here.tm_min;
        case FunctionId::GetSeconds:
            return here.tm_sec;
        default:
            return std::nullopt;
    }
}

std::optional<std::int64_t> relative_field(FunctionId function, double seconds) noexcept {
    const auto parts = split_relative_time(seconds);
    switch (function) {
        case FunctionId::GetDays:
            return parts.days;
        case FunctionId::GetHours:
            return parts.hours;
        case FunctionId::GetMinutes:
            return parts.minutes;
        case FunctionId::GetSeconds:
            return to_int64(parts.seconds);
        default:
            return std::nullopt;
    }
}

Ad absolute_parts(AbsoluteTime time) {
    const auto there = broken_down(time);
    Ad ad;
    ad.insert_string("Type", "AbsoluteTime");
    ad.insert_int("Year", std::int64_t{there.tm_year} + 1900);
    ad.insert_int("Month", there.tm_mon + 1);
    ad.insert_int("Day", there.tm_mday);
    ad.insert_int("Hours", there.tm_hour);
    ad.insert_int("Minutes", there.tm_min);
    ad.insert_int("Seconds", there.tm_sec);
    ad.insert_int("Offset", time.offset);
    return ad;
}

Ad relative_parts(double seconds) {
    const auto parts = split_relative_time(seconds);
    Ad ad;
    ad.insert_string("Type", "RelativeTime");
    ad.insert_int("Days", parts.days);
    ad.insert_int("Hours", parts.hours);
    ad.insert_int("Minutes", parts.minutes);
    ad.insert_real("Seconds", parts.seconds);
    return ad;
}

// What splitTime() made, or anything with fields of the same names; missing ones are as strftime
// sees a zero.
std::tm from_parts(Evaluator& evaluator, const ScopePtr& scope) {
    std::tm time{};
    const auto set = [&](std::string_view name, int& field, std::int64_t base) {
        const auto* expr = scope->ad->find(name);
        if (expr == nullptr) {
            return;
        }
        const auto value = evaluator.dereference(*expr, scope);
        if (const auto number = number_from(value)) {
            field = wrap_int32(to_int64(*number) - base);
        }
    };
    set("Year", time.tm_year, 1900);
    set("Month", time.tm_mon, 1);
    set("Day", time.tm_mday, 0);
    set("Hours", time.tm_hour, 0);
    set("Minutes", time.tm_min, 0);
    set("Seconds", time.tm_sec, 0);
    return time;
}

std::optional<std::string> formatted(const std::tm& time, const std::string& format) {
    const auto marked = format + '.';  // so that an empty result can be told from a failure
    for (std::size_t size = 256; size <= kMaxFormatted; size *= 2) {
        std::string text(size, '\0');
        const auto length = std::strftime(text.data(), text.size(), marked.c_str(), &time);
        if (length > 0) {
            text.resize(length - 1);
            return text;
        }
    }
    return std::nullopt;
}

}  // namespace

// time(), currentTime(), dayTime(), timeZoneOffset()
Value call_time(const Invocation& call) {
    const auto now = now_of(call);
    switch (call.function()) {
        case FunctionId::Time:
            return Value::integer(now);
        case FunctionId::CurrentTime:
            return Value::absolute_time(local_time(now));
        case FunctionId::DayTime: {
            const auto here = broken_down_here(now);
            return Value::relative_time(here.tm_hour * 3600 + here.tm_min * 60 + here.tm_sec);
        }
        default:
            return Value::relative_time(local_offset(now));
    }
}

Value call_abs_time(const Invocation& call) {
    if (call.count() == 0) {
        return Value::absolute_time(local_time(now_of(call)));
    }
    auto value = call.argument(0);
    if (value.is_undefined() || value.is_error() || value.kind() == Kind::AbsoluteTime) {
        return value;
    }
    const auto offset =
        call.count() > 1 ? narrow_seconds(call.argument(1)) : std::optional<std::int32_t>(0);
    if (!offset) {
        return Value::error();
    }
    if (const auto* text = value.if_string()) {
        const auto time = parse_absolute_time(*text);
        return time ? Value::absolute_time(*time) : value;  // HTCondor gives the text back
    }
    const auto seconds = narrow_seconds(value);
    if (!seconds) {
        return Value::error();
    }
    return Value::absolute_time(call.count() > 1 ? AbsoluteTime{*seconds, *offset}
                                                 : local_time(*seconds));
}

Value call_rel_time(const Invocation& call) {
    auto value = call.argument(0);
    switch (value.kind()) {
        case Kind::Undefined:
        case Kind::RelativeTime:
            return value;
        case Kind::Integer:
        case Kind::Real:
        case Kind::AbsoluteTime:
            return Value::relative_time(*number_from(value));
        case Kind::String: {
            const auto seconds = parse_relative_time(*value.if_string());
            return seconds ? Value::relative_time(*seconds) : Value::error();
        }
        default:
            return Value::error();
    }
}

// getYear() and the like: instants in the zone of this process.
Value call_time_field(const Invocation& call) {
    const auto value = call.argument(0);
    std::optional<std::int64_t> field;
    if (const auto time = value.absolute_time()) {
        field = absolute_field(call.function(), *time);
    } else if (const auto* span = value.if_relative_time()) {
        field = relative_field(call.function(), *span);
    }
    return field ? Value::integer(*field) : Value::error();
}

Value call_split_time(const Invocation& call) {
    auto value = call.argument(0);
    if (value.is_undefined()) {
        return value;
    }
    call.evaluator.spend(kSplitEffort);
    if (const auto* span = value.if_relative_time()) {
        return call.evaluator.computed_ad(relative_parts(*span));
    }
    const auto time = instant_from(call, value);
    return time ? call.evaluator.computed_ad(absolute_parts(*time)) : Value::error();
}

Value call_format_time(const Invocation& call) {
    const auto value =
        call.count() > 0 ? call.argument(0) : Value::absolute_time(local_time(now_of(call)));
    const auto format = call.count() > 1 ? call.argument(1) : Value::string("%c");
    const auto* pattern = format.if_string();
    const auto time = instant_from(call, value);
    const auto scope = value.ad_scope();
    if (pattern == nullptr || (!time && !scope)) {
        return Value::error();
    }
    call.evaluator.spend(kFormatEffort + pattern->size());
    auto text = formatted(time ? broken_down(*time) : from_parts(call.evaluator, scope), *pattern);
    if (!text) {
        return Value::error();
    }
    call.evaluator.spend(text->size() * 2);
    return Value::string(std::move(*text));
}

// "d+hh:mm:ss" without the leading parts that are zero; the first part has the sign.
Value call_interval(const Invocation& call) {
    const auto value = call.argument(0);
    const auto* integer = value.if_integer();
    const auto number = number_from(value);
    if (!number) {
        return Value::error();
    }
    const std::int64_t seconds = wrap_int32(integer != nullptr ? *integer : to_int64(*number));
    const auto parts = split_relative_time(static_cast<double>(seconds < 0 ? -seconds : seconds));
    const auto rest = static_cast<int>(parts.seconds);
    std::string text = seconds < 0 ? "-" : "";
    if (parts.days > 0) {
        text += fmt::format("{}+{:02}:{:02}:{:02}", parts.days, parts.hours, parts.minutes, rest);
    } else if (parts.hours > 0) {
        text += fmt::format("{}:{:02}:{:02}", parts.hours, parts.minutes, rest);
    } else if (parts.minutes > 0) {
        text += fmt::format("{}:{:02}", parts.minutes, rest);
    } else {
        text += fmt::format("{}", rest);
    }
    return Value::string(std::move(text));
}

}  // namespace tow::classad
