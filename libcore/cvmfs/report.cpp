#include "cvmfs/report.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include <fmt/core.h>

namespace tow::cvmfs {

namespace {

using model::Check;
using model::CheckState;

Check new_check(const Subject& subject, std::string_view name, base::Time now) {
    Check check;
    check.check = fmt::format("cvmfs.{}", name);
    check.target = subject.repository;
    check.server = subject.server;
    check.proxy = subject.proxy;
    check.observed_at = now;
    return check;
}

bool is_worse(const Check& a, const Check& b) {
    return a.state != b.state && model::worse(a.state, b.state) == a.state;
}

// Nagios cannot read these in its line: | begins the figures, a line end the long text.
std::string plain(std::string text) {
    std::ranges::replace(text, '|', '/');
    std::ranges::replace(text, '\n', ' ');
    return text;
}

std::string number_text(double value) {
    return value == std::floor(value) && std::abs(value) < 1e15 ? fmt::format("{:.0f}", value)
                                                                : fmt::format("{:.6g}", value);
}

// A threshold as the plugin guidelines write it: "10" is bad above, "10:" is bad below.
std::string range_text(const record::Object& evidence, std::string_view key, bool is_least) {
    const auto* limit = evidence.find(key);
    const auto number = limit == nullptr ? std::nullopt : limit->number();
    return number ? number_text(*number) + (is_least ? ":" : "") : std::string();
}

std::string performance(const Check& check) {
    const auto* name = check.evidence.find("figure");
    if (!check.value || name == nullptr || name->string() == nullptr) {
        return {};
    }
    const auto& known = figure(*name->string());
    std::string label = fmt::format("{}:{}", known.name, check.target);
    for (const auto& part : {check.server, check.proxy}) {
        label += part ? ":" + *part : std::string();
    }
    std::erase_if(label, [](char c) { return c == '\'' || c == '='; });
    const auto* unit = known.unit == Unit::Seconds ? "s" : known.unit == Unit::Bytes ? "B" : "";
    return fmt::format(" '{}'={}{};{};{}", label, number_text(*check.value), unit,
                       range_text(check.evidence, "warning", known.is_least),
                       range_text(check.evidence, "critical", known.is_least));
}

}  // namespace

Check& Report::ok(const Subject& subject, std::string_view name, std::string message) {
    auto& check = checks_.emplace_back(new_check(subject, name, now_));
    check.state = CheckState::Ok;
    check.message = std::move(message);
    return check;
}

Check& Report::bad(const Subject& subject, std::string_view name, CheckState state,
                   std::string_view reason, std::string message) {
    auto& check = checks_.emplace_back(new_check(subject, name, now_));
    check.state = state;
    check.reason = reason;
    check.message = std::move(message);
    check.advice = advice_for(reason);
    return check;
}

Check& Report::measure(const Subject& subject, std::string_view name, std::string_view figure_name,
                       double value, std::string_view reason) {
    const auto& known = figure(figure_name);
    const auto state = thresholds_->judge(known, subject.repository, value);
    auto& check =
        state == CheckState::Ok ? ok(subject, name, {}) : bad(subject, name, state, reason, {});
    check.value = value;
    if (known.unit != Unit::Count) {
        check.unit = unit_name(known.unit);
    }
    const auto limits = thresholds_->of(known, subject.repository);
    check.evidence.set("figure", figure_name);
    check.evidence.set_known("warning", limits.warning);
    check.evidence.set_known("critical", limits.critical);
    return check;
}

void Report::take(Report other) {
    std::ranges::move(other.checks_, std::back_inserter(checks_));
}

CheckState Report::worst() const noexcept {
    auto worst = CheckState::Ok;
    for (const auto& check : checks_) {
        worst = model::worse(worst, check.state);
    }
    return worst;
}

Check verdict(const std::vector<Check>& checks, const Subject& subject, std::string_view name,
              const std::string& message) {
    Check result = new_check(subject, name, {});
    result.observed_at.reset();
    result.state = CheckState::Ok;
    result.message = message;
    const Check* first = nullptr;  // of the worst
    std::int64_t not_ok = 0;
    for (const auto& check : checks) {
        not_ok += check.state == CheckState::Ok ? 0 : 1;
        if (check.state != CheckState::Ok && (first == nullptr || is_worse(check, *first))) {
            first = &check;
        }
        result.observed_at = check.observed_at;
    }
    if (first != nullptr) {
        result.state = first->state;
        result.reason = first->reason;
        result.message = not_ok > 1 ? fmt::format("{} (and {} more)", first->message, not_ok - 1)
                                    : first->message;
        result.since = first->since;
        result.advice = first->advice;
    }
    result.evidence.set("checks", static_cast<std::int64_t>(checks.size()));
    result.evidence.set("not_ok", not_ok);
    return result;
}

int nagios_code(CheckState state) noexcept {
    return static_cast<int>(state);
}

std::vector<Check> told(const Findings& findings, bool all) {
    auto result = findings.verdicts;
    std::ranges::stable_sort(result, is_worse);
    const auto verdicts = result.size();
    for (const auto& check : findings.checks) {
        // Alone, it has been told by its verdict.
        const bool is_told = std::ranges::any_of(findings.verdicts, [&](const Check& verdict) {
            return verdict.target == check.target && verdict.server == check.server &&
                   verdict.proxy == check.proxy && verdict.message == check.message;
        });
        if (all || (check.state != CheckState::Ok && !is_told)) {
            result.push_back(check);
        }
    }
    std::stable_sort(result.begin() + static_cast<std::ptrdiff_t>(verdicts), result.end(),
                     is_worse);
    return result;
}

CheckState worst(const Findings& findings) noexcept {
    auto state = findings.verdicts.empty() ? CheckState::Unknown : CheckState::Ok;
    for (const auto& verdict : findings.verdicts) {
        state = model::worse(state, verdict.state);
    }
    return state;
}

std::string nagios_line(const Findings& findings) {
    const auto& verdicts = findings.verdicts;
    constexpr std::string_view kWords[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    const auto state = worst(findings);
    std::vector<const Check*> wrong;
    for (const auto& one : verdicts) {
        if (one.state != CheckState::Ok) {
            wrong.push_back(&one);
        }
    }
    std::ranges::stable_sort(wrong, [](const auto* a, const auto* b) { return is_worse(*a, *b); });
    constexpr std::size_t kShown = 3;
    std::string text = verdicts.empty() ? "nothing was checked"
                       : wrong.empty()  ? fmt::format("{} checked", verdicts.size())
                                        : fmt::format("{} of {}:", wrong.size(), verdicts.size());
    if (wrong.empty() && verdicts.size() == 1) {
        text = verdicts[0].target + ": " + verdicts[0].message;
    }
    for (std::size_t i = 0; i < std::min(kShown, wrong.size()); ++i) {
        text += fmt::format("{} {}{}: {}", i > 0 ? ";" : "", wrong[i]->target,
                            wrong[i]->server ? " at " + *wrong[i]->server : "", wrong[i]->message);
    }
    std::string figures;
    for (const auto& check : findings.checks) {
        figures += performance(check);
    }
    return fmt::format(
        "{} - {} |{}\n", kWords[static_cast<std::size_t>(state)], plain(text),
        plain(figures.empty() ? fmt::format(" checks={}", findings.checks.size()) : figures));
}

std::string age_text(double seconds) {
    return base::format_duration(std::chrono::seconds(std::llround(std::abs(seconds))));
}

}  // namespace tow::cvmfs
