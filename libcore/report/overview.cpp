#include "report/overview.hpp"

#include "report/attention.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace tow::report {

namespace {

void add_known(std::optional<std::int64_t>& sum, const std::optional<std::int64_t>& part) {
    if (part) {
        sum = sum.value_or(0) + *part;
    }
}

std::optional<std::int64_t> bounded_known(const std::optional<std::int64_t>& count) {
    return count ? std::optional{bounded(*count)} : std::nullopt;
}

PilotSums sums_of(const model::PilotCount& count) {
    PilotSums sums;
    sums.pending = bounded(count.pending);
    sums.running = bounded(count.running);
    sums.held = bounded(count.held);
    sums.removing = bounded(count.removing);
    sums.connected = bounded_known(count.connected);
    sums.busy_cores = bounded_known(count.busy_cores);
    sums.idle_cores = bounded_known(count.idle_cores);
    return sums;
}

class Lines {
  public:
    Lines(const Snapshot& snapshot, base::Time now) : snapshot_(snapshot), now_(now) {}

    std::map<std::string, EntryLine> make() {
        take_entries();
        take_counts();
        take_pilots();
        take_decision();
        return std::move(lines_);
    }

  private:
    EntryLine& of(const std::string& entry) {
        auto& line = lines_[entry];
        line.entry = entry;
        return line;
    }

    void take_entries() {
        for (const auto& entry : snapshot_.input.situation.entries) {
            auto& line = of(entry.name);
            line.site = entry.site.value_or("");
            line.state = model::effective_state(entry, now_);
            line.cores = std::clamp<std::int64_t>(entry.pilot.cpus, 1, 1'000'000) *
                         std::clamp<std::int64_t>(entry.nodes, 1, 1'000'000);
        }
        for (const auto& demand : snapshot_.input.situation.demands) {
            auto& line = of(demand.entry);
            line.jobs_matching = bounded(demand.jobs_matching);
            line.jobs_share = bounded(demand.jobs_share);
        }
    }

    // The last count of an entry and a group counts: a stream may hold more than one look.
    void take_counts() {
        std::map<std::pair<std::string, std::string>, const model::PilotCount*> last;
        for (const auto& count : snapshot_.input.situation.counts) {
            last[{count.entry, count.group.value_or("")}] = &count;
        }
        for (const auto& [key, count] : last) {
            auto& line = of(count->entry);
            line.is_seen = true;
            line.pilots.add(sums_of(*count));
            line.oldest_pending = std::max(line.oldest_pending, count->oldest_pending);
        }
    }

    void take_pilots() {
        std::map<std::string_view, const model::Pilot*> last;
        for (const auto& pilot : snapshot_.input.situation.pilots) {
            last[pilot.id] = &pilot;
        }
        for (const auto& [id, pilot] : last) {
            if (model::has_ended(pilot->state)) {
                take_ended(*pilot);
            }
        }
    }

    void take_ended(const model::Pilot& pilot) {
        auto& line = of(pilot.entry);
        if (pilot.state == model::PilotState::Done) {
            ++line.pilots.done;
            return;
        }
        ++(pilot.state == model::PilotState::Failed ? line.pilots.failed : line.pilots.lost);
        if (pilot.started_at && pilot.ended_at && *pilot.ended_at > *pilot.started_at) {
            const auto lived = std::min<std::chrono::seconds>(*pilot.ended_at - *pilot.started_at,
                                                              std::chrono::days{366});
            line.lost_core_hours +=
                static_cast<double>(lived.count()) / 3600 * static_cast<double>(line.cores);
        }
    }

    void take_decision() {
        for (const auto& request : snapshot_.input.requests) {
            auto& line = of(request.entry);
            line.submit += request.submit;
            line.remove += request.remove;
            line.because.insert(line.because.end(), request.because.begin(), request.because.end());
        }
        for (const auto& outcome : snapshot_.outcomes) {
            of(outcome.entry);
        }
        for (const auto& memory : snapshot_.memories) {  // the later one is that of the decision
            of(memory.entry).breaker = memory.breaker;
        }
    }

    const Snapshot& snapshot_;
    base::Time now_;
    std::map<std::string, EntryLine> lines_;
};

// Those in need first, then where most is going on.
bool comes_before(const EntryLine& a, const EntryLine& b) {
    const auto rank = [](const EntryLine& line) {
        return line.severity ? static_cast<int>(*line.severity) + 1 : 0;
    };
    const auto work = [](const EntryLine& line) {
        return line.pilots.running + line.pilots.pending + line.pilots.held + line.submit +
               line.jobs_share.value_or(0);
    };
    if (rank(a) != rank(b)) {
        return rank(a) > rank(b);
    }
    return work(a) != work(b) ? work(a) > work(b) : a.entry < b.entry;
}

void add_up(Overview& overview) {
    for (const auto& line : overview.lines) {
        overview.pilots.add(line.pilots);
        overview.are_pilots_seen = overview.are_pilots_seen || line.is_seen;
        overview.submit += line.submit;
        overview.remove += line.remove;
        overview.lost_core_hours += line.lost_core_hours;
    }
}

}  // namespace

std::string_view severity_name(Severity severity) noexcept {
    constexpr std::array<std::string_view, 3> kNames{"note", "warning", "critical"};
    return kNames.at(static_cast<std::size_t>(severity));
}

record::Object to_record(const Attention& attention) {
    auto record = record::new_record("attention");
    record.set("severity", severity_name(attention.severity));
    record.set("about", attention.about);
    record.set("message", attention.message);
    if (!attention.advice.empty()) {
        record.set("advice", attention.advice);
    }
    return record;
}

void PilotSums::add(const PilotSums& other) {
    pending += other.pending;
    running += other.running;
    held += other.held;
    removing += other.removing;
    done += other.done;
    failed += other.failed;
    lost += other.lost;
    add_known(connected, other.connected);
    add_known(busy_cores, other.busy_cores);
    add_known(idle_cores, other.idle_cores);
}

bool EntryLine::is_idle() const noexcept {
    return pilots.pending + pilots.running + pilots.held + pilots.removing + submit + remove == 0 &&
           jobs_matching.value_or(0) == 0 && !severity;
}

record::Object to_record(const EntryLine& line) {
    auto record = record::new_record("entry_line");
    record.set("entry", line.entry);
    if (line.severity) {
        record.set("severity", severity_name(*line.severity));
    }
    if (line.state) {
        record.set("state", model::state_name(*line.state));
    }
    record.set_known("jobs_matching", line.jobs_matching);
    record.set_known("jobs_share", line.jobs_share);
    if (line.is_seen) {
        record.set("pending", line.pilots.pending);
        record.set("running", line.pilots.running);
        record.set("held", line.pilots.held);
        record.set("removing", line.pilots.removing);
    }
    record.set("submit", line.submit);
    record.set("remove", line.remove);
    record.set("done", line.pilots.done);
    record.set("failed", line.pilots.failed);
    record.set("lost", line.pilots.lost);
    if (!line.because.empty()) {
        record.set("why", line.because.back().why);
    }
    return record;
}

Overview make_overview(const Snapshot& snapshot, base::Time now) {
    auto lines = Lines(snapshot, now).make();
    Overview overview;
    for (const auto& job_class : snapshot.input.situation.classes) {
        overview.unmatched_jobs += job_class.entries.empty() ? bounded(job_class.idle_jobs) : 0;
    }
    overview.attention = attention_for(snapshot, lines, overview.unmatched_jobs, now);
    for (const auto& attention : overview.attention) {
        if (const auto line = lines.find(attention.about); line != lines.end()) {
            auto& worst = line->second.severity;
            worst = std::max(worst.value_or(attention.severity), attention.severity);
        }
    }
    for (auto& [name, line] : lines) {
        overview.lines.push_back(std::move(line));
    }
    std::ranges::sort(overview.lines, comes_before);
    add_up(overview);
    return overview;
}

}  // namespace tow::report
