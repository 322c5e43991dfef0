// Which batch system: what is asked once per look, however many entries use it.
#pragma once

#include "model/entry.hpp"

#include <string>
#include <string_view>

namespace tow::batch {

struct System {
    std::string backend;  // "local", "condor", "slurm"
    std::string name;     // the schedd, or the Slurm cluster; empty: the one that is found there
    std::string pool;     // the HTCondor collector to find the schedd with; empty: its own
    std::string via;      // "ssh://user@host:port"; empty: this machine

    friend auto operator<=>(const System&, const System&) = default;
};

// From the entry's target: schedd and pool, or cluster, and via. Error{Config} for a backend that
// does not exist, Error{Data} for a value that is no name.
System system_of(const model::Entry& entry);

// "condor:schedd.example.org?pool=cm.example.org&via=ssh://me@login.example.org", and back.
// This stands in the journal and as the source of gaps. Error{Data} if it cannot be read.
std::string to_text(const System& system);
System parse_system(std::string_view text);

}  // namespace tow::batch
