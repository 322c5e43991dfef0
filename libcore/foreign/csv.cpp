#include "foreign/csv.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace tow::foreign {

namespace {

std::string normalised(std::string_view name) {
    std::string result;
    for (const char c : name) {
        if (c != '_' && c != ' ') {
            result += base::to_lower(c);
        }
    }
    return result;
}

class CsvReader {
  public:
    CsvReader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    std::vector<CsvRow> read() {
        std::vector<CsvRow> rows;
        while (!text_.empty()) {
            CsvRow row{line_, read_row()};
            const bool is_blank = row.cells.size() == 1 && base::trim(row.cells[0]).empty();
            if (!is_blank) {
                rows.push_back(std::move(row));
            }
        }
        return rows;
    }

  private:
    std::vector<std::string> read_row() {
        std::vector<std::string> cells;
        for (;;) {
            cells.push_back(read_cell());
            if (text_.empty()) {
                return cells;
            }
            const char separator = text_.front();
            text_.remove_prefix(1);
            if (separator == '\n') {
                ++line_;
                return cells;
            }
        }
    }

    // Leaves the separator behind it.
    std::string read_cell() {
        if (!text_.starts_with('"')) {
            const auto cell = text_.substr(0, text_.find_first_of(",\n"));
            text_.remove_prefix(cell.size());
            return std::string(cell);
        }
        std::string cell;
        for (text_.remove_prefix(1);; text_.remove_prefix(1)) {
            if (text_.empty()) {
                base::fail(base::Kind::Data, "{}:{}: a quote that is never closed",
                           base::printable(name_), line_);
            }
            if (text_.front() == '"') {
                text_.remove_prefix(1);
                if (!text_.starts_with('"')) {
                    break;
                }
            }
            line_ += text_.front() == '\n' ? 1 : 0;
            cell += text_.front();
        }
        if (!text_.empty() && text_.front() == '\r') {
            text_.remove_prefix(1);
        }
        if (!text_.empty() && text_.front() != ',' && text_.front() != '\n') {
            base::fail(base::Kind::Data, "{}:{}: text behind a closing quote",
                       base::printable(name_), line_);
        }
        return cell;
    }

    std::string_view text_;
    const std::string& name_;
    int line_ = 1;
};

}  // namespace

CsvTable::CsvTable(std::string_view text, const std::string& name) {
    rows_ = CsvReader(text, name).read();
    if (rows_.empty()) {
        return;
    }
    std::ranges::transform(rows_.front().cells, std::back_inserter(names_),
                           [](const auto& cell) { return normalised(base::trim(cell)); });
    rows_.erase(rows_.begin());
    for (const auto& row : rows_) {
        if (row.cells.size() > names_.size()) {
            base::fail(base::Kind::Data, "{}:{}: {} cells below {} names", base::printable(name),
                       row.line, row.cells.size(), names_.size());
        }
    }
}

std::size_t CsvTable::find(std::string_view column) const noexcept {
    const auto same = [column](const std::string& name) {
        std::size_t at = 0;
        for (const char c : column) {
            if (c == '_' || c == ' ') {
                continue;
            }
            if (at == name.size() || name[at] != base::to_lower(c)) {
                return false;
            }
            ++at;
        }
        return at == name.size();
    };
    return static_cast<std::size_t>(std::ranges::find_if(names_, same) - names_.begin());
}

std::string_view CsvTable::cell(const CsvRow& row, std::string_view column) const noexcept {
    const auto index = find(column);
    return index < row.cells.size() ? base::trim(row.cells[index]) : std::string_view{};
}

}  // namespace tow::foreign
