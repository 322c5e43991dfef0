#include "record/output.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "record/json.hpp"
#include "record/table.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unistd.h>
#include <utility>

namespace tow::record {

namespace {

constexpr std::size_t kFlushAt = std::size_t{64} << 10;

}  // namespace

Sink::Sink(int fd, bool stop_when_closed)
    : fd_(fd), stop_when_closed_(stop_when_closed), flush_always_(::isatty(fd) == 1) {}

void Sink::write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= kFlushAt || flush_always_) {
        flush();
    }
}

void Sink::flush() {
    if (buffer_.empty()) {
        return;
    }
    auto text = std::exchange(buffer_, {});
    if (!closed_ && !base::write_all(fd_, text)) {
        closed_ = true;
        if (stop_when_closed_) {
            throw OutputClosed{};
        }
    }
    buffer_ = std::move(text);
    buffer_.clear();  // keeps its memory
}

// The rows and columns of tables and csv.
class RecordWriter::Layout {
  public:
    Layout(Sink& sink, const OutputOptions& options) : sink_(sink), options_(options) {}

    void add(const std::string& type, const Object& record) {
        if (options_.format == Format::Csv) {
            add_csv(record);
            return;
        }
        auto table = tables_.find(type);
        if (table == tables_.end()) {
            order_.push_back(type);
            table = tables_.emplace(type, Table(columns_of(type, record))).first;
        }
        table->second.add(record, options_.now);
    }

    void finish() {
        const TableStyle style{options_.now, options_.width, options_.color};
        for (const auto& type : order_) {
            sink_.write(&type == &order_.front() ? "" : "\n");
            sink_.write(tables_.at(type).text(style));
        }
    }

  private:
    std::vector<std::string> columns_of(const std::string& type, const Object& first) const {
        if (!options_.columns.empty()) {
            return options_.columns;
        }
        const auto known = std::ranges::find(options_.types, type, &OutputOptions::Type::name);
        return known == options_.types.end() ? leaf_paths(first) : known->columns;
    }

    void add_csv(const Object& record) {
        if (csv_columns_.empty()) {
            csv_columns_ = options_.columns.empty() ? leaf_paths(record) : options_.columns;
            sink_.write(csv_line(csv_columns_));
        }
        std::vector<std::string> fields;
        for (const auto& column : csv_columns_) {
            fields.push_back(csv_field(record.find_path(column)));
        }
        sink_.write(csv_line(fields));
    }

    Sink& sink_;
    const OutputOptions& options_;
    std::map<std::string, Table> tables_;
    std::vector<std::string> order_;
    std::vector<std::string> csv_columns_;
};

// The names that --columns may have meant: known only once records have been seen.
class RecordWriter::ColumnCheck {
  public:
    explicit ColumnCheck(const std::vector<std::string>& wanted) : wanted_(wanted) {}

    void see(const Object& record) {
        if (wanted_.empty()) {
            return;
        }
        for (auto& path : leaf_paths(record)) {
            seen_.insert(std::move(path));
        }
        for (const auto& column : wanted_) {
            if (record.find_path(column) != nullptr) {
                seen_.insert(column);  // also a name of a whole object
            }
        }
    }

    // Error{Usage} with the names there were, if one that is wanted was never among them.
    void finish() const {
        for (const auto& column : wanted_) {
            if (!seen_.empty() && !seen_.contains(column)) {
                throw base::Error(base::Kind::Usage,
                                  fmt::format("--columns: no field \"{}\"", column),
                                  "fields: " + base::join({seen_.begin(), seen_.end()}, ", "));
            }
        }
    }

  private:
    const std::vector<std::string>& wanted_;
    std::set<std::string> seen_;
};

RecordWriter::RecordWriter(Sink& sink, OutputOptions options)
    : sink_(sink),
      options_(std::move(options)),
      layout_(std::make_unique<Layout>(sink_, options_)),
      column_check_(std::make_unique<ColumnCheck>(options_.columns)) {}

RecordWriter::~RecordWriter() = default;

bool RecordWriter::is_laid_out() const {
    return options_.format == Format::Table || options_.format == Format::Csv;
}

bool RecordWriter::is_shown(std::string_view type) const {
    if (!options_.only.empty()) {
        return std::ranges::find(options_.only, type) != options_.only.end();
    }
    if (!is_laid_out() && options_.columns.empty()) {
        return true;
    }
    const auto known = std::ranges::find(options_.types, type, &OutputOptions::Type::name);
    const bool first_only = options_.format == Format::Csv || !options_.columns.empty();
    return known != options_.types.end() && (!first_only || known == options_.types.begin());
}

void RecordWriter::write(const Object& record) {
    ++written_;
    const auto* type = record.find("type");
    const auto* name = type == nullptr ? nullptr : type->string();
    if (name != nullptr && is_shown(*name)) {
        show(*name, record);
    }
}

void RecordWriter::show(const std::string& type, const Object& record) {
    column_check_->see(record);
    if (is_laid_out()) {
        layout_->add(type, record);
        return;
    }
    line_.clear();
    if (options_.columns.empty()) {
        write_json(record, line_);
    } else {
        write_json(projected(record), line_);
    }
    write_line(line_);
}

Object RecordWriter::projected(const Object& record) const {
    Object result;
    for (const auto& column : options_.columns) {
        if (const auto* value = record.find_path(column)) {
            result.append(column, *value);
        }
    }
    return result;
}

void RecordWriter::show(std::string_view type, std::string_view line) {
    if (!is_shown(type)) {
        return;
    }
    if (is_laid_out() || !options_.columns.empty()) {
        show(std::string(type), *parse_json(line).object());
    } else {
        write_line(line);
    }
}

void RecordWriter::write_line(std::string_view json) {
    if (options_.format == Format::Json) {
        sink_.write(first_ ? "[\n" : ",\n");
        first_ = false;
        sink_.write(json);
    } else {
        sink_.write(json);
        sink_.write("\n");
    }
}

void RecordWriter::lead_with(std::string_view type) {
    auto& types = options_.types;
    const auto found = std::ranges::find(types, type, &OutputOptions::Type::name);
    if (found != types.end()) {
        std::rotate(types.begin(), found, std::next(found));
    }
}

void RecordWriter::write_text(std::string_view text) {
    is_text_ = true;
    sink_.write(text);
}

void RecordWriter::finish() {
    if (std::exchange(is_finished_, true)) {
        return;
    }
    if (is_text_) {
        sink_.flush();
        return;
    }
    column_check_->finish();
    if (options_.format == Format::Json) {
        sink_.write(first_ ? "[]\n" : "\n]\n");
    }
    layout_->finish();
    sink_.flush();
}

}  // namespace tow::record
