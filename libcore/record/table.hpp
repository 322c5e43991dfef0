// Records laid out for people: upper-case header, two-space gutters, numbers to the right.
#pragma once

#include "base/clock.hpp"
#include "record/value.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tow::record {

struct TableStyle {
    base::Time now;         // fields in _at are shown as the time since or until then
    std::size_t width = 0;  // columns of the terminal; 0: cut nothing
    bool color = false;
};

class Table {
  public:
    explicit Table(std::vector<std::string> columns);  // paths into records

    void add(const Object& record, base::Time now);
    std::string text(const TableStyle& style) const;  // header and rows, each with a newline

  private:
    struct Cell {
        std::string text;
        bool to_the_right = false;  // it is a number
    };

    using Painter = std::string_view (*)(std::string_view word);  // the colour code, or nothing

    std::vector<std::size_t> widths(std::size_t terminal_width) const;
    bool is_number_column(std::size_t column) const;
    static std::string line(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths,
                            Painter paint);

    std::vector<std::string> columns_;
    std::vector<std::vector<Cell>> rows_;
};

// "pilot.memory_bytes" -> "MEMORY"
std::string column_title(std::string_view path);

// What a person reads in a cell: units by the suffix of the name, lists with commas.
std::string cell_text(std::string_view path, const Value& value, base::Time now);

// The text of a value in a csv field, before quoting: plain scalars, JSON for arrays.
std::string csv_field(const Value* value);
std::string csv_line(const std::vector<std::string>& fields);  // RFC 4180, with CR LF

// Every path to a scalar or array in the record, in order ("pilot.cpus"); empty objects have none.
std::vector<std::string> leaf_paths(const Object& record);

}  // namespace tow::record
