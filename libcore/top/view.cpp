#include "top/view.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "report/layout.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

namespace tow::top {

namespace {

constexpr std::size_t kMostFilter = 64;  // bytes

Style style_of(report::Tone tone) {
    switch (tone) {
        case report::Tone::Good:
            return Style::Good;
        case report::Tone::Warning:
            return Style::Warning;
        case report::Tone::Critical:
            return Style::Critical;
        case report::Tone::Plain:
            break;
    }
    return Style::Plain;
}

// The number that a cell begins with; what is none comes behind all that are.
double number_of(const std::string& text) {
    double number = -1;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// Cuts a line to the width of the terminal.
void cut(Line& line, std::size_t width) {
    std::size_t used = 0;
    for (auto& span : line) {
        span.text = base::cut_to_width(span.text, width - std::min(used, width));
        used += base::display_width(span.text);
    }
}

struct Room {
    std::size_t width;  // 0: it is not shown
    Style style;
};

void add_column(Line& line, const report::Column& column, const std::string& text, Room room) {
    if (room.width > 0) {
        line.push_back(
            {report::fitted(text, room.width, column.is_number) + std::string(report::kGutter, ' '),
             room.style});
    }
}

}  // namespace

void View::show(Picture picture) {
    picture_ = std::move(picture);
    tab_ = std::min(tab_, picture_.tabs.size() - 1);
    if (sort_column_ && *sort_column_ >= tab().table.columns.size()) {
        sort_column_.reset();  // a table that was empty, or is now
    }
    arrange();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (tab().table.rows[rows_[i]].front().text == selected_name_) {
            selected_ = i;
            return;
        }
    }
    remember_selection();
}

void View::arrange() {
    rows_.clear();
    const auto& rows = tab().table.rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (passes(rows[i])) {
            rows_.push_back(i);
        }
    }
    if (sort_column_) {
        std::ranges::stable_sort(
            rows_, [&](std::size_t a, std::size_t b) { return comes_before(rows[a], rows[b]); });
    }
    if (is_reversed_) {
        std::ranges::reverse(rows_);
    }
    selected_ = std::min(selected_, rows_.empty() ? 0 : rows_.size() - 1);
}

bool View::passes(const std::vector<report::Cell>& row) const {
    const auto wanted = base::lower(filter_);
    return wanted.empty() || std::ranges::any_of(row, [&](const report::Cell& cell) {
               return base::lower(base::printable(cell.text)).find(wanted) != std::string::npos;
           });
}

// Numbers from the largest, words from A.
bool View::comes_before(const std::vector<report::Cell>& a,
                        const std::vector<report::Cell>& b) const {
    const auto& mine = a.at(*sort_column_).text;
    const auto& theirs = b.at(*sort_column_).text;
    return tab().table.columns[*sort_column_].is_number ? number_of(mine) > number_of(theirs)
                                                        : mine < theirs;
}

void View::remember_selection() {
    selected_name_ =
        selected_ < rows_.size() ? tab().table.rows[rows_[selected_]].front().text : "";
}

void View::move(std::ptrdiff_t by) {
    const auto last = static_cast<std::ptrdiff_t>(rows_.size()) - 1;
    const auto wanted = static_cast<std::ptrdiff_t>(selected_) + by;
    selected_ = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(wanted, 0, std::max<std::ptrdiff_t>(last, 0)));
    remember_selection();
}

void View::go_to_tab(std::size_t number) {
    tab_ = number;
    sort_column_.reset();
    is_reversed_ = false;
    filter_.clear();
    selected_ = first_ = 0;
    arrange();
    remember_selection();
}

void View::press(KeyPress key, Size size) {
    problem_.clear();
    switch (mode_) {
        case Mode::Filter:
            press_in_filter(key);
            break;
        case Mode::Details:
        case Mode::Help:
            if (key.key == Key::Character && key.character == 'q') {
                is_done_ = true;
            } else if (key.key != Key::None) {
                mode_ = Mode::Table;
            }
            break;
        case Mode::Table:
            press_in_table(key, size.height > 8 ? size.height - 8 : 1);
            break;
    }
}

void View::press_in_table(KeyPress key, std::size_t page) {
    const auto far = static_cast<std::ptrdiff_t>(rows_.size());
    switch (key.key) {
        case Key::Up:
            return move(-1);
        case Key::Down:
            return move(1);
        case Key::PageUp:
            return move(-static_cast<std::ptrdiff_t>(page));
        case Key::PageDown:
            return move(static_cast<std::ptrdiff_t>(page));
        case Key::Home:
            return move(-far);
        case Key::End:
            return move(far);
        case Key::NextTab:
            return go_to_tab((tab_ + 1) % picture_.tabs.size());
        case Key::PreviousTab:
            return go_to_tab((tab_ + picture_.tabs.size() - 1) % picture_.tabs.size());
        case Key::Enter:
            mode_ = rows_.empty() ? Mode::Table : Mode::Details;
            return;
        case Key::Escape:
            filter_.clear();
            return arrange();
        case Key::Character:
            return press_character(key.character);
        case Key::Backspace:
        case Key::None:
            return;
    }
}

void View::press_character(char character) {
    if (character >= '1' && character <= '9') {
        const auto number = static_cast<std::size_t>(character - '1');
        if (number < picture_.tabs.size()) {
            go_to_tab(number);
        }
        return;
    }
    switch (character) {
        case 'q':
            is_done_ = true;
            break;
        case 'k':
            return move(-1);
        case 'j':
            return move(1);
        case 's': {
            const auto columns = tab().table.columns.size();
            const auto next = sort_column_ ? *sort_column_ + 1 : 0;
            sort_column_ = next < columns ? std::optional{next} : std::nullopt;
            return arrange();
        }
        case 'r':
            is_reversed_ = !is_reversed_;
            return arrange();
        case '/':
            mode_ = Mode::Filter;
            break;
        case 'p':
            is_paused_ = !is_paused_;
            break;
        case ' ':
            wants_refresh_ = true;
            break;
        case '?':
        case 'h':
            mode_ = Mode::Help;
            break;
        default:
            break;
    }
}

void View::press_in_filter(KeyPress key) {
    if (key.key == Key::Enter) {
        mode_ = Mode::Table;
    } else if (key.key == Key::Escape) {
        mode_ = Mode::Table;
        filter_.clear();
    } else if (key.key == Key::Backspace && !filter_.empty()) {
        do {  // a whole code point
            filter_.pop_back();
        } while (!filter_.empty() && !base::is_utf8(filter_));
    } else if (key.key == Key::Character && filter_.size() < kMostFilter) {
        filter_ += key.character;
    }
    selected_ = first_ = 0;
    arrange();
    remember_selection();
}

void View::write_head(std::vector<Line>& lines) const {
    for (const auto& text : picture_.summary) {
        const bool is_first = lines.empty();
        auto& line = lines.emplace_back();
        if (is_first) {
            line.push_back({"tow-top  ", Style::Title});
        }
        line.push_back({base::printable(text), is_first ? Style::Quiet : Style::Plain});
    }
    auto& tabs = lines.emplace_back();
    for (std::size_t i = 0; i < picture_.tabs.size(); ++i) {
        const auto& [title, table] = picture_.tabs[i];
        tabs.push_back({fmt::format(" {} {} {} ", i + 1, title, table.rows.size()),
                        i == tab_ ? Style::Selected : Style::Plain});
    }
}

Line View::row_line(const std::vector<std::string>& texts, const std::vector<std::size_t>& widths,
                    std::size_t row) const {
    const auto& cells = tab().table.rows[rows_[row]];
    const bool is_selected = row == selected_;
    Line line;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto style = is_selected ? Style::Selected : style_of(cells[i].tone);
        add_column(line, tab().table.columns[i], texts[i], {widths[i], style});
    }
    return line;
}

void View::write_table(std::vector<Line>& lines, Size size) {
    const auto& table = tab().table;
    if (rows_.empty()) {
        lines.push_back(
            {{filter_.empty() ? "Nothing here." : "Nothing matches the filter.", Style::Quiet}});
        return;
    }
    const auto room = size.height > lines.size() + 2 ? size.height - lines.size() - 2 : 1;
    first_ = std::clamp(first_, selected_ >= room ? selected_ - room + 1 : 0, selected_);
    report::Table shown{"", table.columns, {}};
    for (auto i = first_; i < std::min(rows_.size(), first_ + room); ++i) {
        shown.rows.push_back(table.rows[rows_[i]]);
    }
    auto texts = report::text_rows(shown, 0, room);
    if (sort_column_) {
        texts.front().at(*sort_column_) += is_reversed_ ? " ^" : " v";
    }
    const auto widths = report::fitted_widths(table.columns, texts, size.width);
    auto& head = lines.emplace_back();
    for (std::size_t i = 0; i < widths.size(); ++i) {
        add_column(head, table.columns[i], texts.front()[i], {widths[i], Style::Title});
    }
    for (std::size_t i = 1; i < texts.size(); ++i) {
        lines.push_back(row_line(texts[i], widths, first_ + i - 1));
    }
}

void View::write_details(std::vector<Line>& lines) const {
    if (selected_ >= rows_.size()) {
        return;
    }
    const auto& row = tab().table.rows[rows_[selected_]];
    for (std::size_t i = 0; i < row.size(); ++i) {
        lines.push_back({{base::printable(tab().table.columns[i].title) + ": ", Style::Title},
                         {report::plain_text(row[i]), style_of(row[i].tone)}});
        for (const auto& detail : row[i].details) {
            lines.push_back({{"    " + base::printable(detail), Style::Plain}});
        }
    }
}

void View::write_help(std::vector<Line>& lines) {
    constexpr std::array<const char*, 9> kKeys{
        "1-9, Tab, Left, Right   another table",
        "Up, Down, j, k          the row before, the row after",
        "PageUp, PageDown, Home, End",
        "Enter                   all of the row, and why",
        "s, r                    sort by the next column; reverse",
        "/                       show rows that contain a text; Escape shows all again",
        "p                       stand still, go on",
        "Space                   read everything now",
        "q                       quit"};
    for (const auto* text : kKeys) {
        lines.push_back({{text, Style::Plain}});
    }
}

Line View::status_line() const {
    if (!problem_.empty()) {
        return {{base::printable(problem_), Style::Critical}};
    }
    if (mode_ == Mode::Filter) {
        return {{"/" + base::printable(filter_) + "_", Style::Title}};
    }
    if (mode_ != Mode::Table) {
        return {{"any key: back   q: quit", Style::Quiet}};
    }
    std::string text = "q quit  ? help  Enter details  / filter  s sort";
    if (!filter_.empty()) {
        text += fmt::format("  filter \"{}\"", base::printable(filter_));
    }
    text += is_paused_ ? "  PAUSED" : "";
    return {{text, Style::Quiet}};
}

std::vector<Line> View::lines(Size size) {
    std::vector<Line> lines;
    write_head(lines);
    if (mode_ == Mode::Help) {
        write_help(lines);
    } else if (mode_ == Mode::Details) {
        write_details(lines);
    } else {
        write_table(lines, size);
    }
    lines.resize(size.height > 1 ? size.height - 1 : 0);
    lines.push_back(status_line());
    for (auto& line : lines) {
        cut(line, size.width);
    }
    return lines;
}

}  // namespace tow::top
