#include "batch/local.hpp"

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/ulid.hpp"
#include "base/utf8.hpp"
#include "batch/credentials.hpp"
#include "batch/local_watcher.hpp"
#include "batch/payload.hpp"
#include "batch/pilot_kit.hpp"
#include "model/fields.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <signal.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace tow::batch {

namespace {

constexpr std::size_t kSmallFile = 65536;
constexpr std::string_view kRevoked = "revoked\n";  // no JSON: look_into() finds no pilot

std::string assignment(const std::pair<std::string, std::string>& variable) {
    return variable.first + "=" + variable.second;
}

WatchedCommand command_of(const model::Entry& entry) {
    const record::Document document(record::to_json(entry.target));
    const model::Fields target(document.root(), "target.");
    WatchedCommand command;
    command.entry = entry.name;
    if (const auto token = read_credentials(target).idtoken) {
        command.environment.push_back("AEROTOW_IDTOKEN_FILE=" + *token);
    }
    auto payload = read_payload(target);
    command.argv = std::move(payload.argv);
    // The entry's own come last: they win.
    for (const auto& variables : {shape_variables(entry), payload.environment}) {
        std::ranges::transform(variables, std::back_inserter(command.environment), assignment);
    }
    command.grace = target.known_seconds("grace_seconds").value_or(command.grace);
    command.walltime = entry.pilot.walltime;
    return command;
}

std::optional<record::Document> read_json_file(const std::string& path) {
    try {
        return record::Document(base::read_file(path, kSmallFile));
    } catch (const base::Error&) {  // not there, or half written by a watcher that was killed
        return std::nullopt;
    }
}

std::optional<ProcessIdentity> watcher_of(record::View claim) {
    const model::Fields fields(claim);
    return ProcessIdentity{static_cast<pid_t>(fields.count("pid")), fields.text("start_ticks"),
                           fields.text("boot")};
}

bool is_alive(const ProcessIdentity& watcher) {
    return identify(watcher.pid) == watcher;
}

void read_exit(record::View content, Seen& seen) {
    const model::Fields fields(content);
    seen.ended_at = fields.known_time("ended_at");
    seen.exit_code = fields.known_count("exit_code");
    seen.reason = fields.known_text("reason");
    if (const auto signal = fields.known_count("signal"); signal && !seen.reason) {
        seen.reason = fmt::format("killed by signal {}", *signal);
    }
    const bool good = seen.exit_code == 0 && !seen.reason;
    seen.state = good ? model::PilotState::Done : model::PilotState::Failed;
}

// What the folder tells of a pilot; nothing if it was never started.
std::optional<Seen> look_into(const std::string& folder, const std::string& pilot) {
    const auto claim = read_json_file(folder + "/claim");
    if (!claim || !claim->root().is_object()) {
        return std::nullopt;
    }
    const model::Fields fields(claim->root());
    Seen seen;
    seen.pilot = pilot;
    seen.entry = fields.text("entry");
    seen.backend_id = fmt::format("{}", fields.count("pid"));
    seen.submitted_at = seen.started_at = fields.known_time("started_at");
    seen.expires_at = fields.known_time("expires_at");
    seen.state = model::PilotState::Running;
    const bool alive = is_alive(*watcher_of(claim->root()));
    // Looked at after the watcher: it may end, and leave its word, between the two.
    const auto exit = read_json_file(folder + "/exit");
    if (exit && exit->root().is_object()) {
        read_exit(exit->root(), seen);
    } else if (!alive) {
        seen.state = model::PilotState::Failed;
        seen.reason = "ended without a word: killed with its watcher, or the machine went down";
    }
    return seen;
}

// The signal reaches the watcher or nobody: a process number that was used again is told by its
// start time, and the descriptor holds on to the process between the look and the signal.
void send_term(const ProcessIdentity& watcher) {
    const base::UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, watcher.pid, 0)));
    if (process && is_alive(watcher)) {
        ::syscall(SYS_pidfd_send_signal, process.get(), SIGTERM, nullptr, 0);
    }
}

Fate start(const WatchedCommand& command) {
    Fate fate{command.pilot};
    try {
        const auto result = start_watched(command);
        fate.backend_id = fmt::format("{}", result.watcher);
        switch (result.start) {
            case Start::Running:
                break;
            case Start::Refused:
                base::fail_errno(base::Kind::Unavailable, result.error_number,
                                 base::printable(command.argv[0]));
            case Start::ClaimedBefore:
                base::fail(base::Kind::Internal, "{}: was started before", command.pilot);
            case Start::Unknown:
                fate.kind = Fate::Kind::Unknown;
                fate.error = base::Error(base::Kind::Internal, "the watcher of the pilot died");
                break;
        }
    } catch (const base::Error& error) {
        fate.kind = Fate::Kind::Refused;
        fate.error = error;
    }
    return fate;
}

}  // namespace

LocalBackend::LocalBackend(std::string directory) : directory_(std::move(directory)) {}

// tow-pilot runs in a folder of its own: the path must be absolute.
model::Entry LocalBackend::equipped(const model::Entry& entry) const {
    return with_kit(entry, pilot_kit(entry), std::filesystem::absolute(directory_).string());
}

void LocalBackend::check(const model::Entry& entry) const {
    command_of(equipped(entry));
}

std::vector<Fate> LocalBackend::submit(const model::Entry& entry,
                                       std::span<const std::string> pilots) {
    std::vector<Fate> fates;
    auto command = command_of(equipped(entry));
    if (const auto kit = pilot_kit(entry)) {
        place(*kit, directory_, *make_transport("", {}));
    }
    command.environment.insert(command.environment.begin(), "");
    for (const auto& pilot : pilots) {
        command.pilot = pilot;
        command.folder = folder(pilot);
        command.environment.front() = "AEROTOW_PILOT_ID=" + pilot;
        fates.push_back(start(command));
    }
    return fates;
}

std::string LocalBackend::describe(const model::Entry& entry,
                                   std::span<const std::string> /*pilots*/) const {
    return base::shell_quoted(command_of(equipped(entry)).argv);
}

std::vector<Seen> LocalBackend::list(std::span<const Known> /*expected*/) {
    namespace fs = std::filesystem;
    std::vector<Seen> result;
    std::error_code none;  // no folder yet: no pilots
    for (const auto& item : fs::directory_iterator(directory_, none)) {
        const auto pilot = item.path().filename().string();
        if (!base::is_ulid(pilot)) {
            continue;
        }
        if (auto seen = base::with_context(
                item.path().string(), [&] { return look_into(item.path().string(), pilot); })) {
            result.push_back(std::move(*seen));
        }
    }
    return result;
}

std::vector<Fate> LocalBackend::cancel(std::span<const Known> pilots) {
    std::vector<Fate> fates;
    for (const auto& [pilot, id, submitted_at] : pilots) {
        Fate fate{pilot};
        const auto claim = read_json_file(folder(pilot) + "/claim");
        if (claim && claim->root().is_object()) {
            send_term(*watcher_of(claim->root()));
        } else {
            fate.kind = Fate::Kind::Refused;
            fate.error = base::Error(base::Kind::NotFound, pilot + ": no such local pilot");
        }
        fates.push_back(std::move(fate));
    }
    return fates;
}

// Nothing holds a local pilot.
std::vector<Fate> LocalBackend::release(std::span<const Known> pilots) {
    std::vector<Fate> fates;
    std::ranges::transform(pilots, std::back_inserter(fates),
                           [](const Known& known) { return Fate{known.pilot}; });
    return fates;
}

std::vector<Seen> LocalBackend::settle(std::span<const std::string> pilots) {
    std::vector<Seen> result;
    for (const auto& pilot : pilots) {
        // If the claim can be made here, no watcher has it, and a late one will find it made.
        base::make_directories(folder(pilot));
        if (make_claim(folder(pilot), kRevoked)) {
            continue;
        }
        if (auto seen = look_into(folder(pilot), pilot)) {
            result.push_back(std::move(*seen));
        }
    }
    return result;
}

}  // namespace tow::batch
