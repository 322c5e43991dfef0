#include "top/feed.hpp"

#include "base/file.hpp"
#include "base/lock.hpp"
#include "fleet/counts.hpp"
#include "fleet/journal.hpp"
#include "fleet/ledger.hpp"
#include "fleet/state_file.hpp"
#include "pipeline/history.hpp"
#include "record/reader.hpp"
#include "report/plotting.hpp"
#include "report/sections.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::top {

namespace {

using namespace std::chrono_literals;

constexpr auto kShowEnded = 24h;        // pilots that ended so long ago are told of
constexpr std::size_t kSparkline = 40;  // columns

report::PipelineRun to_run(const model::Run& run) {
    return {run.name,    run.state,      run.exit_code,      run.failures.value_or(0),
            run.seconds, run.started_at, run.last_success_at};
}

// Those that live first, the newest first.
Tab pilot_tab(const report::Snapshot& snapshot, base::Time now) {
    std::vector<const model::Pilot*> order;
    for (const auto& pilot : snapshot.input.situation.pilots) {
        order.push_back(&pilot);
    }
    std::ranges::stable_sort(order, [](const auto* a, const auto* b) {
        return std::pair(!model::has_ended(a->state), a->id) >
               std::pair(!model::has_ended(b->state), b->id);
    });
    Tab tab{
        "Pilots",
        {"",
         {{"Pilot"}, {"Entry"}, {"State"}, {"Sent"}, {"Started"}, {"Ended"}, {"Id"}, {"Reason"}},
         {}}};
    const auto age = [&](const std::optional<base::Time>& time) {
        return time ? report::age_text(*time, now) : std::string();
    };
    for (const auto* pilot : order) {
        using enum model::PilotState;
        const auto tone = pilot->state == Running                          ? report::Tone::Good
                          : pilot->state == Failed || pilot->state == Lost ? report::Tone::Critical
                          : pilot->state == Held                           ? report::Tone::Warning
                                                                           : report::Tone::Plain;
        tab.table.rows.push_back({pilot->id,
                                  pilot->entry,
                                  {std::string(model::state_name(pilot->state)), tone},
                                  age(pilot->submitted_at),
                                  age(pilot->started_at),
                                  age(pilot->ended_at),
                                  pilot->backend_id.value_or(""),
                                  pilot->reason.value_or("")});
    }
    return tab;
}

// A tab for the first table of the section, an empty one if there is none: numbers of tabs are
// keys.
void add_tab(std::vector<Tab>& tabs, const std::string& title, report::Section section) {
    auto& tab = tabs.emplace_back();
    tab.title = title;
    for (auto& block : section.blocks) {
        if (auto* table = std::get_if<report::Table>(&block)) {
            tab.table = std::move(*table);
            return;
        }
    }
}

std::string sums_line(const report::Work& work, const report::Overview& overview) {
    const auto& pilots = overview.pilots;
    const auto jobs = work.groups > 0 ? fmt::format("jobs {} waiting {} running {} held", work.idle,
                                                    work.running, work.held)
                                      : std::string("no jobs seen");
    const auto seen = overview.are_pilots_seen
                          ? fmt::format("pilots {} waiting {} running {} held", pilots.pending,
                                        pilots.running, pilots.held)
                          : std::string("no pilots seen");
    return fmt::format("{}   {}   decided +{} -{}", jobs, seen, overview.submit, overview.remove);
}

std::string trend_line(const report::Snapshot& snapshot, base::Time now) {
    const auto plot = report::pilots_by_their_records(snapshot, now);
    if (!plot) {
        return {};
    }
    std::string line = base::format_time(plot->times.front()).substr(11, 5) + " to now";
    for (const auto& series : plot->series) {
        const auto range = report::range_of(series);
        line += fmt::format("  {} {} {}", series.name, report::sparkline(series.values, kSparkline),
                            range ? report::short_number(range->last) : "");
    }
    return line;
}

}  // namespace

Feed::Feed(std::vector<std::string> files, std::string state_directory)
    : files_(std::move(files)), state_directory_(std::move(state_directory)) {}

void Feed::read_files() {
    for (const auto& file : files_) {
        const auto fd = base::open_for_reading(file);
        record::RecordReader reader(fd.get(), file);
        while (reader.next()) {
            snapshot_.take(reader);
        }
    }
}

void Feed::read_state(base::Time now) {
    if (!fleet::state_exists(state_directory_)) {
        return;
    }
    const fleet::Journal journal(state_directory_, store::Access::ReadOnly);
    const auto living = journal.living();
    auto& situation = snapshot_.input.situation;
    situation.pilots.clear();
    for (const auto& rows : {living, journal.ended_since(now - kShowEnded)}) {
        for (const auto& row : rows) {
            situation.pilots.push_back(row.pilot);
        }
    }
    std::vector<std::string> entries;
    for (const auto& entry : situation.entries) {
        entries.push_back(entry.name);
    }
    // What the pool showed of them is in the stream alone.
    const auto from_stream = std::move(situation.counts);
    situation.counts = fleet::count_pilots(living, entries, nullptr, now);
    for (auto& count : situation.counts) {
        const auto seen = std::ranges::find_if(from_stream, [&](const auto& other) {
            return other.entry == count.entry && other.group == count.group;
        });
        if (seen != from_stream.end()) {
            count.connected = seen->connected;
            count.busy_cores = seen->busy_cores;
            count.idle_cores = seen->idle_cores;
        }
    }
    situation.usages = fleet::Ledger(journal.database()).usage(living, now);
    const pipeline::History history(journal.database());
    for (const auto& name : history.names()) {
        const auto is_running = [&](const std::string& running) {
            return base::is_locked(fmt::format("{}/tow-run-{}.lock", state_directory_, running));
        };
        if (const auto run = history.latest(name, is_running)) {
            snapshot_.take_run(to_run(*run));
        }
    }
}

void Feed::refresh(base::Time now) {
    snapshot_ = {};
    read_files();
    read_state(now);
    overview_ = report::make_overview(snapshot_, now);
}

Picture Feed::picture(base::Time now) const {
    const auto time = snapshot_.time();
    Picture picture;
    picture.summary = {
        time ? "decision " + report::age_text(*time, now) : std::string("no decision"),
        sums_line(snapshot_.work, overview_), trend_line(snapshot_, now)};
    const auto spending = report::make_spending(snapshot_, now);
    const report::History none;
    const report::Material material{snapshot_, overview_, spending, none, now};
    auto& tabs = picture.tabs;
    add_tab(tabs, "Problems", report::attention_section(material));
    add_tab(tabs, "Entries", report::entry_section(material));
    tabs.push_back(pilot_tab(snapshot_, now));
    add_tab(tabs, "Failures", report::failure_section(material));
    add_tab(tabs, "Jobs", report::work_section(material));
    add_tab(tabs, "Cost", report::cost_section(material));
    add_tab(tabs, "Checks", report::check_section(material));
    add_tab(tabs, "Pipelines", report::pipeline_section(material));
    return picture;
}

}  // namespace tow::top
