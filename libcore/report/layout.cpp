#include "report/layout.hpp"

#include "base/utf8.hpp"
#include "report/plotting.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace tow::report {

namespace {

constexpr std::size_t kNarrowest = 8;  // a column is not cut below this
constexpr std::size_t kTrend = 16;     // columns of a sparkline

}  // namespace

std::string plain_text(const Cell& cell) {
    auto text = base::printable(cell.text);
    if (cell.trend.empty()) {
        return text;
    }
    return sparkline(cell.trend, kTrend) + (text.empty() ? "" : " ") + text;
}

std::vector<TextRow> text_rows(const Table& table, std::size_t first, std::size_t most) {
    std::vector<TextRow> rows(1);
    for (const auto& column : table.columns) {
        rows.front().push_back(base::printable(column.title));
    }
    for (auto i = first; i < std::min(table.rows.size(), first + most); ++i) {
        auto& texts = rows.emplace_back();
        std::ranges::transform(table.rows[i], std::back_inserter(texts), plain_text);
    }
    return rows;
}

std::vector<std::size_t> fitted_widths(const std::vector<Column>& columns,
                                       const std::vector<TextRow>& rows, std::size_t width) {
    std::vector<std::size_t> widths(columns.size(), 0);
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], std::min(base::display_width(row[i]), width));
        }
    }
    auto total = std::accumulate(widths.begin(), widths.end(), kGutter * columns.size());
    for (auto i = columns.size(); i-- > 0 && total > width + kGutter;) {
        if (columns[i].is_first_to_go) {
            total -= widths[i] + kGutter;
            widths[i] = 0;
        }
    }
    for (; total > width + kGutter; --total) {
        const auto widest = std::ranges::max_element(widths);
        if (widest == widths.end() || *widest <= kNarrowest) {
            break;
        }
        --*widest;
    }
    return widths;
}

std::string fitted(const std::string& text, std::size_t width, bool to_the_right) {
    auto cut = base::cut_to_width(text, width);
    const auto used = base::display_width(cut);
    const std::string blanks(width > used ? width - used : 0, ' ');
    return to_the_right ? blanks + cut : cut + blanks;
}

}  // namespace tow::report
