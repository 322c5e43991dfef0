// Entries with what others know of them: downtimes, prices, and what is left of allocations.
#pragma once

#include "base/error.hpp"
#include "model/entry.hpp"
#include "source/query.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tow::foreign {

// Who is asked, files and URLs.
struct Knowledge {
    std::vector<std::string> downtimes;
    std::chrono::milliseconds past{0};  // downtimes that ended no longer ago are kept
    std::vector<std::string> prices;
    std::vector<std::string> allocations;
};

struct Listing {
    std::optional<std::vector<model::Entry>> entries;      // as files have them, if any were read
    std::vector<std::unique_ptr<source::Query>> services;  // that have further ones
    Knowledge knowledge;
};

// Asks services and whoever knows of entries, all at once, and hands over what was seen: entries,
// each in the state of this moment, then gaps. Of a source that does not answer its last answer is
// used where the options allow; else the entries lack what it knows, and there is a gap. Returns
// how each source did, the files first.
std::vector<std::optional<base::Kind>> list_entries(Listing listing,
                                                    const source::AskOptions& options,
                                                    const source::AskEvents& events);

}  // namespace tow::foreign
