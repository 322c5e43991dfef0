#include "report/markup.hpp"
#include "report/page.hpp"
#include "report/plotting.hpp"
#include "report/style.hpp"
#include "report/svg.hpp"

#include <fmt/core.h>

namespace tow::report {

namespace {

std::string_view class_of(Tone tone) {
    switch (tone) {
        case Tone::Good:
            return "good";
        case Tone::Warning:
            return "warning";
        case Tone::Critical:
            return "critical";
        case Tone::Plain:
            break;
    }
    return "";
}

class HtmlWriter {
  public:
    explicit HtmlWriter(Markup& page) : page_(page) {}

    void operator()(const Figures& block) {
        page_.open("dl", {{"class", "figures"}});
        for (const auto& figure : block.figures) {
            page_.open("div", {{"class", "figure"}});
            page_.leaf("dt", figure.label);
            page_.leaf("dd", figure.value, {{"class", class_of(figure.tone)}});
            if (!figure.note.empty()) {
                page_.leaf("dd", figure.note, {{"class", "under"}});
            }
            page_.close();
        }
        page_.close();
    }

    void operator()(const Note& note) { page_.leaf("p", note.text, {{"class", "note"}}); }

    void operator()(const Plot& plot) {
        page_.open("figure");
        page_.leaf("figcaption", plot.title);
        draw_plot(page_, plot);
        page_.open("table", {{"class", "legend"}});
        page_.leaf("caption",
                   fmt::format("{}, {} to {}", plot.unit, base::format_time(plot.times.front()),
                               base::format_time(plot.times.back())));
        page_.open("thead").open("tr");
        for (const auto* title : {"Line", "Now", "Least", "Most"}) {
            page_.leaf("th", title, {{"scope", "col"}});
        }
        page_.close().close().open("tbody");
        for (std::size_t i = 0; i < plot.series.size(); ++i) {
            legend_row(plot.series[i], i);
        }
        page_.close().close().close();
    }

    // A browser takes seconds to lay out thousands of rows: those after the first are folded away.
    void operator()(const Table& table) {
        const auto size = table.rows.size();
        const auto first = size > kMostRows ? kFirstRows : size;
        write_rows(table, table.caption, 0, first);
        if (first < size) {
            const auto title = fmt::format("{} more", size - first);
            page_.open("details").leaf("summary", title);
            write_rows(table, fmt::format("{}: {}", table.caption, title), first, size);
            page_.close();
        }
    }

  private:
    static constexpr std::size_t kMostRows = 200;
    static constexpr std::size_t kFirstRows = 100;

    void write_rows(const Table& table, const std::string& caption, std::size_t begin,
                    std::size_t end) {
        // Where there is little room it scrolls by itself, also for who has only a keyboard.
        page_.open(
            "div",
            {{"class", "scroll"}, {"role", "region"}, {"tabindex", "0"}, {"aria-label", caption}});
        page_.open("table");
        page_.leaf("caption", caption);
        page_.open("thead").open("tr");
        for (const auto& column : table.columns) {
            page_.leaf("th", column.title, {{"scope", "col"}, {"class", column_class(column)}});
        }
        page_.close().close().open("tbody");
        for (auto row = begin; row < end; ++row) {
            const auto& cells = table.rows[row];
            page_.open("tr");
            for (std::size_t i = 0; i < cells.size(); ++i) {
                write_cell(table.columns.at(i), cells[i], i == 0);
            }
            page_.close();
        }
        page_.close().close().close();
    }

    static std::string_view column_class(const Column& column) {
        return column.is_number ? (column.is_first_to_go ? "n later" : "n")
                                : (column.is_first_to_go ? "later" : "");
    }

    void legend_row(const Series& series, std::size_t number) {
        page_.open("tr").open("th", {{"scope", "row"}});
        page_.open("svg", {{"class", fmt::format("key s{}", number % 6)},
                           {"viewBox", "0 0 10 10"},
                           {"aria-hidden", "true"}});
        page_.leaf("path", "", {{"d", "M0 0H10V10H0Z"}}).close();
        page_.text(series.name).close();
        const auto range = range_of(series);
        for (const auto value : {&Range::last, &Range::least, &Range::most}) {
            page_.leaf("td", range ? short_number(*range.*value) : "unknown", {{"class", "n"}});
        }
        page_.close();
    }

    void write_cell(const Column& column, const Cell& cell, bool names_row) {
        const auto tone = class_of(cell.tone);
        const auto names =
            fmt::format("{}{}{}", column_class(column), tone.empty() ? "" : " ", tone);
        if (names_row) {
            page_.open("th", {{"scope", "row"}, {"class", names}});
        } else if (names.empty()) {
            page_.open("td");
        } else {
            page_.open("td", {{"class", names}});
        }
        if (!cell.trend.empty()) {
            draw_trend(page_, cell.trend);
        }
        if (cell.share) {
            page_.leaf(
                "meter", "",
                {{"value", fmt::format("{:.3f}", *cell.share)}, {"aria-label", column.title}});
            page_.text(" ");
        }
        if (cell.details.empty()) {
            page_.text(cell.text);
        } else {
            page_.open("details").leaf("summary", cell.text).open("ol");
            for (const auto& line : cell.details) {
                page_.leaf("li", line);
            }
            page_.close().close();
        }
        page_.close();
    }

    Markup& page_;
};

void write_head(Markup& page, const std::string& title) {
    page.open("head");
    page.empty("meta", {{"charset", "utf-8"}});
    // The page is one file: it fetches nothing, runs nothing, and sends nothing.
    page.empty("meta", {{"http-equiv", "Content-Security-Policy"},
                        {"content",
                         "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                         "base-uri 'none'; form-action 'none'"}});
    page.empty("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    page.empty("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
    page.empty("link", {{"rel", "icon"}, {"href", "data:,"}});  // or browsers ask for one
    page.leaf("title", title);
    page.literal("<style>").literal(kStyle).literal("</style>");
    page.close();
}

}  // namespace

std::string to_html(const Page& page) {
    Markup html;
    html.literal("<!DOCTYPE html>\n").open("html", {{"lang", "en"}});
    write_head(html, page.title);
    html.open("body");
    html.leaf("a", "Skip to the report", {{"class", "skip"}, {"href", "#main"}});
    html.open("header").leaf("h1", page.title).leaf("p", page.subtitle).close();
    html.open("nav", {{"aria-label", "Sections"}}).open("ul");
    for (const auto& section : page.sections) {
        html.open("li").leaf("a", section.title, {{"href", "#" + section.id}}).close();
    }
    html.close().close().open("main", {{"id", "main"}});
    HtmlWriter writer(html);
    for (const auto& section : page.sections) {
        const auto heading = section.id + "-title";
        html.open("section", {{"id", section.id}, {"aria-labelledby", heading}});
        html.leaf("h2", section.title, {{"id", heading}});
        for (const auto& block : section.blocks) {
            std::visit(writer, block);
        }
        html.close();
    }
    html.close();
    html.open("footer").leaf("p", "Made by tow-report at " + base::format_time(page.made_at));
    return html.take();
}

}  // namespace tow::report
