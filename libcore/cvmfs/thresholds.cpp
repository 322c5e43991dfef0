#include "cvmfs/thresholds.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace tow::cvmfs {

namespace {

constexpr double kMinute = 60;
constexpr double kHour = 3600;
constexpr double kDay = 86400;
constexpr auto kNever = std::optional<double>();

constexpr std::array kFigures{
    Figure{"snapshot_age",
           Unit::Seconds,
           false,
           {8 * kHour, 24 * kHour},
           "since a replica last compared itself with its source"},
    Figure{"snapshot_running",
           Unit::Seconds,
           false,
           {8 * kHour, 24 * kHour},
           "since the snapshot that runs began"},
    Figure{"initial_snapshot",
           Unit::Seconds,
           false,
           {0, 9 * kDay},
           "since the first snapshot of a replica began"},
    Figure{"whitelist_remaining",
           Unit::Seconds,
           true,
           {48 * kHour, 0},
           "until the whitelist expires; clients look at the hour only"},
    Figure{"gc_age", Unit::Seconds, false, {10 * kDay, kNever}, "since garbage was last collected"},
    Figure{"geodb_age",
           Unit::Seconds,
           false,
           {30 * kDay, kNever},
           "since the database of locations was updated"},
    Figure{"revision_behind",
           Unit::Seconds,
           false,
           {2 * kHour, 24 * kHour},
           "since the first revision was published that a server lacks"},
    Figure{"proxy_behind",
           Unit::Seconds,
           false,
           {15 * kMinute, 2 * kHour},
           "the same of what a proxy serves"},
    Figure{"healthy_replicas",
           Unit::Count,
           true,
           {2, 1},
           "servers without a critical check, of several that were asked"},
    Figure{"mount_behind",
           Unit::Seconds,
           false,
           {4 * kHour, 48 * kHour},
           "since the first revision was published that a mount lacks"},
    Figure{"update_overdue",
           Unit::Seconds,
           false,
           {15 * kMinute, 24 * kHour},
           "since a mount should have looked for a new revision"},
    Figure{"io_error_age",
           Unit::Seconds,
           true,
           {3 * kHour, kNever},
           "since the last input or output error of a mount"},
    Figure{"descriptors_ratio",
           Unit::Ratio,
           false,
           {0.8, 0.95},
           "file descriptors in use, of those that the client may have"},
    Figure{"catalogs_ratio",
           Unit::Ratio,
           false,
           {0.1, kNever},
           "catalogs loaded, of the file descriptors that the client may have"},
    Figure{"cleanups_24h", Unit::Count, false, {24, kNever}, "times a cache was cleaned in a day"},
    Figure{"quota", Unit::Bytes, true, {1'000'000'000, kNever}, "what a cache may take"},
    Figure{"cache_free_ratio", Unit::Ratio, true, {0.05, 0.01}, "what is free where the cache is"},
    Figure{"memory", Unit::Bytes, false, {2'000'000'000, kNever}, "that a client takes"},
    Figure{"probe_time", Unit::Seconds, false, {2, kNever}, "that a look at a mount took"},
};

}  // namespace

std::string_view unit_name(Unit unit) noexcept {
    constexpr std::array<std::string_view, 4> kNames{"seconds", "bytes", "ratio", ""};
    return kNames[static_cast<std::size_t>(unit)];
}

std::span<const Figure> all_figures() noexcept {
    return kFigures;
}

const Figure& figure(std::string_view name) {
    const auto found = std::ranges::find(kFigures, name, &Figure::name);
    if (found == kFigures.end()) {
        base::fail(base::Kind::Internal, "no figure {}", name);
    }
    return *found;
}

Limits Thresholds::of(const Figure& figure, std::string_view repository) const {
    const auto rule = std::find_if(rules_.rbegin(), rules_.rend(), [&](const Rule& one) {
        return one.figure == figure.name && base::matches_pattern(one.repositories, repository);
    });
    return rule == rules_.rend() ? figure.usual : rule->limits;
}

model::CheckState Thresholds::judge(const Figure& figure, std::string_view repository,
                                    double value) const {
    const auto limits = of(figure, repository);
    const auto passed = [&](const std::optional<double>& limit) {
        return limit && (figure.is_least ? value < *limit : value > *limit);
    };
    // At the very end of a validity it is over: nothing remains.
    const bool is_over = figure.is_least && limits.critical == 0 && value <= 0;
    return passed(limits.critical) || is_over ? model::CheckState::Critical
           : passed(limits.warning)           ? model::CheckState::Warning
                                              : model::CheckState::Ok;
}

std::vector<record::Object> to_records(const Thresholds& thresholds, std::string_view repository) {
    std::vector<record::Object> records;
    records.reserve(kFigures.size());
    for (const auto& one : kFigures) {
        const auto limits = thresholds.of(one, repository);
        auto record = record::new_record("threshold");
        record.set("figure", one.name);
        if (one.unit != Unit::Count) {
            record.set("unit", unit_name(one.unit));
        }
        record.set("bad", one.is_least ? "below" : "above");
        record.set_known("warning", limits.warning);
        record.set_known("critical", limits.critical);
        record.set("help", one.help);
        records.push_back(std::move(record));
    }
    return records;
}

}  // namespace tow::cvmfs
