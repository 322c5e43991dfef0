#include "source/slurm_values.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

namespace tow::source::slurm {

namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 53U;

// NO_VAL and INFINITE of slurm.h in 32 bits; those in 64 bits are no int64.
constexpr std::int64_t kNoValue = 0xfffffffe;
constexpr std::int64_t kInfinite = 0xffffffff;

std::optional<std::int64_t> integer(std::string_view text, int base = 10) noexcept {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    const bool whole = error == std::errc{} && end == text.data() + text.size() && value >= 0;
    return whole ? std::optional(value) : std::nullopt;
}

// The words of job_state_string() and job_state_string_compact() in Slurm.
constexpr std::array<std::string_view, 4> kWaiting{"PENDING", "PD", "REQUEUED", "RQ"};
constexpr std::array<std::string_view, 12> kRunning{
    "RUNNING", "R",         "SUSPENDED", "S",        "CONFIGURING", "CF",
    "SI",      "SIGNALING", "RS",        "RESIZING", "STOPPED",     "ST"};
constexpr std::array<std::string_view, 6> kHeld{"SPECIAL_EXIT",  "SE", "REQUEUE_HOLD", "RH",
                                                "RESV_DEL_HOLD", "RD"};
constexpr std::array<std::string_view, 4> kHeldReasons{
    "JobHeldUser", "JobHeldAdmin", "JobHoldMaxRequeue", "launch_failed_requeued_held"};
// Ending, or running in another cluster of a federation.
constexpr std::array<std::string_view, 4> kGone{"COMPLETING", "CG", "REVOKED", "RV"};

template <std::size_t N>
bool any_of(const std::vector<std::string_view>& words,
            const std::array<std::string_view, N>& known) {
    return std::ranges::any_of(
        words, [&](auto word) { return std::ranges::find(known, word) != known.end(); });
}

std::int64_t hex_tasks(std::string_view digits) {
    std::int64_t count = 0;
    for (const char digit : digits) {
        const auto value = integer({&digit, 1}, 16);
        if (!value) {
            base::fail(base::Kind::Data, "job array tasks \"0x{}\"", base::printable(digits));
        }
        count += std::popcount(static_cast<unsigned>(*value));
    }
    return count;
}

// "7", "3-4", "20-40:2"
std::int64_t tasks_in_range(std::string_view range) {
    const auto colon = range.find(':');
    const auto dash = range.find('-');
    const auto first = integer(range.substr(0, std::min(dash, colon)));
    const auto last =
        dash == std::string_view::npos ? first : integer(range.substr(dash + 1, colon - dash - 1));
    const auto step = colon == std::string_view::npos ? std::optional(std::int64_t{1})
                                                      : integer(range.substr(colon + 1));
    if (!first || !last || !step || *step < 1 || *last < *first) {
        base::fail(base::Kind::Data, "job array tasks \"{}\"", base::printable(range));
    }
    return (*last - *first) / *step + 1;
}

}  // namespace

std::optional<std::int64_t> number(record::View value) {
    if (value.is_object()) {
        const bool is_set = value.find("set").value().boolean().value_or(false);
        const bool is_infinite = value.find("infinite").value().boolean().value_or(false);
        return is_set && !is_infinite ? number(value.find("number")) : std::nullopt;
    }
    const auto plain = value.integer();
    return plain && *plain >= 0 && *plain <= kMost && *plain != kNoValue && *plain != kInfinite
               ? plain
               : std::nullopt;
}

std::optional<JobState> job_state(const std::vector<std::string_view>& states,
                                  std::string_view reason) {
    if (any_of(states, kGone)) {
        return std::nullopt;
    }
    if (any_of(states, kHeld)) {
        return JobState::Held;
    }
    if (any_of(states, kWaiting)) {
        return any_of({reason}, kHeldReasons) ? JobState::Held : JobState::Idle;
    }
    return any_of(states, kRunning) ? std::optional(JobState::Running) : std::nullopt;
}

std::optional<JobState> job_state(record::View states, std::string_view reason) {
    std::vector<std::string_view> words;
    if (const auto word = states.string()) {
        words.push_back(*word);
    }
    for (const auto& element : states.elements()) {
        words.push_back(element.string().value_or(""));
    }
    return job_state(words, reason);
}

Tasks tasks(std::string_view list) {
    list = list.substr(0, list.find('%'));  // how many may run at once
    Tasks result{0, false};
    if (list.starts_with("0x")) {
        return {hex_tasks(list.substr(2)), false};
    }
    if (const auto dots = list.find("..."); dots != std::string_view::npos) {
        result.is_cut = true;
        list = list.substr(0, std::min(dots, list.rfind(',', dots)));
    }
    for (const auto& range : base::split(list, ',')) {
        result.count = std::min(result.count + tasks_in_range(range), kMost);
    }
    if (result.count == 0 && !result.is_cut) {
        base::fail(base::Kind::Data, "a job array without tasks");
    }
    result.count = std::max<std::int64_t>(result.count, 1);
    return result;
}

Tasks tasks_of_id(std::string_view id) {
    const auto open = id.find("_[");
    return open == std::string_view::npos
               ? Tasks{}
               : tasks(id.substr(open + 2, id.find(']', open) - open - 2));
}

Tres tres(std::string_view text) {
    Tres result;
    std::int64_t typed_gpus = 0;
    for (const auto& item : base::split(text, ',')) {
        const auto equals = item.find('=');
        const auto name = std::string_view(item).substr(0, equals);
        const auto value = equals == std::string::npos ? std::string_view()
                                                       : std::string_view(item).substr(equals + 1);
        if (name == "mem") {
            result.memory_bytes = memory(value);
        } else if (name == "cpu") {
            result.cpus = integer(value);
        } else if (name == "node") {
            result.nodes = integer(value);
        } else if (name == "gres/gpu") {
            result.gpus = integer(value);
        } else if (name.starts_with("gres/gpu:")) {
            typed_gpus = std::min(typed_gpus + integer(value).value_or(0), kMost);
        }
    }
    if (!result.gpus && typed_gpus > 0) {
        result.gpus = typed_gpus;
    }
    return result;
}

std::optional<std::int64_t> memory(std::string_view text) {
    constexpr std::string_view kUnits = "KMGTPE";
    constexpr double kMebi = 1048576;
    double scale = kMebi;
    if (!text.empty()) {
        if (const auto unit = kUnits.find(text.back()); unit != std::string_view::npos) {
            scale = std::exp2(10.0 * static_cast<double>(unit + 1));
            text.remove_suffix(1);
        }
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    const auto bytes = std::round(value * scale);
    return whole && bytes >= 0 && bytes <= static_cast<double>(kMost)
               ? std::optional(static_cast<std::int64_t>(bytes))
               : std::nullopt;
}

std::optional<std::chrono::seconds> time_limit(std::string_view text) {
    constexpr std::int64_t kMostDays = 1'000'000;
    const auto dash = text.find('-');
    const bool has_days = dash != std::string_view::npos;
    const auto days = has_days ? integer(text.substr(0, dash)) : std::optional(std::int64_t{0});
    auto parts = base::split(text.substr(has_days ? dash + 1 : 0), ':');
    if (!days || *days > kMostDays || parts.empty() || parts.size() > 3) {
        return std::nullopt;
    }
    // With days: hours first. Without: minutes first unless there are three parts.
    if (has_days) {
        parts.resize(3, "0");
    } else if (parts.size() < 3) {
        parts.insert(parts.begin(), "0");
        parts.resize(3, "0");
    }
    std::int64_t seconds = *days * 24;
    for (const auto& part : parts) {
        const auto value = integer(part);
        if (!value || *value > kMostDays) {
            return std::nullopt;
        }
        seconds = (&part == &parts.front() ? seconds : seconds * 60) + *value;
    }
    return std::chrono::seconds{seconds};
}

std::optional<std::string> known(std::string_view text) {
    constexpr std::array<std::string_view, 6> kNothing{"", "(null)", "N/A", "n/a", "None", "none"};
    text = base::trim(text);
    return std::ranges::find(kNothing, text) == kNothing.end() ? std::optional(std::string(text))
                                                               : std::nullopt;
}

}  // namespace tow::source::slurm
