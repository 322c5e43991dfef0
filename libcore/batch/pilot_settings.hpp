// What tow-pilot is told: the file of assignments that lies beside it on the node.
#pragma once

#include "model/entry.hpp"
#include "model/fields.hpp"

#include <string>
#include <vector>

namespace tow::batch {

struct PilotSettings {
    std::string text;                // assignments for sh: pilot_idle='1200'
    std::vector<std::string> files;  // paths, here, of what is to be sent along
};

// From target.pilot of an entry, and from the entry itself: START is what the entry demands of a
// job, and every attribute that jobs are matched with is advertised. Error{Data} for a key that is
// not known or that HTCondor's configuration cannot hold.
PilotSettings pilot_settings(const model::Entry& entry, const model::Fields& target);

}  // namespace tow::batch
