// A table as Slurm's commands print them: a header of titles, columns in places or with '|' between
// them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tow::source::slurm {

// Which columns there are, and how to cut a line.
class Table {
  public:
    explicit Table(std::string_view header);

    bool has(std::string_view title) const { return find(title) != titles_.end(); }

    // The value below the title in this line; empty if there is no such column.
    std::string_view value(const std::vector<std::string_view>& cells,
                           std::string_view title) const;
    std::vector<std::string_view> cells(std::string_view line) const;

  private:
    std::vector<std::string>::const_iterator find(std::string_view title) const {
        return std::ranges::find(titles_, title);
    }

    void find_places(std::string_view header);

    std::vector<std::string> titles_;
    std::vector<std::size_t> ends_;  // one past each column but the last, if columns have places
};

}  // namespace tow::source::slurm
