#include "pilotlog/event.hpp"

#include "base/text.hpp"
#include "pilotlog/text_fields.hpp"

#include <array>

namespace tow::pilotlog {

namespace {

constexpr std::array<std::string_view, 48> kNames{"SubmitEvent",
                                                  "ExecuteEvent",
                                                  "ExecutableErrorEvent",
                                                  "CheckpointedEvent",
                                                  "JobEvictedEvent",
                                                  "JobTerminatedEvent",
                                                  "JobImageSizeEvent",
                                                  "ShadowExceptionEvent",
                                                  "GenericEvent",
                                                  "JobAbortedEvent",
                                                  "JobSuspendedEvent",
                                                  "JobUnsuspendedEvent",
                                                  "JobHeldEvent",
                                                  "JobReleaseEvent",
                                                  "NodeExecuteEvent",
                                                  "NodeTerminatedEvent",
                                                  "PostScriptTerminatedEvent",
                                                  "GlobusSubmitEvent",
                                                  "GlobusSubmitFailedEvent",
                                                  "GlobusResourceUpEvent",
                                                  "GlobusResourceDownEvent",
                                                  "RemoteErrorEvent",
                                                  "JobDisconnectedEvent",
                                                  "JobReconnectedEvent",
                                                  "JobReconnectFailedEvent",
                                                  "GridResourceUpEvent",
                                                  "GridResourceDownEvent",
                                                  "GridSubmitEvent",
                                                  "JobAdInformationEvent",
                                                  "JobStatusUnknownEvent",
                                                  "JobStatusKnownEvent",
                                                  "JobStageInEvent",
                                                  "JobStageOutEvent",
                                                  "AttributeUpdateEvent",
                                                  "PreSkipEvent",
                                                  "ClusterSubmitEvent",
                                                  "ClusterRemoveEvent",
                                                  "FactoryPausedEvent",
                                                  "FactoryResumedEvent",
                                                  "NoneEvent",
                                                  "FileTransferEvent",
                                                  "ReserveSpaceEvent",
                                                  "ReleaseSpaceEvent",
                                                  "FileCompleteEvent",
                                                  "FileUsedEvent",
                                                  "FileRemovedEvent",
                                                  "DataflowJobSkippedEvent",
                                                  "CommonFilesEvent"};

// Takes the next line off the text.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return base::trim(line);
}

// "Code 13 Subcode 2"
bool read_codes(std::string_view line, JobEvent& event) {
    if (!line.starts_with("Code ")) {
        return false;
    }
    event.code = number_after(line, "Code ");
    event.subcode = number_after(line, "Subcode ");
    return true;
}

// The first line of the body that says something is the reason; codes may follow.
void read_reason(JobEvent& event) {
    auto body = event.body;
    while (!body.empty()) {
        const auto line = take_line(body);
        if (!line.empty() && !read_codes(line, event) && event.reason.empty()) {
            event.reason = line;
        }
    }
}

// "(1) Normal termination (return value 3)", "(0) Abnormal termination (signal 9)"
void read_end(JobEvent& event) {
    auto body = event.body;
    while (!body.empty()) {
        const auto line = take_line(body);
        if (line.find("termination (") != std::string_view::npos) {
            event.exit_code = number_after(line, "(return value ");
            event.signal = number_after(line, "(signal ");
            return;
        }
    }
}

void read_grid(JobEvent& event) {
    auto body = event.body;
    while (!body.empty()) {
        const auto line = take_line(body);
        if (line.starts_with("GridResource:") || line.starts_with("RM-Contact:")) {
            event.grid_resource = text_after(line, ":");
        } else if (line.starts_with("GridJobId:") || line.starts_with("JM-Contact:")) {
            event.grid_job_id = text_after(line, ":");
        }
    }
}

void read_execution(JobEvent& event) {
    event.host = text_after(event.message, "host:");
    auto body = event.body;
    while (!body.empty()) {
        const auto line = take_line(body);
        if (line.starts_with("SlotName:")) {
            event.slot = text_after(line, ":");
        }
    }
}

// "Name = value" lines; quotes are taken off.
void read_attributes(JobEvent& event) {
    auto body = event.body;
    while (!body.empty()) {
        const auto line = take_line(body);
        const auto equals = line.find(" = ");
        if (equals == std::string_view::npos) {
            continue;
        }
        auto value = line.substr(equals + 3);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        event.attributes.emplace_back(line.substr(0, equals), value);
    }
}

// "Error from starter on slot1_4@node:"
void read_remote_error(JobEvent& event) {
    event.slot = text_after(event.message, " on ");
    if (event.slot.ends_with(':')) {
        event.slot.remove_suffix(1);
    }
    read_reason(event);
}

}  // namespace

std::string_view event_name(int number) noexcept {
    return number >= 0 && static_cast<std::size_t>(number) < kNames.size()
               ? kNames[static_cast<std::size_t>(number)]
               : std::string_view{};
}

void read_text_details(JobEvent& event) {
    switch (event.number) {
        case kSubmit:
            event.host = text_after(event.message, "host:");
            return;
        case kExecute:
            return read_execution(event);
        case kTerminated:
        case kEvicted:
            return read_end(event);
        case kShadowException:
        case kAborted:
        case kHeld:
        case kReleased:
        case kDisconnected:
        case kReconnectFailed:
            return read_reason(event);
        case kExecutableError:
        case kGeneric:
            event.reason = event.message;
            return;
        case kRemoteError:
            return read_remote_error(event);
        case kGlobusSubmit:
        case kGlobusUp:
        case kGlobusDown:
        case kResourceUp:
        case kResourceDown:
        case kGridSubmit:
            return read_grid(event);
        case kAdInformation:
            return read_attributes(event);
        default:
            return;
    }
}

}  // namespace tow::pilotlog
