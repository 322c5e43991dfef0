#include "cvmfs_server/compare.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::cvmfs_server {

namespace {

using State = model::CheckState;

// When the first revision was published that is newer than this one, as far as the newest tells.
std::optional<base::Time> behind_since(const Replica& newest, std::uint64_t revision) {
    auto since = newest.manifest->published;
    if (newest.history) {
        for (const auto& tag : newest.history->tags) {
            if (tag.revision > revision && tag.revision < newest.manifest->revision) {
                since = since ? std::min(*since, tag.time) : tag.time;
            }
        }
    }
    return since;
}

bool is_critical(const cvmfs::Report& report, std::string_view check) {
    return std::ranges::any_of(report.checks(), [&](const model::Check& one) {
        return one.check == check && one.state == State::Critical;
    });
}

void judge_lag(const Compared& server, const Replica& newest) {
    const auto& replica = *server.replica;
    auto& report = *server.report;
    const auto revision = replica.manifest->revision;
    const auto now = report.now();
    const auto since = behind_since(newest, revision).value_or(now);
    const bool has_stopped = is_critical(report, "cvmfs.snapshot_age");
    auto& check = report.measure(replica.subject, "revision", "revision_behind",
                                 static_cast<double>((now - since).count()), "revision_lag");
    check.message =
        fmt::format("revision {}, while {} has {}; behind since {}", revision,
                    *newest.subject.server, newest.manifest->revision, base::format_time(since));
    check.since = since;
    check.reason = "revision_lag";  // also of one that is in time: it is told
    check.advice = cvmfs::advice_for("revision_lag");
    check.evidence.set("revision", std::to_string(revision));
    check.evidence.set("newest_revision", std::to_string(newest.manifest->revision));
    check.evidence.set("newest_server", *newest.subject.server);
    // One that has stopped to follow will not catch up by itself.
    check.state = has_stopped ? State::Critical : check.state;
}

}  // namespace

void compare(const std::vector<Compared>& servers) {
    const Replica* newest = nullptr;
    for (const auto& server : servers) {
        const auto& replica = *server.replica;
        if (replica.is_verified &&
            (newest == nullptr || replica.manifest->revision > newest->manifest->revision)) {
            newest = &replica;
        }
    }
    if (newest == nullptr || servers.size() < 2) {
        return;
    }
    for (const auto& server : servers) {
        const auto& replica = *server.replica;
        if (!replica.manifest || &replica == newest) {
            continue;
        }
        if (replica.manifest->revision < newest->manifest->revision) {
            judge_lag(server, *newest);
        } else if (replica.manifest->revision == newest->manifest->revision &&
                   replica.manifest->root_catalog != newest->manifest->root_catalog) {
            server.report->bad(replica.subject, "revision", State::Critical, "revision_conflict",
                               fmt::format("revision {} is not that of {}",
                                           replica.manifest->revision, *newest->subject.server));
        } else {
            server.report->ok(replica.subject, "revision",
                              fmt::format("revision {}", replica.manifest->revision));
        }
    }
}

}  // namespace tow::cvmfs_server
