// Tables as text: comma-separated values with a first line of names (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tow::foreign {

struct CsvRow {
    int line = 0;
    std::vector<std::string> cells;
};

class CsvTable {
  public:
    // Error{Data} with "name:line". A row may be shorter than the first, not longer.
    CsvTable(std::string_view text, const std::string& name);

    const std::vector<CsvRow>& rows() const noexcept { return rows_; }

    bool has(std::string_view column) const noexcept { return find(column) < names_.size(); }

    // Trimmed; empty if there is no such column or cell. Names are compared without case,
    // underscores and blanks.
    std::string_view cell(const CsvRow& row, std::string_view column) const noexcept;

  private:
    std::size_t find(std::string_view column) const noexcept;

    std::vector<std::string> names_;  // normalised
    std::vector<CsvRow> rows_;
};

}  // namespace tow::foreign
