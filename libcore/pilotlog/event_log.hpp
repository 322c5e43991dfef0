// HTCondor's job event logs: text, XML and JSON, told apart event by event. Nothing of one event
// has to be right for the next one to be read.
#pragma once

#include "pilotlog/event.hpp"
#include "pilotlog/stamp.hpp"
#include "record/json.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace tow::pilotlog {

struct EventCounts {
    std::uint64_t events = 0;
    std::uint64_t broken = 0;     // places where something stands that is no event
    std::uint64_t oversized = 0;  // events of which only the beginning was read
    std::uint64_t complete = 0;   // bytes up to the end of the last complete event
    bool is_cut = false;          // the last event is not complete
};

class EventScanner {
  public:
    using Visit = std::function<void(const JobEvent& event)>;

    // An event longer than this is read no further.
    static constexpr std::size_t kLongest = std::size_t{1} << 20;

    EventScanner(const LogClock& clock, Visit visit) : clock_(clock), visit_(std::move(visit)) {}

    // Visits every event that is complete in the text, and returns how much of it is done with: the
    // rest is to come again, with more behind it. At the end of the input what there is of the last
    // event counts. record::kPadding bytes behind the text must be readable.
    std::size_t scan(std::string_view text, bool is_end);

    const EventCounts& counts() const noexcept { return counts_; }

  private:
    struct Span {
        std::size_t size = 0;         // of the event
        std::size_t taken = 0;        // with the mark behind it; 0: it is not complete
        bool is_interrupted = false;  // the next one begins before its end
    };

    std::size_t scan_one(std::string_view text, bool is_end);
    Span text_event(std::string_view text) const;
    void visit_text(std::string_view text);
    void visit_json(std::string_view text);
    void visit_xml(std::string_view text);
    void deliver(JobEvent& event);

    LogClock clock_;
    Visit visit_;
    EventCounts counts_;
    record::JsonParser parser_;
    JobEvent event_;  // keeps its memory from event to event
    std::deque<std::string>
        decoded_;  // texts of the event that do not stand in the log as they are
};

// A file or pipe from where it stands to its end; memory stays flat.
EventCounts read_event_log(int fd, const LogClock& clock, const EventScanner::Visit& visit);

}  // namespace tow::pilotlog
