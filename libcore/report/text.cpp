#include "base/utf8.hpp"
#include "report/layout.hpp"
#include "report/page.hpp"
#include "report/plotting.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::report {

namespace {

class TextWriter {
  public:
    TextWriter(std::string& out, const TextStyle& style) : out_(out), style_(style) {}

    void operator()(const Figures& block) {
        std::size_t widest = 0;
        for (const auto& figure : block.figures) {
            widest = std::max(widest, base::display_width(figure.label));
        }
        for (const auto& figure : block.figures) {
            line(fmt::format("{}  {}{}{}", fitted(base::printable(figure.label), widest, false),
                             base::printable(figure.value), figure.note.empty() ? "" : "  ",
                             base::printable(figure.note)));
        }
    }

    void operator()(const Note& note) { line(base::printable(note.text)); }

    void operator()(const Plot& plot) {
        line(fmt::format("{} ({}), {} to {}", base::printable(plot.title),
                         base::printable(plot.unit), base::format_time(plot.times.front()),
                         base::format_time(plot.times.back())));
        std::size_t widest = 0;
        for (const auto& series : plot.series) {
            widest = std::max(widest, base::display_width(series.name));
        }
        const auto room = style_.width > widest + 32 ? style_.width - widest - 32 : 8;
        for (const auto& series : plot.series) {
            const auto range = range_of(series);
            line(fmt::format(
                "{}  {}  {}", fitted(base::printable(series.name), widest, false),
                sparkline(series.values, std::min<std::size_t>(room, 60)),
                range ? fmt::format("{} ({} to {})", short_number(range->last),
                                    short_number(range->least), short_number(range->most))
                      : "unknown"));
        }
    }

    void operator()(const Table& table) {
        auto rows = text_rows(table, 0, style_.most_rows);
        for (std::size_t i = 1; i < rows.size(); ++i) {
            mark_critical(table.rows[i - 1], rows[i]);
        }
        line(base::printable(table.caption));
        write_rows(table, rows);
        if (table.rows.size() > style_.most_rows) {
            line(fmt::format("... and {} more", table.rows.size() - style_.most_rows));
        }
    }

  private:
    void line(const std::string& text) { out_ += base::cut_to_width(text, style_.width) + "\n"; }

    // What colour says elsewhere.
    static void mark_critical(const std::vector<Cell>& cells, TextRow& texts) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (cells[i].tone == Tone::Critical) {
                texts[i].insert(0, "!");
            }
        }
    }

    void write_rows(const Table& table, const std::vector<TextRow>& rows) {
        const auto room = fitted_widths(table.columns, rows, style_.width);
        for (const auto& row : rows) {
            std::string text;
            for (std::size_t i = 0; i < row.size(); ++i) {
                if (room[i] > 0) {
                    text += text.empty() ? "" : std::string(kGutter, ' ');
                    text += fitted(row[i], room[i], table.columns[i].is_number);
                }
            }
            line(text.substr(0, text.find_last_not_of(' ') + 1));
        }
    }

    std::string& out_;
    const TextStyle& style_;
};

}  // namespace

std::string to_text(const Page& page, const TextStyle& style) {
    std::string out = base::printable(page.title) + "\n" + base::printable(page.subtitle) + "\n";
    TextWriter writer(out, style);
    for (const auto& section : page.sections) {
        out += "\n== " + base::printable(section.title) + " ==\n";
        for (const auto& block : section.blocks) {
            std::visit(writer, block);
        }
    }
    return out;
}

}  // namespace tow::report
