// The live view without a terminal: keys in, styled lines out.
#pragma once

#include "top/feed.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tow::top {

enum class Style { Plain, Quiet, Good, Warning, Critical, Title, Selected };

struct Span {
    std::string text;  // printable
    Style style = Style::Plain;
};

using Line = std::vector<Span>;

struct Size {
    std::size_t width = 80;
    std::size_t height = 24;
};

enum class Key {
    None,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    NextTab,
    PreviousTab,
    Enter,
    Escape,
    Backspace,
    Character,
};

struct KeyPress {
    Key key = Key::None;
    char character = 0;  // of Character; a byte of UTF-8
};

class View {
  public:
    // New numbers; what is selected stays, by the name of its row.
    void show(Picture picture);

    // A message in the last line, until the next key: why nothing could be read.
    void complain(std::string problem) { problem_ = std::move(problem); }

    void press(KeyPress key, Size size);

    bool is_done() const noexcept { return is_done_; }
    bool wants_refresh() noexcept { return std::exchange(wants_refresh_, false); }
    bool is_paused() const noexcept { return is_paused_; }

    std::vector<Line> lines(Size size);  // as many as fit, and no wider

  private:
    enum class Mode { Table, Filter, Details, Help };

    const Tab& tab() const { return picture_.tabs[tab_]; }

    void press_in_table(KeyPress key, std::size_t page);
    void press_character(char character);
    void press_in_filter(KeyPress key);
    void move(std::ptrdiff_t by);
    void go_to_tab(std::size_t number);
    void arrange();  // rows_ from the tab, the filter and the order
    bool passes(const std::vector<report::Cell>& row) const;
    bool comes_before(const std::vector<report::Cell>& a, const std::vector<report::Cell>& b) const;
    void remember_selection();

    void write_head(std::vector<Line>& lines) const;
    void write_table(std::vector<Line>& lines, Size size);
    Line row_line(const std::vector<std::string>& texts, const std::vector<std::size_t>& widths,
                  std::size_t row) const;
    void write_details(std::vector<Line>& lines) const;
    static void write_help(std::vector<Line>& lines);
    Line status_line() const;

    Picture picture_;
    std::vector<std::size_t> rows_;  // of the table, as they are shown
    std::size_t tab_ = 0;
    std::size_t selected_ = 0;
    std::string selected_name_;
    std::size_t first_ = 0;  // row at the top
    std::optional<std::size_t> sort_column_;
    bool is_reversed_ = false;
    std::string filter_;
    Mode mode_ = Mode::Table;
    std::string problem_;
    bool is_done_ = false;
    bool is_paused_ = false;
    bool wants_refresh_ = false;
};

}  // namespace tow::top
