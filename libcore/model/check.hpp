// The record type of tools that look whether something works: check.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"
#include "record/view.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tow::model {

// In the order of Nagios. Unknown: it could not be told.
enum class CheckState { Ok, Warning, Critical, Unknown };

std::string_view check_state_name(CheckState state) noexcept;

// The worse of two: critical, then warning, then unknown. Not knowing never hides a failure.
CheckState worse(CheckState a, CheckState b) noexcept;

struct Check {
    std::string check;   // what was looked at: "cvmfs.whitelist"
    std::string target;  // of what: a repository
    std::optional<std::string> server;
    std::optional<std::string> proxy;  // through which it was asked
    CheckState state = CheckState::Unknown;
    std::optional<std::string> reason;  // one word for what is wrong
    std::string message;
    std::optional<double> value;
    std::optional<std::string> unit;  // of value: seconds, bytes, ratio; absent: a number
    std::optional<base::Time> since;
    std::optional<std::string> advice;  // what to do about it
    record::Object evidence;
    std::optional<base::Time> observed_at;
};

Check read_check(record::View record);
record::Object to_record(const Check& check);

}  // namespace tow::model
