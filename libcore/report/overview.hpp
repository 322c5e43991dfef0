// What an operator wants to see first: one line per entry, sums, and what needs attention.
#pragma once

#include "base/clock.hpp"
#include "model/entry.hpp"
#include "model/history.hpp"
#include "record/value.hpp"
#include "report/snapshot.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::report {

enum class Severity { Note, Warning, Critical };

std::string_view severity_name(Severity severity) noexcept;

// Something that somebody should look at.
struct Attention {
    Severity severity = Severity::Note;
    std::string about;  // an entry, a source, a check, a pipeline
    std::string message;
    std::string advice;  // may be empty
};

record::Object to_record(const Attention& attention);

struct PilotSums {
    std::int64_t pending = 0;
    std::int64_t running = 0;
    std::int64_t held = 0;
    std::int64_t removing = 0;
    // Of the pilots that the stream tells of: those that ended.
    std::int64_t done = 0;
    std::int64_t failed = 0;
    std::int64_t lost = 0;
    std::optional<std::int64_t> connected;  // the next two as well: if the pool was asked
    std::optional<std::int64_t> busy_cores;
    std::optional<std::int64_t> idle_cores;

    void add(const PilotSums& other);
};

struct EntryLine {
    std::string entry;
    std::string site;                        // empty: unknown
    std::optional<model::EntryState> state;  // unknown: pilots, but no entry record
    std::optional<std::int64_t> jobs_matching;
    std::optional<std::int64_t> jobs_share;
    PilotSums pilots;
    bool is_seen = false;    // pilots were counted; else their numbers mean nothing
    std::int64_t cores = 1;  // of one pilot
    std::optional<std::chrono::seconds> oldest_pending;
    std::int64_t submit = 0;
    std::int64_t remove = 0;
    std::vector<model::Because> because;  // of the request
    model::BreakerState breaker = model::BreakerState::Closed;
    double lost_core_hours = 0;        // of pilots that failed or were lost
    std::optional<Severity> severity;  // the worst attention it needs

    bool is_idle() const noexcept;  // nothing waits, runs or is decided there
};

record::Object to_record(const EntryLine& line);

struct Overview {
    std::vector<EntryLine> lines;  // those in need of attention first, then by pilots and demand
    std::vector<Attention> attention;  // the worst first
    PilotSums pilots;
    bool are_pilots_seen = false;  // anywhere
    std::int64_t submit = 0;
    std::int64_t remove = 0;
    double lost_core_hours = 0;
    std::int64_t unmatched_jobs = 0;  // idle jobs that match no entry
};

Overview make_overview(const Snapshot& snapshot, base::Time now);

}  // namespace tow::report
