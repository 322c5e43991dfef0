#include "source/plain_jobs.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "classad/name.hpp"
#include "classad/parse.hpp"
#include "record/json.hpp"
#include "source/foreign_job.hpp"
#include "source/json_members.hpp"
#include "source/lines.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

namespace tow::source {

namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 53U;

[[noreturn]] void expected(std::string_view field, std::string_view what) {
    base::fail(base::Kind::Data, "field \"{}\": expected {}", base::printable(field), what);
}

// Wrong units are wrong data here, not a wrong command line.
template <class Parse>
auto parsed(std::string_view field, Parse parse) {
    try {
        return parse();
    } catch (const base::Error& error) {
        throw base::Error(base::Kind::Data,
                          fmt::format("field \"{}\": {}", base::printable(field), error.what()));
    }
}

std::string text_of(std::string_view field, const record::Value& value) {
    if (value.string() == nullptr) {
        expected(field, fmt::format("text, got {}", value.kind_name()));
    }
    return *value.string();
}

std::int64_t count_of(std::string_view field, const record::Value& value) {
    const auto number = value.integer();
    if (!number || *number < 0 || *number > kMost) {
        expected(field, "an integer of at least 0");
    }
    return *number;
}

std::int64_t bytes_of(std::string_view field, const record::Value& value) {
    return value.string() == nullptr
               ? count_of(field, value)
               : parsed(field, [&] { return base::parse_bytes(*value.string()); });
}

std::chrono::seconds duration_of(std::string_view field, const record::Value& value) {
    if (value.string() == nullptr) {
        return std::chrono::seconds{count_of(field, value)};
    }
    return parsed(field, [&] {
        return std::chrono::floor<std::chrono::seconds>(base::parse_duration(*value.string()));
    });
}

void set_attribute(ForeignJob& job, const std::string& name, const record::Value& value) {
    if (!classad::is_plain_name(name)) {
        base::fail(base::Kind::Data, "\"{}\" cannot be an attribute: letters, digits and _ only",
                   base::printable(name));
    }
    if (value.array() != nullptr || value.object() != nullptr) {
        expected(name, fmt::format("text, a number or a boolean, got {}", value.kind_name()));
    }
    job.attributes.set(name, value);
}

void set_field(ForeignJob& job, const std::string& field, const record::Value& value) {
    if (value.is_null()) {
        return;
    }
    if (field == "state") {
        const auto state = job_state(text_of(field, value));
        job.state = state ? *state : (expected(field, "idle, running or held"), JobState::Idle);
    } else if (field == "count") {
        job.jobs = count_of(field, value);
    } else if (field == "user") {
        job.user = text_of(field, value);
    } else if (field == "cpus") {
        job.cpus = count_of(field, value);
    } else if (field == "memory") {
        job.memory_bytes = bytes_of(field, value);
    } else if (field == "disk") {
        job.disk_bytes = bytes_of(field, value);
    } else if (field == "gpus") {
        job.gpus = count_of(field, value);
    } else if (field == "walltime") {
        job.walltime = duration_of(field, value);
    } else if (field == "waiting_since") {
        job.waiting_since = base::parse_rfc3339(text_of(field, value));
        if (!job.waiting_since) {
            expected(field, "a time as 2026-11-21T12:00:00Z");
        }
    } else if (field == "requirements") {
        job.requirements = text_of(field, value);
        parsed(field, [&] { return classad::parse_expr(job.requirements); });
    } else {
        set_attribute(job, field, value);
    }
}

// The fields of one CSV row, RFC 4180. A row may go over several lines inside quotes.
class CsvRow {
  public:
    // False at the end of the input.
    bool read(Lines& lines) {
        cells_.assign(1, {});
        in_quotes_ = false;
        bool any = false;
        while (lines.next()) {
            any = true;
            take(lines.text());
            if (!in_quotes_) {
                return true;
            }
            cells_.back().text += '\n';
            if (cells_.back().text.size() > record::kMaxDocument) {
                break;
            }
        }
        if (any) {
            lines.reject("a quote is not closed");
        }
        return false;
    }

    struct Cell {
        std::string text;
        bool is_quoted = false;
    };

    const std::vector<Cell>& cells() const noexcept { return cells_; }

  private:
    void take(std::string_view line) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            const char c = line[i];
            if (c == '"' && in_quotes_ && i + 1 < line.size() && line[i + 1] == '"') {
                cells_.back().text += line[++i];
            } else if (c == '"' && (in_quotes_ || cells_.back().text.empty())) {
                in_quotes_ = !in_quotes_;
                cells_.back().is_quoted = true;
            } else if (c == ',' && !in_quotes_) {
                cells_.emplace_back();
            } else {
                cells_.back().text += c;
            }
        }
    }

    std::vector<Cell> cells_;
    bool in_quotes_ = false;
};

// A cell without quotes is a number or boolean if it looks like one, and absent if it is empty.
record::Value value_of(const CsvRow::Cell& cell) {
    if (cell.is_quoted) {
        return cell.text;
    }
    const auto text = base::trim(cell.text);
    if (text.empty()) {
        return nullptr;
    }
    if (text == "true" || text == "false") {
        return text == "true";
    }
    const auto read = [&](auto number) -> std::optional<record::Value> {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool whole = error == std::errc{} && end == text.data() + text.size();
        return whole ? std::optional<record::Value>(number) : std::nullopt;
    };
    const bool is_number = base::is_digit(text.front()) || text.front() == '-';
    const auto integer = is_number ? read(std::int64_t{0}) : std::nullopt;
    const auto real = is_number && !integer ? read(0.0) : std::nullopt;
    return integer ? *integer : real ? *real : record::Value(text);
}

}  // namespace

void read_csv_jobs(int fd, const std::string& name, JobGrouper& grouper) {
    Lines lines(fd, name);
    CsvRow header;
    if (!header.read(lines)) {
        lines.reject("no header: the first line names the columns");
    }
    for (CsvRow row; row.read(lines);) {
        if (row.cells().size() == 1 && base::trim(row.cells()[0].text).empty()) {
            continue;
        }
        if (row.cells().size() != header.cells().size()) {
            lines.reject(fmt::format("{} columns, the header has {}", row.cells().size(),
                                     header.cells().size()));
        }
        base::with_context(lines.where(), [&] {
            ForeignJob job;
            for (std::size_t i = 0; i < row.cells().size(); ++i) {
                set_field(job, std::string(base::trim(header.cells()[i].text)),
                          value_of(row.cells()[i]));
            }
            add(grouper, job);
        });
    }
}

void read_json_lines_jobs(int fd, const std::string& name, JobGrouper& grouper) {
    Lines lines(fd, name);
    while (lines.next()) {
        const auto text = base::trim(lines.text());
        if (text.empty()) {
            continue;
        }
        base::with_context(lines.where(), [&] {
            const auto value = record::parse_json(text);
            if (value.object() == nullptr) {
                base::fail(base::Kind::Data, "expected an object, got {}", value.kind_name());
            }
            ForeignJob job;
            for (const auto& [key, field] : *value.object()) {
                set_field(job, key, field);
            }
            add(grouper, job);
        });
    }
}

}  // namespace tow::source
