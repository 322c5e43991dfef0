// A report before it is HTML or text: sections of figures, tables and plots. Texts are as they came
// in the records, hostile ones too: whoever renders a page makes them safe, in one place.
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tow::report {

// How something is; never the only carrier of meaning.
enum class Tone { Plain, Good, Warning, Critical };

struct Figure {
    std::string label;
    std::string value;
    std::string note = {};
    Tone tone = Tone::Plain;
};

struct Figures {
    std::vector<Figure> figures;
};

struct Cell {
    Cell() = default;
    // NOLINTBEGIN(google-explicit-constructor) rows are written as lists
    Cell(std::string cell_text) : text(std::move(cell_text)) {}
    Cell(const char* cell_text) : text(cell_text) {}
    // NOLINTEND(google-explicit-constructor)
    Cell(std::string cell_text, Tone cell_tone) : text(std::move(cell_text)), tone(cell_tone) {}

    std::string text;
    Tone tone = Tone::Plain;
    std::vector<std::string> details = {};          // the long answer, shown on demand
    std::optional<double> share = {};               // drawn as a bar; 1 is full
    std::vector<std::optional<double>> trend = {};  // drawn as a small line, oldest first
};

struct Column {
    std::string title;
    bool is_number = false;
    bool is_first_to_go = false;  // where there is little room
};

// The first column names the row.
struct Table {
    std::string caption;
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
};

struct Series {
    std::string name;
    std::vector<std::optional<double>> values;  // one per time; nothing: not known
};

struct Plot {
    std::string title;
    std::string unit;  // of the values, in the plural
    std::vector<base::Time> times;
    std::vector<Series> series;
    bool is_stacked = false;  // the parts of a whole, on top of each other
};

struct Note {
    std::string text;
};

using Block = std::variant<Figures, Table, Plot, Note>;

struct Section {
    std::string id;
    std::string title;
    std::vector<Block> blocks;
};

struct Page {
    std::string title;
    std::string subtitle;
    base::Time made_at;
    std::vector<Section> sections;
};

struct TextStyle {
    std::size_t width = 100;     // columns of the terminal
    std::size_t most_rows = 15;  // of one table
};

std::string to_html(const Page& page);
std::string to_text(const Page& page, const TextStyle& style);

}  // namespace tow::report
