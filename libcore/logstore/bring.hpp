// Where outputs are: on this machine, behind ssh, and what our own journal knows of their pilots.
#pragma once

#include "base/clock.hpp"
#include "batch/backend.hpp"
#include "fleet/journal.hpp"
#include "logstore/log_store.hpp"
#include "pilotlog/gathering.hpp"

#include <string>
#include <vector>

namespace tow::logstore {

// Pilots of ours that live, and those that ended since then, as jobs.
void add_journal(const fleet::Journal& journal, base::Time since, pilotlog::Gathering& gathering);

struct Mirror {
    std::string folder;               // on this machine
    std::string prefix;               // of the same paths there: "ssh://host"
    std::vector<std::string> damage;  // what could not be copied
};

// Copies files below "ssh://[user@]host[:port]/path" to a folder that it empties first: those of
// pilots of which any file is not in the store, and other logs. Error{Usage} if there is no path;
// what transports throw.
Mirror mirror(const std::string& url, const std::string& folder, const LogStore& store,
              const batch::Surroundings& surroundings);

void remove_mirror(const Mirror& mirror);

}  // namespace tow::logstore
