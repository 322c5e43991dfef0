#include "report/sections.hpp"

#include "base/text.hpp"
#include "base/units.hpp"

#include <cmath>

#include <fmt/core.h>

namespace tow::report {

namespace {

std::string number(std::int64_t count) {
    return std::to_string(count);
}

std::string known(const std::optional<std::int64_t>& count) {
    return count ? number(*count) : "";
}

std::string subtitle(const Material& material) {
    const auto time = material.snapshot.time();
    if (!time) {
        return "No decision, and nothing that says when it was seen.";
    }
    return fmt::format("{} of {} ({})",
                       material.snapshot.input.decided_at ? "The decision" : "The situation",
                       base::format_time(*time), age_text(*time, material.now));
}

std::string state_text(const EntryLine& line) {
    return line.state ? std::string(model::state_name(*line.state)) : "unknown";
}

Tone state_tone(const EntryLine& line) {
    if (!line.state || *line.state == model::EntryState::InService) {
        return Tone::Plain;
    }
    return *line.state == model::EntryState::Draining ? Tone::Warning : Tone::Critical;
}

Cell count_cell(std::int64_t count, Tone tone_if_any) {
    return {number(count), count > 0 ? tone_if_any : Tone::Plain};
}

// "+3 -1", with the reasons behind it.
Cell decision_cell(const EntryLine& line) {
    Cell cell;
    if (line.because.empty()) {
        return cell;
    }
    const auto parts = fmt::format("{}{}", line.submit > 0 ? fmt::format("+{} ", line.submit) : "",
                                   line.remove > 0 ? fmt::format("-{} ", line.remove) : "");
    cell.text = parts + line.because.back().why;
    for (const auto& step : line.because) {
        cell.details.push_back(fmt::format("{}: {}, {}", step.step, step.value, step.why));
    }
    return cell;
}

std::vector<std::optional<double>> trend_of(const std::string& entry, const Material& material) {
    std::vector<std::optional<double>> trend;
    bool is_known = false;
    for (auto it = material.history.samples().lower_bound(material.now - std::chrono::days{1});
         it != material.history.samples().end(); ++it) {
        if (it->second.entries.empty()) {
            continue;  // only some samples keep entries
        }
        const auto pilots = it->second.entries.find(entry);
        const bool has_any = pilots != it->second.entries.end();
        is_known = is_known || has_any;
        trend.emplace_back(has_any ? static_cast<double>(pilots->second.running) : 0.0);
    }
    return is_known && trend.size() > 1 ? trend : std::vector<std::optional<double>>{};
}

std::vector<Cell> entry_row(const EntryLine& line, const Material& material) {
    const auto seen = [&](std::int64_t count, Tone tone) {
        return line.is_seen ? count_cell(count, tone) : Cell("");
    };
    std::vector<Cell> row{{line.entry, line.severity ? tone_of(*line.severity) : Tone::Plain},
                          {state_text(line), state_tone(line)},
                          known(line.jobs_matching),
                          known(line.jobs_share),
                          seen(line.pilots.pending, Tone::Plain),
                          seen(line.pilots.running, Tone::Good),
                          seen(line.pilots.held, Tone::Warning),
                          count_cell(line.pilots.failed + line.pilots.lost, Tone::Warning)};
    auto& trend = row.emplace_back();
    trend.trend = trend_of(line.entry, material);
    row.push_back(line.site);
    row.push_back(decision_cell(line));
    return row;
}

}  // namespace

Tone tone_of(Severity severity) noexcept {
    return severity == Severity::Critical  ? Tone::Critical
           : severity == Severity::Warning ? Tone::Warning
                                           : Tone::Plain;
}

std::string hours_text(double hours) {
    return std::abs(hours) < 100 ? fmt::format("{:.1f}", hours) : fmt::format("{:.0f}", hours);
}

std::string age_text(base::Time time, base::Time now) {
    return time > now ? "in " + base::format_duration(time - now)
                      : base::format_duration(now - time) + " ago";
}

Section attention_section(const Material& material) {
    Section section{"attention", "Needs attention", {}};
    Table table{"What to look at first", {{"How bad"}, {"About"}, {"What"}, {"Next step"}}, {}};
    for (const auto& each : material.overview.attention) {
        table.rows.push_back({{std::string(severity_name(each.severity)), tone_of(each.severity)},
                              each.about,
                              each.message,
                              each.advice});
    }
    if (table.rows.empty()) {
        section.blocks.emplace_back(Note{"Nothing: all that was looked at is well."});
    } else {
        section.blocks.emplace_back(std::move(table));
    }
    return section;
}

Section now_section(const Material& material) {
    const auto& [snapshot, overview, spending, history, now] = material;
    const auto& pilots = overview.pilots;
    Figures figures;
    const auto add = [&](const char* label, std::int64_t value, Tone tone = Tone::Plain,
                         std::string note = {}) {
        figures.figures.push_back(
            {label, number(value), std::move(note), value > 0 ? tone : Tone::Plain});
    };
    if (snapshot.work.groups > 0) {  // else they are not none, but not known
        add("Jobs waiting", snapshot.work.idle, Tone::Plain,
            overview.unmatched_jobs > 0 ? fmt::format("{} match no entry", overview.unmatched_jobs)
                                        : "");
        add("Jobs running", snapshot.work.running, Tone::Good);
        add("Jobs held", snapshot.work.held, Tone::Warning);
    }
    if (overview.are_pilots_seen) {
        add("Pilots waiting", pilots.pending);
        add("Pilots running", pilots.running, Tone::Good,
            pilots.connected ? fmt::format("{} in the pool", *pilots.connected) : "");
        add("Pilots held", pilots.held, Tone::Warning);
    }
    if (!snapshot.input.requests.empty()) {
        add("Pilots to send", overview.submit);
        add("Pilots to take back", overview.remove);
    }
    if (pilots.busy_cores) {
        add("Cores busy", *pilots.busy_cores, Tone::Good);
    }
    if (pilots.idle_cores) {
        add("Cores idle", *pilots.idle_cores, Tone::Warning);
    }
    for (const auto& [currency, spent] : spending.by_currency) {
        figures.figures.push_back({"Cost this month", hours_text(spent.this_month) + " " + currency,
                                   hours_text(spent.today) + " today"});
    }
    Section section{"now", "Now", {}};
    if (!figures.figures.empty()) {
        section.blocks.emplace_back(std::move(figures));
    }
    return section;
}

Section entry_section(const Material& material) {
    Section section{"entries", "Entries", {}};
    Table table{"Entries in use, those that need attention first",
                {{"Entry"},
                 {"State"},
                 {"Jobs match", true},
                 {"Share", true, true},
                 {"Waiting", true},
                 {"Running", true},
                 {"Held", true},
                 {"Failed", true, true},
                 {"Last day", false, true},
                 {"Site", false, true},
                 {"Decision"}},
                {}};
    std::size_t idle = 0;
    for (const auto& line : material.overview.lines) {
        if (line.is_idle() && line.because.empty()) {
            ++idle;
        } else {
            table.rows.push_back(entry_row(line, material));
        }
    }
    if (!table.rows.empty()) {
        section.blocks.emplace_back(std::move(table));
    }
    if (idle > 0) {
        section.blocks.emplace_back(
            Note{fmt::format("{} entries have no pilots, and no job matches them.", idle)});
    }
    return section;
}

Page make_page(const Material& material, const std::string& title) {
    Page page{title, subtitle(material), material.now, {}};
    for (const auto make : {attention_section, now_section, trend_section, work_section,
                            entry_section, failure_section, waste_section, cost_section,
                            check_section, pipeline_section, override_section}) {
        auto section = make(material);
        if (!section.blocks.empty()) {
            page.sections.push_back(std::move(section));
        }
    }
    return page;
}

}  // namespace tow::report
