#include "cvmfs/mount_checks.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cvmfs/dates.hpp"
#include "cvmfs/proxies.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <system_error>

#include <fmt/core.h>

namespace tow::cvmfs {

namespace {

using State = model::CheckState;

constexpr double kMinute = 60;
constexpr std::int64_t kFewDescriptors = 8192;
constexpr double kRecent = 3 * 3600;  // seconds: what the log tells of longer ago is over
constexpr std::int64_t kLatestTime = 253'402'300'799;

std::string error_text(int error) {
    return std::generic_category().message(error);
}

base::Time time_of(std::int64_t seconds) {
    return base::Time(std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kLatestTime)));
}

// Why the mountpoint cannot be opened.
void judge_open_error(Report& report, const Subject& subject, const MountFacts& facts) {
    const auto text = fmt::format("{}: {}", facts.path, error_text(facts.open_error));
    const bool is_dead = facts.open_error == ENOTCONN || facts.open_error == ECONNABORTED ||
                         facts.open_error == EIO || facts.open_error == ESTALE;
    report.bad(subject, "mount", State::Critical, is_dead ? "crashed" : "not_mounted", text);
}

// The time at the head of a line of the client's log: "[21 Nov 2026 19:27:20 UTC] text".
std::optional<base::Time> time_of_line(std::string_view line) {
    const auto end = line.find(']');
    return line.starts_with('[') && end != std::string_view::npos
               ? parse_date(line.substr(1, end - 1))
               : std::nullopt;
}

// The last line of the log with a word in it that is not over yet.
std::optional<std::string> recent_line(const Report& report, const MountFacts& facts,
                                       std::string_view word) {
    std::optional<std::string> result;
    for (const auto& line : base::split(facts.attribute("logbuffer").value_or(""), '\n')) {
        const auto time = time_of_line(line);
        const bool is_recent =
            !time || static_cast<double>((report.now() - *time).count()) < kRecent;
        if (is_recent && line.find(word) != std::string::npos) {
            result = base::printable(line);
        }
    }
    return result;
}

void judge_io_errors(Report& report, const Subject& subject, const MountFacts& facts) {
    const auto errors = facts.number("nioerr");
    const auto last = facts.number("timestamp_last_ioerr");
    if (last && *last > 0) {
        auto& check = report.measure(subject, "io_errors", "io_error_age",
                                     static_cast<double>((report.now() - time_of(*last)).count()),
                                     "io_errors");
        check.message =
            fmt::format("{} input or output errors, the last {} ago",
                        errors ? std::to_string(*errors) : "some", age_text(*check.value));
        if (check.state != State::Ok) {
            check.since = time_of(*last);
        }
    } else if (const auto line = recent_line(report, facts, "EIO (")) {
        // A directory that cannot be looked up is not counted by the client.
        report.bad(subject, "io_errors", State::Warning, "io_errors", "the log says: " + *line);
    } else if (!last && errors && *errors > 0) {
        report.bad(
            subject, "io_errors", State::Warning, "io_errors",
            fmt::format("{} input or output errors; when, this client does not tell", *errors));
    } else if (errors) {
        report.ok(subject, "io_errors", "no input or output errors");
    }
}

void judge_update(Report& report, const Subject& subject, const MountFacts& facts) {
    const auto expires = facts.number("expires");
    if (const auto line = recent_line(report, facts, "offline mode")) {
        report.bad(subject, "update", State::Warning, "update_overdue", "the log says: " + *line);
    } else if (expires) {
        const double overdue = std::max(0.0, -static_cast<double>(*expires) * kMinute);
        auto& check =
            report.measure(subject, "update", "update_overdue", overdue, "update_overdue");
        check.message = overdue > 0
                            ? fmt::format("has not looked for a new revision for {} too long",
                                          age_text(overdue))
                            : fmt::format("looks for a new revision in {} min", *expires);
    } else if (const auto text = facts.attribute("expires")) {
        report.ok(subject, "update", base::printable(*text));  // pinned to a revision
    }
}

void judge_ratio(Report& report, const Subject& subject, std::string_view figure,
                 std::pair<std::optional<std::int64_t>, std::optional<std::int64_t>> parts,
                 std::string_view what) {
    const auto [part, whole] = parts;
    if (part && whole && *part >= 0 && *whole > 0) {
        auto& check = report.measure(subject, figure, figure,
                                     static_cast<double>(*part) / static_cast<double>(*whole),
                                     figure == "descriptors_ratio" ? "descriptors" : figure);
        check.message = fmt::format("{} of {} {}", *part, *whole, what);
    }
}

void judge_cache(Report& report, const Subject& subject, const MountFacts& facts) {
    if (facts.blocks > 0 && facts.block_bytes > 0) {
        const auto quota =
            static_cast<double>(facts.blocks) * static_cast<double>(facts.block_bytes);
        const auto used =
            static_cast<double>(facts.blocks - std::min(facts.blocks, facts.blocks_free)) *
            static_cast<double>(facts.block_bytes);
        auto& check = report.measure(subject, "cache_quota", "quota", quota, "cache_quota");
        check.message = fmt::format("{:.0f} MB of {:.0f} MB in use", used / 1e6, quota / 1e6);
    }
    if (const auto cleanups = facts.number("ncleanup24"); cleanups && *cleanups >= 0) {
        auto& check = report.measure(subject, "cache_cleanups", "cleanups_24h",
                                     static_cast<double>(*cleanups), "cache_thrashing");
        check.message = fmt::format("cleaned {} times in a day", *cleanups);
    }
    if (facts.cache_free_ratio) {
        auto& check = report.measure(subject, "cache_free", "cache_free_ratio",
                                     *facts.cache_free_ratio, "cache_free");
        check.message =
            fmt::format("{:.0f} % free where the cache is", *facts.cache_free_ratio * 100);
    }
}

void judge_memory(Report& report, const Subject& subject, const MountFacts& facts) {
    if (facts.memory_bytes) {
        const auto bytes = static_cast<double>(*facts.memory_bytes);
        auto& check = report.measure(subject, "memory", "memory", bytes, "memory");
        check.message = fmt::format("the client takes {:.0f} MB", bytes / 1e6);
    }
}

void judge_files(Report& report, const Subject& subject, const MountFacts& facts) {
    for (const auto& file : facts.files) {
        if (file.error != 0) {
            report.bad(subject, "read", State::Critical, "read_failed",
                       fmt::format("{}: {}", file.path, error_text(file.error)));
        } else {
            report.ok(subject, "read", fmt::format("{} bytes of {}", file.bytes, file.path));
        }
    }
}

void judge_left_overs(Report& report, const Subject& subject, const MountFacts& facts) {
    if (facts.is_paused) {
        report.bad(subject, "reload", State::Warning, "stuck_reload",
                   "a reload of the client began and has not ended");
    }
    if (facts.stacktrace_written_at) {
        const auto written = time_of(*facts.stacktrace_written_at);
        const auto age = (report.now() - written).count();
        if (age < std::chrono::seconds(std::chrono::hours(24)).count()) {
            auto& check = report.bad(
                subject, "crash", State::Warning, "crashed",
                fmt::format("the client crashed {} ago", age_text(static_cast<double>(age))));
            check.since = written;
        }
    }
}

// Whether it is there, and is what it should be.
bool judge_presence(Report& report, const Subject& subject, const MountFacts& facts) {
    if (facts.hung_at) {
        report.bad(subject, "mount", State::Critical, "hung",
                   fmt::format("{}: no answer after {:.1f} s to {}", facts.path, facts.seconds,
                               base::printable(*facts.hung_at)));
        return false;
    }
    if (facts.open_error != 0) {
        judge_open_error(report, subject, facts);
        return false;
    }
    const auto name = facts.attribute("fqrn");
    if (facts.file_system != kFuseMagic || (!name && facts.attributes.empty())) {
        const bool is_empty = facts.entries == 0;
        // The watchdog of a client that was killed unmounts: only what it leaves behind tells.
        const bool has_crashed = facts.stacktrace_written_at || facts.socket_error == ECONNREFUSED;
        report.bad(subject, "mount", State::Critical,
                   has_crashed ? "crashed"
                   : is_empty  ? "not_mounted"
                               : "not_cvmfs",
                   fmt::format("{}: {}", facts.path,
                               is_empty ? "an empty directory, no CVMFS" : "no mount of CVMFS"));
        return false;
    }
    if (name && *name != facts.repository) {
        report.bad(subject, "mount", State::Critical, "wrong_repository",
                   fmt::format("{}: is the mount of {}", facts.path, base::printable(*name)));
        return false;
    }
    auto& check = report.measure(subject, "mount", "probe_time", facts.seconds, "slow");
    check.message = mount_summary(facts);
    return true;
}

void judge_proxy(Report& report, const Subject& subject, const MountFacts& facts,
                 const ClientConfig& config) {
    const auto value = [&](const char* name) {
        const auto found = config.find(name);
        return found == config.end() ? std::string() : found->second.value;
    };
    auto configured = parse_proxy_list(value("CVMFS_HTTP_PROXY"));
    const auto fallback = parse_proxy_list(value("CVMFS_FALLBACK_PROXY"));
    for (const auto& problem : configured.problems) {
        report.bad(subject, "configuration", State::Warning, "proxy_syntax", problem);
    }
    const auto in_use = facts.attribute("proxy");
    if (configured.groups.empty()) {  // nothing but what the client itself says
        auto known = facts.attribute("proxy_list").value_or("");
        std::ranges::replace(known, '\n', '|');
        configured = parse_proxy_list(known);
    }
    if (!in_use || in_use->empty() || configured.groups.empty()) {
        return;
    }
    const auto shown = base::printable(*in_use);
    const auto is_in = [&](const std::vector<std::string>& group) {
        return std::ranges::find(group, *in_use) != group.end();
    };
    const auto group = std::ranges::find_if(configured.groups, is_in);
    const auto place = group - configured.groups.begin();
    if (*in_use == "DIRECT" && !configured.urls().empty()) {
        report.bad(subject, "proxy", State::Warning, "on_direct",
                   "goes DIRECT although there are proxies");
    } else if (group == configured.groups.end()) {
        report.bad(subject, "proxy", State::Warning,
                   fallback.has(*in_use) ? "on_fallback_proxy" : "on_unknown_proxy",
                   fmt::format("uses {}, which is {}", shown,
                               fallback.has(*in_use) ? "a fallback" : "not configured"));
    } else if (place > 0) {
        report.bad(subject, "proxy", State::Warning, "on_later_proxy",
                   fmt::format("uses {} of group {}: no earlier one answers", shown, place + 1));
    } else {
        report.ok(subject, "proxy", "uses " + shown);
    }
}

void judge_host(Report& report, const Subject& subject, const MountFacts& facts) {
    const auto host = facts.attribute("host");
    if (!host) {
        return;
    }
    if (const auto line = recent_line(report, facts, "switching host from http")) {
        report.bad(subject, "host", State::Warning, "host_failover", "the log says: " + *line);
    } else {
        report.ok(subject, "host", "uses " + base::printable(*host));
    }
}

}  // namespace

void judge_mount(Report& report, const MountFacts& facts) {
    const Subject subject{facts.repository, {}, {}};
    if (!judge_presence(report, subject, facts)) {
        return;
    }
    judge_files(report, subject, facts);
    judge_io_errors(report, subject, facts);
    judge_update(report, subject, facts);
    judge_cache(report, subject, facts);
    judge_ratio(report, subject, "descriptors_ratio",
                {facts.number("usedfd"), facts.number("maxfd")}, "file descriptors in use");
    judge_ratio(report, subject, "catalogs_ratio", {facts.number("nclg"), facts.number("maxfd")},
                "catalogs against descriptors");
    judge_memory(report, subject, facts);
    judge_left_overs(report, subject, facts);
}

void judge_configuration(Report& report, const MountFacts& facts, const ClientConfig& config) {
    const Subject subject{facts.repository, {}, {}};
    judge_proxy(report, subject, facts, config);
    judge_host(report, subject, facts);
    const auto files = config.find("CVMFS_NFILES");
    std::int64_t number = 0;
    if (files != config.end()) {
        const auto& text = files->second.value;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
        if (read.ec == std::errc() && number < kFewDescriptors) {
            report.bad(
                subject, "configuration", State::Warning, "descriptors",
                fmt::format("CVMFS_NFILES is {}, {} is the least to use", number, kFewDescriptors));
        }
    }
}

std::string mount_summary(const MountFacts& facts) {
    return fmt::format("revision {}, client {}", facts.attribute("revision").value_or("?"),
                       base::printable(facts.attribute("version").value_or("?")));
}

}  // namespace tow::cvmfs
