// Events as attributes: what JSON and XML logs hold. Internal.
#pragma once

#include "pilotlog/event.hpp"
#include "pilotlog/stamp.hpp"
#include "record/view.hpp"

#include <deque>
#include <string>
#include <string_view>

namespace tow::pilotlog {

// False if it is no event. Texts that do not stand anywhere as they are go to decoded.
bool read_event_object(record::View object, const LogClock& clock, std::deque<std::string>& decoded,
                       JobEvent& event);

// The same of "<c>...</c>".
bool read_event_xml(std::string_view text, const LogClock& clock, std::deque<std::string>& decoded,
                    JobEvent& event);

}  // namespace tow::pilotlog
