// The section of plots over time.
#include "report/sections.hpp"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/core.h>

namespace tow::report {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPoints = 120;  // of a plot that is made from pilot records

struct Span {
    const char* name;
    std::chrono::seconds length;
};

constexpr std::array kSpans{Span{"last day", 24h}, Span{"last month", 31 * 24h},
                            Span{"last year", 400 * 24h}};

std::optional<double> real(const std::optional<std::int64_t>& count) {
    return count ? std::optional{static_cast<double>(*count)} : std::nullopt;
}

// Pilots in one state, if they were seen.
std::optional<std::int64_t> pilots_in(const Sample& sample,
                                      std::int64_t Sample::EntryPilots::*state) {
    return sample.pilots ? std::optional{(*sample.pilots).*state} : std::nullopt;
}

template <class Value>
Series series_of(const char* name, const std::vector<const Sample*>& samples, Value value) {
    Series series{name, {}};
    for (const auto* sample : samples) {
        series.values.push_back(real(value(*sample)));
    }
    return series;
}

void add_plots(Section& section, const char* span, const std::vector<const Sample*>& samples) {
    Plot pilots{fmt::format("Pilots by state, {}", span), "pilots", {}, {}, true};
    for (const auto* sample : samples) {
        pilots.times.push_back(sample->at);
    }
    auto jobs = Plot{fmt::format("Jobs, {}", span), "jobs", pilots.times, {}, false};
    auto cores =
        Plot{fmt::format("Cores of running pilots, {}", span), "cores", pilots.times, {}, true};
    pilots.series = {
        series_of("Running", samples,
                  [](const Sample& s) { return pilots_in(s, &Sample::EntryPilots::running); }),
        series_of("Waiting", samples,
                  [](const Sample& s) { return pilots_in(s, &Sample::EntryPilots::pending); }),
        series_of("Held", samples,
                  [](const Sample& s) { return pilots_in(s, &Sample::EntryPilots::held); })};
    jobs.series = {series_of("Waiting", samples, [](const Sample& s) { return s.idle_jobs; }),
                   series_of("Running", samples, [](const Sample& s) { return s.running_jobs; }),
                   series_of("Held", samples, [](const Sample& s) { return s.held_jobs; })};
    cores.series = {series_of("Busy", samples, [](const Sample& s) { return s.busy_cores; }),
                    series_of("Idle", samples, [](const Sample& s) { return s.idle_cores; })};
    const bool knows_cores = std::ranges::any_of(
        samples, [](const Sample* sample) { return sample->busy_cores.has_value(); });
    section.blocks.emplace_back(std::move(pilots));
    section.blocks.emplace_back(std::move(jobs));
    if (knows_cores) {
        section.blocks.emplace_back(std::move(cores));
    }
}

// Whether the pilot had this state then, by what its record tells.
struct Life {
    base::Time submitted;
    base::Time started;
    base::Time ended;
};

Life life_of(const model::Pilot& pilot) {
    constexpr auto kNever = base::Time::max();
    const auto ended = pilot.ended_at.value_or(kNever);
    const auto started = pilot.started_at.value_or(ended);
    return {pilot.submitted_at.value_or(started), started, ended};
}

// Pilots that live, by the last count of each entry and group.
std::int64_t counted_pilots(const Snapshot& snapshot) {
    std::map<std::pair<std::string_view, std::string_view>, std::int64_t> counts;
    for (const auto& count : snapshot.input.situation.counts) {
        counts[{count.entry, count.group ? std::string_view(*count.group) : ""}] =
            bounded(count.pending) + bounded(count.running) + bounded(count.held);
    }
    std::int64_t sum = 0;
    for (const auto& [of, pilots] : counts) {
        sum += pilots;
    }
    return sum;
}

}  // namespace

std::optional<Plot> pilots_by_their_records(const Snapshot& snapshot, base::Time now) {
    std::map<std::string_view, const model::Pilot*> pilots;
    base::Time from = now;
    for (const auto& pilot : snapshot.input.situation.pilots) {
        pilots[pilot.id] = &pilot;
        from = std::min(from, pilot.ended_at.value_or(now));
    }
    const auto living = std::ranges::count_if(
        pilots, [](const auto& each) { return !model::has_ended(each.second->state); });
    if (living < counted_pilots(snapshot)) {
        return std::nullopt;  // not all of them have a record
    }
    from = std::max<base::Time>(from, now - 24h);
    if (from >= now) {
        return std::nullopt;
    }
    Plot plot{"Pilots by state, by the records of pilots", "pilots", {}, {}, true};
    std::array<Series, 2> series{Series{"Running", {}}, Series{"Waiting", {}}};
    const auto step = std::max<std::chrono::seconds>(1s, (now - from) / kPoints);
    for (auto at = from; at <= now; at += step) {
        plot.times.push_back(at);
        for (auto& each : series) {
            each.values.emplace_back(0.0);
        }
        for (const auto& [id, pilot] : pilots) {
            const auto life = life_of(*pilot);
            if (life.started <= at && at < life.ended) {
                *series[0].values.back() += 1;
            } else if (life.submitted <= at && at < life.started) {
                *series[1].values.back() += 1;
            }
        }
    }
    plot.series.assign(series.begin(), series.end());
    return plot;
}

Section trend_section(const Material& material) {
    Section section{"time", "Over time", {}};
    const auto& samples = material.history.samples();
    if (samples.size() < 2) {
        if (auto plot = pilots_by_their_records(material.snapshot, material.now)) {
            section.blocks.emplace_back(std::move(*plot));
        }
        return section;
    }
    const auto oldest = material.now - samples.begin()->first;
    std::chrono::seconds shorter{0};
    for (const auto& [name, length] : kSpans) {
        if (shorter.count() > 0 && oldest <= shorter) {
            break;  // it would show the same again
        }
        std::vector<const Sample*> shown;
        for (auto it = samples.lower_bound(material.now - length); it != samples.end(); ++it) {
            shown.push_back(&it->second);
        }
        if (shown.size() > 1) {
            add_plots(section, name, shown);
        }
        shorter = length;
    }
    return section;
}

}  // namespace tow::report
