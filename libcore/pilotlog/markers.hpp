// Lines by which a pilot tells where it is. Internal.
#pragma once

#include "pilotlog/output_facts.hpp"
#include "pilotlog/stamp.hpp"

#include <span>
#include <string>
#include <string_view>

namespace tow::pilotlog {

struct MarkedLine {
    std::string_view line;
    std::string_view text;  // from the marker on
    const LogClock& clock;
    std::string_view file;  // the log it stands in

    bool is_at_start() const noexcept { return line.data() == text.data(); }
};

struct Marker {
    std::string_view word;
    void (*apply)(OutputFacts& facts, const MarkedLine& line);
};

// Of the pilot's own output.
std::span<const Marker> output_markers() noexcept;

// Of the logs of HTCondor's daemons.
std::span<const Marker> daemon_markers() noexcept;

// A line of ours: {"type":"pilot_...
void read_own_line(OutputFacts& facts, const MarkedLine& line);

}  // namespace tow::pilotlog
