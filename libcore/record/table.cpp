#include "record/table.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

namespace tow::record {

namespace {

constexpr std::size_t kGutter = 2;
constexpr std::size_t kNarrowest = 8;  // a column is not cut below this

constexpr std::array<std::string_view, 3> kUnits{"_bytes", "_seconds", "_at"};

struct Paint {
    std::string_view word;
    std::string_view code;
};

constexpr std::string_view kGreen = "\x1B[32m";
constexpr std::string_view kYellow = "\x1B[33m";
constexpr std::string_view kRed = "\x1B[31m";
constexpr std::string_view kBold = "\x1B[1m";
constexpr std::string_view kPlain = "\x1B[0m";

// Words whose colour says how things are; never the only carrier of meaning.
constexpr std::array kPaints{
    Paint{"ok", kGreen},        Paint{"running", kGreen},    Paint{"in_service", kGreen},
    Paint{"done", kGreen},      Paint{"warning", kYellow},   Paint{"pending", kYellow},
    Paint{"held", kYellow},     Paint{"draining", kYellow},  Paint{"removing", kYellow},
    Paint{"intended", kYellow}, Paint{"submitted", kYellow}, Paint{"critical", kRed},
    Paint{"failed", kRed},      Paint{"lost", kRed},         Paint{"downtime", kRed},
    Paint{"disabled", kRed},
};

std::string_view color_of(std::string_view word) {
    const auto* paint = std::ranges::find(kPaints, word, &Paint::word);
    return paint == kPaints.end() ? std::string_view{} : paint->code;
}

std::string plain(const Value& value) {
    return value.string() != nullptr ? *value.string() : to_json(value);
}

// "a,b" of scalars; of objects their values: "demand 12 why; limit 3 why".
std::string array_text(const Array& array) {
    std::vector<std::string> parts;
    bool objects = false;
    for (const auto& element : array) {
        std::vector<std::string> words;
        for (const auto& field : element.object() == nullptr ? Object{} : *element.object()) {
            words.push_back(plain(field.value));
        }
        objects = objects || element.object() != nullptr;
        parts.push_back(element.object() == nullptr ? plain(element) : base::join(words, " "));
    }
    return base::join(parts, objects ? "; " : ",");
}

std::string object_text(const Object& object) {  // "a=1,b=x"
    std::vector<std::string> parts;
    for (const auto& [key, value] : object) {
        parts.push_back(fmt::format("{}={}", key, plain(value)));
    }
    return base::join(parts, ",");
}

std::string age(const std::string& at, base::Time now) {
    const auto time = base::parse_rfc3339(at);
    if (!time) {
        return at;
    }
    return *time > now ? "in " + base::format_duration(*time - now)
                       : base::format_duration(now - *time);
}

std::string padding(std::size_t count) {
    return std::string(count, ' ');
}

}  // namespace

std::string column_title(std::string_view path) {
    auto name = path.substr(path.rfind('.') + 1);
    for (const auto unit : kUnits) {
        if (name.ends_with(unit)) {
            name.remove_suffix(unit.size());
            break;
        }
    }
    std::string title(name);
    std::ranges::transform(title, title.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return title;
}

std::string cell_text(std::string_view path, const Value& value, base::Time now) {
    if (const auto* text = value.string()) {
        return base::printable(path.ends_with("_at") ? age(*text, now) : *text);
    }
    if (const auto* array = value.array()) {
        return base::printable(array_text(*array));
    }
    if (const auto* object = value.object()) {
        return base::printable(object_text(*object));
    }
    const auto number = value.number();
    if (number && path.ends_with("_bytes")) {
        return base::format_bytes(std::llround(*number));
    }
    if (number && path.ends_with("_seconds")) {
        return base::format_duration(std::chrono::seconds{std::llround(*number)});
    }
    if (value.is_real()) {  // two digits behind the point, as far as they say something
        auto text = fmt::format("{:.2f}", *number);
        text.erase(text.find_last_not_of('0') + 1);
        return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
    }
    return value.is_null() ? "-" : to_json(value);
}

Table::Table(std::vector<std::string> columns) : columns_(std::move(columns)) {}

void Table::add(const Object& record, base::Time now) {
    std::vector<Cell> row;
    for (const auto& path : columns_) {
        const auto* value = record.find_path(path);
        row.push_back(value == nullptr
                          ? Cell{"-", false}
                          : Cell{cell_text(path, *value, now), value->number().has_value()});
    }
    rows_.push_back(std::move(row));
}

// The natural widths; while they do not fit the terminal, the widest column gives way.
std::vector<std::size_t> Table::widths(std::size_t terminal_width) const {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        auto width = column_title(columns_[i]).size();
        for (const auto& row : rows_) {
            width = std::max(width, base::display_width(row[i].text));
        }
        result.push_back(width);
    }
    const auto total = [&] {
        std::size_t sum = kGutter * (result.size() - 1);
        for (const auto width : result) {
            sum += width;
        }
        return sum;
    };
    while (terminal_width > 0 && total() > terminal_width) {
        auto& widest = *std::ranges::max_element(result);
        if (widest <= kNarrowest) {
            break;
        }
        widest = std::max(kNarrowest, widest - std::min(widest, total() - terminal_width));
    }
    return result;
}

// Numbers go to the right, if nothing but numbers and gaps stand in their column.
bool Table::is_number_column(std::size_t column) const {
    const auto is_number = [column](const auto& row) { return row[column].to_the_right; };
    const auto fits = [&](const auto& row) { return is_number(row) || row[column].text == "-"; };
    return std::ranges::any_of(rows_, is_number) && std::ranges::all_of(rows_, fits);
}

std::string Table::line(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths,
                        Painter paint) {
    std::string result;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto text = base::cut_to_width(cells[i].text, widths[i]);
        const auto space = padding(widths[i] - base::display_width(text));
        const auto code = paint(text);
        const auto painted = code.empty() ? text : fmt::format("{}{}{}", code, text, kPlain);
        result += cells[i].to_the_right ? space + painted : painted + space;
        result += padding(i + 1 < cells.size() ? kGutter : 0);
    }
    result.erase(result.find_last_not_of(' ') + 1);
    result += '\n';
    return result;
}

std::string Table::text(const TableStyle& style) const {
    if (columns_.empty()) {
        return {};
    }
    const Painter no_paint = [](std::string_view /*word*/) { return std::string_view{}; };
    const Painter bold = [](std::string_view /*word*/) { return kBold; };
    std::vector<Cell> header;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        header.push_back({column_title(columns_[i]), is_number_column(i)});
    }
    const auto width = widths(style.width);
    std::string result = line(header, width, style.color ? bold : no_paint);
    for (auto row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i].to_the_right = header[i].to_the_right;
        }
        result += line(row, width, style.color ? color_of : no_paint);
    }
    return result;
}

std::string csv_field(const Value* value) {
    if (value == nullptr || value->is_null()) {
        return {};
    }
    const auto* text = value->string();
    return text != nullptr ? *text : to_json(*value);
}

std::string csv_line(const std::vector<std::string>& fields) {
    std::string line;
    for (const auto& field : fields) {
        line += &field == &fields.front() ? "" : ",";
        if (field.find_first_of(",\"\r\n") == std::string::npos) {
            line += field;
            continue;
        }
        line += '"';
        for (const char c : field) {
            line.append(c == '"' ? 2 : 1, c);
        }
        line += '"';
    }
    line += "\r\n";
    return line;
}

std::vector<std::string> leaf_paths(const Object& record) {
    std::vector<std::string> paths;
    for (const auto& [key, value] : record) {
        if (value.object() == nullptr) {
            paths.push_back(key);
            continue;
        }
        for (const auto& rest : leaf_paths(*value.object())) {
            paths.push_back(fmt::format("{}.{}", key, rest));
        }
    }
    return paths;
}

}  // namespace tow::record
