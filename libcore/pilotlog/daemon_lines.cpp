// Lines of MasterLog, StartLog and StarterLog that tell of a pilot's life.
#include "pilotlog/markers.hpp"
#include "pilotlog/text_fields.hpp"

#include <algorithm>
#include <array>

namespace tow::pilotlog {

namespace {

std::optional<base::Time> stamp_of(const MarkedLine& line) {
    auto text = line.line;
    return take_stamp(text, line.clock);
}

void on_startd(OutputFacts& facts, const MarkedLine& /*line*/) {
    facts.daemons.startd_ran = true;
}

void on_claimed(OutputFacts& facts, const MarkedLine& line) {
    facts.daemons.was_claimed = true;
    if (!facts.daemons.claimed_at) {
        facts.daemons.claimed_at = stamp_of(line);
    }
}

void on_draining(OutputFacts& facts, const MarkedLine& line) {
    if (!facts.daemons.draining_at) {
        facts.daemons.draining_at = stamp_of(line);
    }
}

// The collector did not take an update.
void on_failed_update(OutputFacts& facts, const MarkedLine& line) {
    const auto at = stamp_of(line);
    auto& failed = facts.daemons.failed_at;
    failed = at && failed ? std::max(*at, *failed) : at;
}

// "**** condor_startd (condor_STARTD) pid 96582 EXITING WITH STATUS 0"
void on_exit(OutputFacts& facts, const MarkedLine& line) {
    if (line.line.find("condor_master") != std::string_view::npos) {
        facts.daemons.exit_code = number_after(line.text, "STATUS ");
    }
}

bool is_starter(const MarkedLine& line) noexcept {
    return line.file.find("Starter") != std::string_view::npos;
}

void on_job(OutputFacts& facts, const MarkedLine& line) {
    if (is_starter(line)) {
        facts.daemons.was_claimed = true;
        ++facts.daemons.jobs.run;
    }
}

// "Process exited, pid=4711, status=0"; a job that a signal ended says "signal=9".
void on_process_exit(OutputFacts& facts, const MarkedLine& line) {
    if (is_starter(line) && number_after(line.text, "status=") == 0) {
        ++facts.daemons.jobs.good;
    }
}

constexpr std::array<Marker, 11> kDaemons{
    {{"(CONDOR_STARTD) STARTING UP", on_startd},
     {"Changing state: Unclaimed -> Claimed", on_claimed},
     {"Changing activity: Idle -> Busy", on_claimed},
     {"Changing state: Claimed -> Drained", on_draining},
     {"Changing activity: Busy -> Retiring", on_draining},
     {"Failed to start non-blocking update to", on_failed_update},
     {"Failed to send update to collector", on_failed_update},
     {"failed, so aborting command UPDATE_", on_failed_update},
     {"EXITING WITH STATUS ", on_exit},
     {"universe job with ID: ", on_job},
     {"Process exited, pid=", on_process_exit}}};

}  // namespace

std::span<const Marker> daemon_markers() noexcept {
    return kDaemons;
}

}  // namespace tow::pilotlog
