#include "source/slurm_table.hpp"

#include "base/text.hpp"

namespace tow::source::slurm {

Table::Table(std::string_view header) {
    if (header.find('|') == std::string_view::npos) {
        find_places(header);
        return;
    }
    for (const auto cell : cells(header)) {
        titles_.emplace_back(base::trim(cell));
    }
}

// squeue aligns to the right unless it is told not to: a column ends where its title ends. If the
// header begins without a blank, the columns are aligned to the left: one ends where the next
// begins.
void Table::find_places(std::string_view header) {
    const bool to_the_right = !header.empty() && header.front() == ' ';
    for (std::size_t at = header.find_first_not_of(' '); at != std::string_view::npos;) {
        const auto end = std::min(header.find(' ', at), header.size());
        if (!to_the_right && !titles_.empty()) {
            ends_.push_back(at);
        }
        titles_.emplace_back(header.substr(at, end - at));
        at = header.find_first_not_of(' ', end);
        if (to_the_right && at != std::string_view::npos) {
            ends_.push_back(end);
        }
    }
}

std::vector<std::string_view> Table::cells(std::string_view line) const {
    std::vector<std::string_view> result;
    std::size_t from = 0;
    if (ends_.empty()) {
        for (auto bar = line.find('|'); bar != std::string_view::npos; bar = line.find('|', from)) {
            result.push_back(line.substr(from, bar - from));
            from = bar + 1;
        }
        result.push_back(line.substr(from));
        return result;
    }
    for (const auto end : ends_) {
        result.push_back(line.substr(std::min(from, line.size()), end - from));
        from = end;
    }
    result.push_back(line.substr(std::min(from, line.size())));
    return result;
}

std::string_view Table::value(const std::vector<std::string_view>& cells,
                              std::string_view title) const {
    const auto at = static_cast<std::size_t>(find(title) - titles_.begin());
    return at < cells.size() && at < titles_.size() ? base::trim(cells[at]) : std::string_view{};
}

}  // namespace tow::source::slurm
