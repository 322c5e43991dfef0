// The live view: reads, draws, listens, until somebody quits.
#pragma once

#include "top/feed.hpp"

#include <chrono>

namespace tow::top {

struct LiveOptions {
    std::chrono::milliseconds interval{2000};
    bool use_color = true;
};

// Error{Usage} if there is no terminal. What cannot be read later on is said, and tried again.
void watch_live(Feed& feed, const LiveOptions& options);

}  // namespace tow::top
