#include "fleet/pace.hpp"

#include "base/stop.hpp"
#include "fleet/state_file.hpp"

#include <algorithm>
#include <cmath>
#include <poll.h>

namespace tow::fleet {

namespace {

constexpr std::int64_t kFirstPause = 60;
constexpr std::int64_t kLongestPause = 960;

void sleep_until(std::chrono::steady_clock::time_point end) {
    using Clock = std::chrono::steady_clock;
    constexpr std::int64_t kAtOnce = 3'600'000;
    while (!base::stop_requested() && Clock::now() < end) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
        pollfd stop{base::stop_descriptor(), POLLIN, 0};
        ::poll(&stop, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, kAtOnce)));
    }
}

}  // namespace

std::size_t Pace::share(std::size_t left) const {
    if (!per_second_ || *per_second_ >= static_cast<double>(left)) {
        return left;
    }
    return static_cast<std::size_t>(std::max(1.0, std::floor(*per_second_)));
}

void Pace::wait(const std::string& system, std::size_t count) {
    if (!per_second_) {
        return;
    }
    auto& next = next_[system];
    sleep_until(next);
    const std::chrono::duration<double> taken(static_cast<double>(count) / *per_second_);
    next = Clock::now() + std::chrono::duration_cast<Clock::duration>(taken);
}

std::optional<base::Error> Pauses::of(const std::string& system, base::Time now) const {
    auto row = database_.prepare("SELECT until, why FROM pause WHERE system = ? AND until > ?");
    row.bind(system).bind(to_seconds(now));
    if (!row.step()) {
        return std::nullopt;
    }
    return base::Error(base::Kind::Busy,
                       fmt::format("left alone until {}: {}",
                                   base::format_time(from_seconds(row.integer(0))), row.text(1)));
}

void Pauses::begin(const std::string& system, const base::Error& why, base::Time now) {
    auto before = database_.prepare("SELECT seconds FROM pause WHERE system = ?");
    before.bind(system);
    const auto seconds =
        before.step() ? std::min(2 * before.integer(0), kLongestPause) : kFirstPause;
    before.reset();
    database_
        .prepare("INSERT OR REPLACE INTO pause (system, until, seconds, why) VALUES (?, ?, ?, ?)")
        .bind(system)
        .bind(to_seconds(now) + seconds)
        .bind(seconds)
        .bind(std::string_view(why.what()))
        .run();
}

void Pauses::end(const std::string& system) {
    database_.prepare("DELETE FROM pause WHERE system = ?").bind(system).run();
}

}  // namespace tow::fleet
