#include "cvmfs_server/housekeeping.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cvmfs/dates.hpp"
#include "cvmfs_server/fetch.hpp"
#include "cvmfs_server/options.hpp"

#include <algorithm>

namespace tow::cvmfs_server {

namespace {

using State = model::CheckState;

double age(const cvmfs::Report& report, base::Time since) {
    return static_cast<double>((report.now() - since).count());
}

// The date in a small file, or when the file was written.
std::optional<base::Time> date_in(const http::Response& response) {
    if (!response.ok()) {
        return std::nullopt;
    }
    if (const auto time = cvmfs::parse_date(response.body)) {
        return time;
    }
    const auto* modified = response.header("Last-Modified");
    return modified == nullptr ? std::nullopt : cvmfs::parse_date(*modified);
}

model::Check& measure_age(cvmfs::Report& report, const cvmfs::Subject& subject,
                          std::string_view figure, base::Time since, std::string_view what) {
    auto& check = report.measure(subject, figure, figure, age(report, since), figure);
    check.message = fmt::format("{} {} ago", what, cvmfs::age_text(*check.value));
    if (check.state != State::Ok) {
        check.since = since;
    }
    return check;
}

// Nothing if there is no such file; said if it cannot be read.
std::optional<ServerStatus> judge_status(cvmfs::Report& report, const Housekeeping& what) {
    if (const auto fault = fault_of(what.status, "status_json")) {
        // A server without jq has none, and a store of objects forbids what it does not have.
        const bool has_none = fault->reason.starts_with("status_json_");
        if (!has_none || fault->reason == "status_json_too_long") {
            report.bad(what.subject, "status_json", State::Unknown, fault->reason, fault->message);
        }
        return std::nullopt;
    }
    auto status = parse_status(what.status.body);
    if (!status) {
        report.bad(what.subject, "status_json", State::Warning, "status_json_invalid",
                   "what the server says of its state is no JSON");
    } else if (!status->unreadable.empty()) {
        report.bad(what.subject, "status_json", State::Warning, "status_json_date",
                   fmt::format("the date of {} cannot be read", status->unreadable.front()));
    }
    return status;
}

void judge_running_snapshot(cvmfs::Report& report, const Housekeeping& what,
                            const std::optional<base::Time>& last) {
    const auto began = date_in(what.snapshotting);
    if (!began || (last && *began < *last)) {
        return;  // what a crash left behind, if one has succeeded since
    }
    auto& check = report.measure(what.subject, "snapshot_running", "snapshot_running",
                                 age(report, *began), "snapshot_stuck");
    check.message =
        fmt::format("a snapshot has been running for {}", cvmfs::age_text(*check.value));
    if (check.state != State::Ok) {
        check.since = began;
    }
}

void judge_snapshot(cvmfs::Report& report, const Housekeeping& what,
                    const std::optional<ServerStatus>& status) {
    if (what.listed && what.listed->is_pass_through) {
        report.ok(what.subject, "snapshot_age", "passes requests on: it has no snapshots");
        return;
    }
    auto last = status ? status->last_snapshot : std::nullopt;
    if (!last) {
        last = date_in(what.last_snapshot);
    }
    const bool is_replica = last || what.last_snapshot.ok() || what.snapshotting.ok() ||
                            (what.listed && what.listed->is_replica);
    if (!is_replica || (what.master.ok() && !last)) {
        report.ok(what.subject, "snapshot_age",
                  what.master.ok() ? "the source of replicas" : "the server names no snapshot");
    } else if (!last) {
        report.bad(what.subject, "snapshot_age", State::Unknown, "snapshot_age_unknown",
                   "a replica that does not tell when its last snapshot was");
    } else {
        measure_age(report, what.subject, "snapshot_age", *last, "the last snapshot was");
    }
    judge_running_snapshot(report, what, last);
}

void judge_own_check(cvmfs::Report& report, const Housekeeping& what, const ServerStatus& status) {
    if (!status.check_succeeded) {
        return;
    }
    if (*status.check_succeeded) {
        report.ok(what.subject, "server_check", "the server's own check succeeded");
        return;
    }
    auto& check = report.bad(what.subject, "server_check", State::Warning, "server_check_failed",
                             "the server's own check failed");
    check.since = status.last_check;
}

bool is_permutation_of_three(std::string_view text) {
    auto places = base::split(base::trim(text), ',');
    std::ranges::sort(places);
    return places == std::vector<std::string>{"1", "2", "3"};
}

void judge_geo(cvmfs::Report& report, const Housekeeping& what) {
    const auto& geo = what.geo;
    if (geo.status == 0 && !geo.error) {
        return;
    }
    if (geo.ok() && is_permutation_of_three(geo.body)) {
        report.ok(what.subject, "geo_api", "answers with an order of servers");
    } else if (geo.status == 400 && geo.body.find("remote addr") != std::string::npos) {
        report.bad(what.subject, "geo_api", State::Unknown, "geo_unknown_address",
                   "the server does not know where we are: name a public host");
    } else {
        const auto fault = fault_of(geo, "geo_api");
        report.bad(what.subject, "geo_api", State::Warning,
                   fault ? fault->reason : "geo_api_answer",
                   fault ? fault->message
                         : fmt::format("no order of three servers: \"{}\"",
                                       base::printable(geo.body.substr(0, 40))));
    }
}

}  // namespace

void judge_housekeeping(cvmfs::Report& report, const Housekeeping& what) {
    const auto status = judge_status(report, what);
    judge_snapshot(report, what, status);
    if (status) {
        judge_own_check(report, what, *status);
        if (status->last_gc && what.collects_garbage) {
            measure_age(report, what.subject, "gc_age", *status->last_gc, "garbage was collected");
        }
    }
    judge_geo(report, what);
}

void judge_first_snapshot(cvmfs::Report& report, const cvmfs::Subject& subject,
                          const http::Response& snapshotting) {
    const auto began = date_in(snapshotting);
    if (!began) {
        report.bad(subject, "manifest", State::Warning, "initial_snapshot",
                   "the first snapshot runs; the replica cannot be used yet");
        return;
    }
    auto& check = report.measure(subject, "manifest", "initial_snapshot", age(report, *began),
                                 "initial_snapshot");
    check.since = began;
    check.message = fmt::format("the first snapshot runs since {}; the replica cannot be used yet",
                                cvmfs::age_text(*check.value));
}

std::string geo_path(const std::string& host, const std::string& server_url) {
    auto server = server_name(server_url);
    return fmt::format(
        "api/v1.0/geo/{}/{},cvmfs-stratum-one.cern.ch,cvmfs-s1bnl.opensciencegrid.org", host,
        server.substr(0, server.find(':')));
}

}  // namespace tow::cvmfs_server
