// The sections of a report, each from what it needs.
#pragma once

#include "report/history.hpp"
#include "report/overview.hpp"
#include "report/page.hpp"
#include "report/snapshot.hpp"
#include "report/spending.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tow::report {

struct Material {
    const Snapshot& snapshot;
    const Overview& overview;
    const Spending& spending;
    const History& history;  // the present included
    base::Time now;
};

Page make_page(const Material& material, const std::string& title);

// A section without anything to tell has no blocks, and is left out.
Section attention_section(const Material& material);
Section now_section(const Material& material);
Section trend_section(const Material& material);
Section work_section(const Material& material);
Section entry_section(const Material& material);
Section failure_section(const Material& material);
Section waste_section(const Material& material);
Section cost_section(const Material& material);
Section check_section(const Material& material);
Section pipeline_section(const Material& material);
Section override_section(const Material& material);

Tone tone_of(Severity severity) noexcept;
std::string hours_text(double hours);                   // "0.4", "1234"
std::string age_text(base::Time time, base::Time now);  // "5m ago", "in 2h"

// Pilots by state over the time that the pilot records tell of: from the end of the first that
// ended. Nothing if none did, or if more pilots live than have
// records.
std::optional<Plot> pilots_by_their_records(const Snapshot& snapshot, base::Time now);

}  // namespace tow::report
