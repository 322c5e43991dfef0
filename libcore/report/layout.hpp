// Tables as text, for reports and for the live view.
#pragma once

#include "report/page.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tow::report {

constexpr std::size_t kGutter = 2;  // between columns

using TextRow = std::vector<std::string>;

// What a cell shows: made printable, with its trend as a sparkline.
std::string plain_text(const Cell& cell);

// The titles, then the rows from first on, most at the most.
std::vector<TextRow> text_rows(const Table& table, std::size_t first, std::size_t most);

// As wide as the widest cell. If that is too much, columns that are the first to go get no width at
// all, and are not shown; then the widest give way.
std::vector<std::size_t> fitted_widths(const std::vector<Column>& columns,
                                       const std::vector<TextRow>& rows, std::size_t width);

// Cut to the width, or filled up with blanks.
std::string fitted(const std::string& text, std::size_t width, bool to_the_right);

}  // namespace tow::report
