// What is sent to a resource when an entry has a key `pilot` instead of a command: tow-pilot, its
// settings, and what else the entry names. It lies in a folder that is named after its content, so
// that pilots on their way keep theirs when the entry changes.
#pragma once

#include "batch/transport.hpp"
#include "model/entry.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::batch {

// tow-pilot as it is installed, one script.
std::string_view pilot_script() noexcept;

struct PilotKit {
    struct File {
        std::string name;
        std::string content;
        bool is_executable = false;
    };

    std::string name;  // of its folder
    std::vector<File> files;
};

// Nothing if the entry has a command of its own. Error{Data} for wrong keys, and as read_file() for
// files that cannot be sent along.
std::optional<PilotKit> pilot_kit(const model::Entry& entry);

// The entry with the command that starts the kit's pilot from this folder. HTCondor sends the other
// files along as well, except in its local universe.
model::Entry with_kit(const model::Entry& entry, const std::optional<PilotKit>& kit,
                      const std::string& folder);

// Writes the kit to <folder>/<name of the kit> where the commands of the batch system run, unless
// it is there. Whole or not at all.
void place(const PilotKit& kit, const std::string& folder, Transport& transport);

}  // namespace tow::batch
