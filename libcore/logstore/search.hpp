// Looks for a regular expression in everything that is stored of some pilots, in the logs that are
// packed into it as well.
#pragma once

#include "logstore/log_store.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace tow::logstore {

struct Match {
    StoredPilot pilot;
    std::string file;
    std::int64_t line = 0;
    std::string text;  // of the line, made printable
};

struct SearchOptions {
    std::string pattern;  // a regular expression; ^ and $ match at every line
    std::int64_t most_per_file = 5;
    unsigned threads = 0;  // 0: as many as there are processors
};

struct Searched {
    std::int64_t pilots = 0;
    std::int64_t matching = 0;
    std::int64_t bytes = 0;    // of text that was looked at
    std::int64_t damaged = 0;  // contents that cannot be read
};

// visit() gets matches pilot by pilot, the newest first. It may stop the search by returning false.
Searched search(const LogStore& store, const Query& query, const SearchOptions& options,
                const std::function<bool(const Match&)>& visit);

// The decoded text of one log of a pilot: "out", "err", a file's name or that of a packed log, or
// the beginning of one ("startd"). False if there is none.
bool read_log(const LogStore& store, std::int64_t pilot, const std::string& name,
              const std::function<void(std::string_view)>& take);

}  // namespace tow::logstore
