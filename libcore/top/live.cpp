#include "top/live.hpp"

#include "base/error.hpp"
#include "base/stop.hpp"
#include "top/terminal.hpp"
#include "top/view.hpp"

#include <algorithm>

namespace tow::top {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kNoLaterThan = 200ms;  // a signal is noticed

void refresh(Feed& feed, View& view) {
    try {
        const auto now = base::wall_clock();
        feed.refresh(now);
        view.show(feed.picture(now));
    } catch (const base::Error& error) {  // a file that is just being replaced, a locked database
        view.complain(error.what());
    }
}

}  // namespace

void watch_live(Feed& feed, const LiveOptions& options) {
    Terminal terminal(options.use_color);
    View view;
    view.show(feed.picture(base::wall_clock()));
    auto last = Clock::now();
    while (!view.is_done()) {
        base::check_stop();
        terminal.draw(view.lines(terminal.size()));
        const auto since = std::chrono::floor<std::chrono::milliseconds>(Clock::now() - last);
        const auto left = std::max(0ms, options.interval - since);
        view.press(terminal.read(std::min<std::chrono::milliseconds>(left, kNoLaterThan)),
                   terminal.size());
        const bool is_time = Clock::now() - last >= options.interval && !view.is_paused();
        if (view.wants_refresh() || is_time) {
            refresh(feed, view);
            last = Clock::now();
        }
    }
}

}  // namespace tow::top
