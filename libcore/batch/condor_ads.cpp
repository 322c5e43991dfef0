// Job ads of pilots, as condor_q and condor_history print them.
#include "base/ulid.hpp"
#include "base/utf8.hpp"
#include "batch/condor.hpp"
#include "batch/condor_description.hpp"
#include "htcondor/answer.hpp"

namespace tow::batch {

namespace {

// JobStatus, from condor's proc.h.
enum Status : std::int64_t {
    Idle = 1,
    Running,
    Removed,
    Completed,
    Held,
    TransferringOutput,
    Suspended
};

std::optional<base::Time> time_at(record::View ad, std::string_view name) {
    constexpr std::int64_t kLatest = 253'402'300'799;  // the year 9999
    const auto seconds = ad.find(name).integer();
    if (!seconds || *seconds <= 0 || *seconds > kLatest) {
        return std::nullopt;
    }
    return base::Time{std::chrono::seconds{*seconds}};
}

std::string text_at(record::View ad, std::string_view name) {
    return base::printable(ad.find(name).string().value_or(""));
}

std::string hold_reason(record::View ad) {
    const auto code = ad.find("HoldReasonCode").integer().value_or(0);
    const auto subcode = ad.find("HoldReasonSubCode").integer().value_or(0);
    const auto meaning = htcondor::hold_meaning(code);
    auto reason =
        subcode == 0 ? fmt::format("code {}", code) : fmt::format("code {}/{}", code, subcode);
    if (!meaning.empty()) {
        reason += fmt::format(" ({})", meaning);
    }
    const auto text = text_at(ad, "HoldReason");
    return text.empty() ? reason : reason + ": " + text;
}

void read_end(record::View ad, std::int64_t status, Seen& seen) {
    const auto completed = time_at(ad, "CompletionDate");
    seen.ended_at = completed ? completed : time_at(ad, "EnteredCurrentStatus");
    seen.state = model::PilotState::Failed;
    if (status == Removed) {
        const auto reason = text_at(ad, "RemoveReason");
        seen.reason = reason.empty() ? "removed" : "removed: " + reason;
        return;
    }
    if (ad.find("ExitBySignal").value().boolean().value_or(false)) {
        seen.reason =
            fmt::format("killed by signal {}", ad.find("ExitSignal").integer().value_or(0));
        return;
    }
    seen.exit_code = ad.find("ExitCode").integer();
    if (seen.exit_code == 0) {
        seen.state = model::PilotState::Done;
    }
}

// Of a pilot that waits: the batch system behind may not even have been reached.
void read_wait(record::View ad, Seen& seen) {
    seen.state = model::PilotState::Pending;
    if (const auto since = time_at(ad, "GridResourceUnavailableTime")) {
        seen.reason = "its resource has not answered since " + base::format_time(*since);
    } else if (const auto state = text_at(ad, "GridJobStatus"); !state.empty()) {
        seen.reason = "remote state " + state;
    }
}

}  // namespace

std::optional<Seen> read_pilot_ad(record::View ad, Place place) {
    Seen seen;
    seen.pilot = ad.find(kPilotAttribute).string().value_or("");
    const auto cluster = ad.find("ClusterId").integer();
    const auto status = ad.find("JobStatus").integer();
    seen.entry = ad.find(kEntryAttribute).string().value_or("");
    if (!base::is_ulid(seen.pilot) || !model::name_problem(seen.entry).empty() || !cluster ||
        !status) {
        return std::nullopt;
    }
    seen.backend_id = fmt::format("{}.{}", *cluster, ad.find("ProcId").integer().value_or(0));
    seen.submitted_at = time_at(ad, "QDate");
    const auto current_start = time_at(ad, "JobCurrentStartDate");
    seen.started_at = current_start ? current_start : time_at(ad, "JobStartDate");
    switch (*status) {
        case Running:
        case TransferringOutput:
        case Suspended:
            seen.state = model::PilotState::Running;
            break;
        case Completed:
            read_end(ad, *status, seen);
            break;
        case Removed:
            if (place == Place::Queue) {
                seen.state = model::PilotState::Removing;
            } else {
                read_end(ad, *status, seen);
            }
            break;
        case Held:
            seen.state = model::PilotState::Held;
            seen.hold_code = ad.find("HoldReasonCode").integer().value_or(0);
            seen.reason = hold_reason(ad);
            break;
        default:
            read_wait(ad, seen);
            break;
    }
    return seen;
}

}  // namespace tow::batch
