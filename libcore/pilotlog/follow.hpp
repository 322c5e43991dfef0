// Logs while they are written.
#pragma once

#include "pilotlog/event_log.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace tow::pilotlog {

// Hands over what a file holds, and what is added to it, until a stop is asked for (base/stop.hpp).
// A file that is renamed is read to its end before the new one of its name is. One that is not
// there yet is waited for. idle() is called whenever everything has been read; false ends it.
void follow(const std::string& path, const std::function<void(std::string_view)>& take,
            const std::function<bool()>& idle);

// The same, event by event: what is half written waits for the rest.
EventCounts follow_events(const std::string& path, const LogClock& clock,
                          const EventScanner::Visit& visit, const std::function<bool()>& idle);

}  // namespace tow::pilotlog
