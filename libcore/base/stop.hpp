// How a run ends early: by its own deadline, or by SIGINT or SIGTERM.
//
// The first event only asks: blocking calls of this module return, check_stop() throws, and the run
// finishes its current step. A second signal, or the end of the grace period, ends the process at
// once and kills the commands it waits for. Nothing relies on clean-up for correctness.
#pragma once

#include <chrono>
#include <sys/types.h>

namespace tow::base {

// Thrown by check_stop() after a signal. Not an Error: only cli::tool_main catches it.
struct Interrupted {
    int signal;
};

// Handles SIGINT and SIGTERM, ignores SIGPIPE. Call once, before anything blocks.
void install_stop_handlers(std::chrono::milliseconds grace);

// Error{Timeout} from check_stop() after this time. Zero switches the deadline off.
void set_deadline(std::chrono::milliseconds from_now);

// Another grace period than that of install_stop_handlers(), for who waits for slower commands.
void set_grace(std::chrono::milliseconds grace) noexcept;

bool stop_requested() noexcept;

// The signal that requested it, SIGALRM for the deadline; 0: none.
int stop_reason() noexcept;

// Throws Interrupted or Error{Timeout} if a stop was requested and no CriticalSection is alive.
void check_stop();

// A step that must not be torn: check_stop() does not throw while one is alive.
class CriticalSection {
  public:
    CriticalSection() noexcept;
    ~CriticalSection();
    CriticalSection(const CriticalSection&) = delete;
    CriticalSection& operator=(const CriticalSection&) = delete;
};

// A descriptor that becomes readable when a stop is requested; -1 before install_stop_handlers().
int stop_descriptor() noexcept;

// The process group of a command we wait for: killed if this process is ended at once.
// There is room for 64 at a time; more are not watched.
void watch_group(pid_t group) noexcept;
void unwatch_group(pid_t group) noexcept;

// Dies of this signal, so that the parent shell sees it.
[[noreturn]] void die_of(int signal);

}  // namespace tow::base
