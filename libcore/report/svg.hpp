// Plots as SVG.
#pragma once

#include "report/markup.hpp"
#include "report/page.hpp"

namespace tow::report {

// The drawing alone; its numbers stand in the table that the page puts beside it.
void draw_plot(Markup& page, const Plot& plot);

// A small line for a table.
void draw_trend(Markup& page, const std::vector<std::optional<double>>& values);

}  // namespace tow::report
