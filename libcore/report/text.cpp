#include "base/utf8.hpp"
#include "report/page.hpp"
#include "report/plotting.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tow::report {

namespace {

constexpr std::size_t kGutter = 2;
constexpr std::size_t kNarrowest = 8;  // a column is not cut below this

std::string padded(const std::string& text, std::size_t width, bool to_the_right) {
    const auto used = base::display_width(text);
    const std::string blanks(width > used ? width - used : 0, ' ');
    return to_the_right ? blanks + text : text + blanks;
}

std::string cell_text(const Cell& cell, bool is_last) {
    auto text = base::printable(cell.text);
    if (!cell.trend.empty()) {
        constexpr std::size_t kTrend = 16;
        text = sparkline(cell.trend, kTrend) + (text.empty() ? "" : " ") + text;
    }
    if (cell.tone == Tone::Critical && !is_last) {
        text = "!" + text;  // what colour says elsewhere
    }
    return text;
}

class TextWriter {
  public:
    TextWriter(std::string& out, const TextStyle& style) : out_(out), style_(style) {}

    void operator()(const Figures& block) {
        std::size_t widest = 0;
        for (const auto& figure : block.figures) {
            widest = std::max(widest, base::display_width(figure.label));
        }
        for (const auto& figure : block.figures) {
            line(fmt::format("{}  {}{}{}", padded(base::printable(figure.label), widest, false),
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
                "{}  {}  {}", padded(base::printable(series.name), widest, false),
                sparkline(series.values, std::min<std::size_t>(room, 60)),
                range ? fmt::format("{} ({} to {})", short_number(range->last),
                                    short_number(range->least), short_number(range->most))
                      : "unknown"));
        }
    }

    void operator()(const Table& table) {
        std::vector<std::vector<std::string>> rows;
        std::vector<std::string>& head = rows.emplace_back();
        for (const auto& column : table.columns) {
            head.push_back(base::printable(column.title));
        }
        for (const auto& row : table.rows) {
            if (rows.size() > style_.most_rows) {
                break;
            }
            auto& texts = rows.emplace_back();
            for (const auto& cell : row) {
                texts.push_back(cell_text(cell, &cell == &row.back()));
            }
        }
        line(base::printable(table.caption));
        write_rows(table, rows);
        if (table.rows.size() > style_.most_rows) {
            line(fmt::format("... and {} more", table.rows.size() - style_.most_rows));
        }
    }

  private:
    void line(const std::string& text) { out_ += base::cut_to_width(text, style_.width) + "\n"; }

    // As wide as the widest cell; if that is too much, the widest columns give way.
    std::vector<std::size_t> widths(const std::vector<std::vector<std::string>>& rows) const {
        std::vector<std::size_t> result(rows.front().size(), 0);
        for (const auto& row : rows) {
            for (std::size_t i = 0; i < row.size(); ++i) {
                result[i] =
                    std::max(result[i], std::min(base::display_width(row[i]), style_.width));
            }
        }
        const auto total = [&] {
            std::size_t sum = kGutter * (result.size() - 1);
            for (const auto width : result) {
                sum += width;
            }
            return sum;
        };
        while (total() > style_.width) {
            const auto widest = std::ranges::max_element(result);
            if (*widest <= kNarrowest) {
                break;
            }
            --*widest;
        }
        return result;
    }

    void write_rows(const Table& table, const std::vector<std::vector<std::string>>& rows) {
        const auto room = widths(rows);
        for (const auto& row : rows) {
            std::string text;
            for (std::size_t i = 0; i < row.size(); ++i) {
                text += i == 0 ? "" : std::string(kGutter, ' ');
                text += padded(base::cut_to_width(row[i], room[i]), room[i],
                               table.columns[i].is_number);
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
