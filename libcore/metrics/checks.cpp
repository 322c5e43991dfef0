#include "metrics/checks.hpp"

#include "metrics/registry.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

namespace tow::metrics {

namespace {

using model::Check;
using model::CheckState;

constexpr std::array<std::string_view, 4> kWords{"OK", "WARNING", "CRITICAL", "UNKNOWN"};

std::string_view state_word(CheckState state) {
    return kWords[static_cast<std::size_t>(state)];
}

int code(CheckState state) {
    return static_cast<int>(state);
}

// One line, without what begins or ends something in any of the formats.
std::string plain(std::string_view text, std::string_view forbidden = "|") {
    std::string result(text);
    for (auto& c : result) {
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
            c = ' ';
        } else if (forbidden.find(c) != std::string_view::npos) {
            c = c == '|' ? '/' : '_';
        }
    }
    return result;
}

std::string subject(const Check& check) {
    std::string text = check.target;
    for (const auto& part : {check.server, check.proxy}) {
        text += part ? " " + *part : std::string();
    }
    return text;
}

// "10" is bad above, "10:" is bad below, as the plugin guidelines write it. Which of the two shows
// in the order of the thresholds; if there is only one it is a most.
std::string limits(const Check& check, char separator) {
    const auto limit = [&](std::string_view key) {
        const auto* value = check.evidence.find(key);
        return value == nullptr ? std::nullopt : value->number();
    };
    const auto warning = limit("warning");
    const auto critical = limit("critical");
    const bool is_least = warning && critical && *critical < *warning;
    const auto text = [&](const std::optional<double>& value) {
        return value ? number_text(*value) + (is_least ? ":" : "") : std::string();
    };
    if (!warning && !critical) {
        return {};
    }
    return fmt::format("{}{}{}{}", separator, text(warning), separator, text(critical));
}

std::string unit(const Check& check) {
    return check.unit == "seconds" ? "s" : check.unit == "bytes" ? "B" : "";
}

std::string performance(const Check& check) {
    if (!check.value || !std::isfinite(*check.value)) {
        return {};
    }
    return fmt::format(" '{}'={}{}{}", plain(check.check + ":" + subject(check), "|'=;"),
                       number_text(*check.value), unit(check), limits(check, ';'));
}

bool is_worse(const Check& a, const Check& b) {
    return a.state != b.state && model::worse(a.state, b.state) == a.state;
}

CheckState worst(const std::vector<Check>& checks) {
    auto state = checks.empty() ? CheckState::Unknown : CheckState::Ok;
    for (const auto& check : checks) {
        state = model::worse(state, check.state);
    }
    return state;
}

}  // namespace

int nagios_code(const std::vector<Check>& checks) noexcept {
    return code(worst(checks));
}

std::string nagios_plugin(std::vector<Check> checks) {
    std::ranges::stable_sort(checks, is_worse);
    const auto not_ok = static_cast<std::size_t>(std::ranges::count_if(
        checks, [](const Check& check) { return check.state != CheckState::Ok; }));
    const auto line = [](const Check& check) {
        return plain(fmt::format("{} {}: {}", check.check, subject(check), check.message));
    };
    auto text = fmt::format("{} - ", state_word(worst(checks)));
    if (checks.empty()) {
        text += "nothing was checked";
    } else if (not_ok == 0) {
        text += fmt::format("{} checks are ok", checks.size());
    } else {
        text += fmt::format("{} of {} checks are not ok: {}", not_ok, checks.size(),
                            line(checks.front()));
    }
    text += " |";
    for (const auto& check : checks) {
        text += performance(check);
    }
    text += text.back() == '|' ? fmt::format(" checks={}\n", checks.size()) : "\n";
    for (std::size_t i = 0; i < not_ok; ++i) {
        text += fmt::format("{}: {}\n", state_word(checks[i].state), line(checks[i]));
    }
    return text;
}

std::string nagios_passive(const std::vector<Check>& checks, std::string_view host,
                           base::Time now) {
    std::string text;
    for (const auto& check : checks) {
        // A semicolon ends a field, but for the last.
        const auto when = check.observed_at.value_or(now).time_since_epoch().count();
        text += fmt::format("[{}] PROCESS_SERVICE_CHECK_RESULT;{};{};{};{} - {} |{}\n", when,
                            plain(host, "|;"), plain(check.check + " " + subject(check), "|;"),
                            code(check.state), state_word(check.state), plain(check.message),
                            performance(check));
    }
    return text;
}

std::string checkmk_local(const std::vector<Check>& checks) {
    std::string text;
    for (const auto& check : checks) {
        std::string figures = "-";
        if (check.value && std::isfinite(*check.value)) {
            figures = fmt::format("value={}{}", number_text(*check.value), limits(check, ';'));
        }
        text += fmt::format("{} \"{}\" {} {}\n", code(check.state),
                            plain(check.check + " " + subject(check), "|\""), figures,
                            plain(check.message));
    }
    return text;
}

std::string wlcg_probe(const std::vector<Check>& checks, base::Time now) {
    std::string text;
    for (const auto& check : checks) {
        text += fmt::format(
            "serviceURI: {}\nmetricName: {}\nmetricType: status\nmetricStatus: {}\ntimestamp: {}\n"
            "gatheredAt: {}\nsummaryData: {}\n",
            plain(check.server.value_or(check.target)), plain(check.check), state_word(check.state),
            base::format_time(check.observed_at.value_or(now)), plain(check.target),
            plain(check.message));
        text += check.advice ? fmt::format("detailsData: {}\n", plain(*check.advice)) : "";
        text += "EOT\n";
    }
    return text;
}

std::string checks_text(std::string_view format, const std::vector<Check>& checks,
                        std::string_view host, base::Time now) {
    return format == "nagios"    ? nagios_plugin(checks)
           : format == "passive" ? nagios_passive(checks, host, now)
           : format == "checkmk" ? checkmk_local(checks)
                                 : wlcg_probe(checks, now);
}

}  // namespace tow::metrics
