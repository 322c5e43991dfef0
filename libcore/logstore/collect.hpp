// Brings what pilots left behind into the store: their files, with everything that event logs,
// accounting and our own journal say of them.
#pragma once

#include "base/clock.hpp"
#include "logstore/log_store.hpp"
#include "pilotlog/gathering.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tow::logstore {

struct CollectOptions {
    pilotlog::LogClock clock;
    // Without a word of its end, a pilot is over when its files have not changed for so long.
    std::chrono::seconds settle{3600};
    std::vector<std::string> taxonomies;  // files of the operator
    unsigned threads = 0;                 // 0: as many as there are processors
    // Of files that were copied from another host: where they are, and what their paths began with
    // there. Files are remembered by the latter.
    std::string local_folder;
    std::string prefix;
    std::function<void(const model::PilotLog&)> on_pilot;
};

struct Collected {
    std::vector<pilotlog::JobFacts> elsewhere;  // pilots without files here, by their ids
    std::vector<pilotlog::LogMark> marks;       // for who has dealt with these as well
    std::int64_t pilots = 0;
    std::int64_t unchanged = 0;
    std::int64_t unfinished = 0;  // left for a later run
    std::int64_t bytes = 0;
};

// What has been gathered of one source, and jobs without files that ended. Those that are known to
// be a certain pilot are left to collect_without_files(): its files may be in another source.
Collected collect(pilotlog::Gathering& gathering, LogStore& store, const CollectOptions& options);

// Pilots that left files in no source.
Collected collect_without_files(std::vector<pilotlog::JobFacts> jobs, LogStore& store,
                                const CollectOptions& options);

// The shipped rules, and those of these files.
pilotlog::Taxonomy read_taxonomy(const std::vector<std::string>& files);

}  // namespace tow::logstore
