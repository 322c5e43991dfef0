#include "base/utf8.hpp"
#include "record/json.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace tow::record {

namespace {

// How a byte is written inside a string: 0 as it is, 'u' as \u00XX, else behind a backslash.
constexpr auto kEscapes = [] {
    std::array<char, 256> table{};
    for (std::size_t i = 0; i < 0x20; ++i) {
        table[i] = 'u';
    }
    table['\b'] = 'b';
    table['\f'] = 'f';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    table['"'] = '"';
    table['\\'] = '\\';
    return table;
}();

void write_escaped(char c, std::string& out) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += '\\';
    out += kEscapes[byte];
    if (kEscapes[byte] == 'u') {
        out += "00";
        out += kHex[byte >> 4U];
        out += kHex[byte & 15U];
    }
}

void write_string(std::string_view text, std::string& out) {
    if (!base::is_utf8(text)) {
        write_string(base::repair_utf8(text), out);
        return;
    }
    out += '"';
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (kEscapes[static_cast<unsigned char>(text[i])] != 0) {
            out.append(text, start, i - start);
            write_escaped(text[i], out);
            start = i + 1;
        }
    }
    out.append(text, start, text.size() - start);
    out += '"';
}

void write_number(auto number, std::string& out) {
    std::array<char, 32> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    out.append(buffer.data(), end);
}

void write_real(double number, std::string& out) {
    const auto start = out.size();
    write_number(number, out);
    if (out.find_first_of(".e", start) == std::string::npos) {
        out += ".0";
    }
}

bool has_text(const Value& value) {
    return !value.is_real() || std::isfinite(*value.number());
}

void write_array(const Array& array, std::string& out) {
    out += '[';
    bool first = true;
    for (const auto& element : array) {
        out += first ? "" : ",";
        first = false;
        write_json(element, out);
    }
    out += ']';
}

}  // namespace

void write_json(const Object& object, std::string& out) {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : object) {
        if (!has_text(value)) {
            continue;
        }
        out += first ? "" : ",";
        first = false;
        write_string(key, out);
        out += ':';
        write_json(value, out);
    }
    out += '}';
}

void write_json(const Value& value, std::string& out) {
    if (const auto* text = value.string()) {
        write_string(*text, out);
    } else if (const auto* object = value.object()) {
        write_json(*object, out);
    } else if (const auto* array = value.array()) {
        write_array(*array, out);
    } else if (const auto truth = value.boolean()) {
        out += *truth ? "true" : "false";
    } else if (value.is_null() || !has_text(value)) {
        out += "null";
    } else if (value.is_real()) {
        write_real(*value.number(), out);
    } else if (const auto large = value.large_integer()) {
        write_number(*large, out);
    } else {
        write_number(*value.integer(), out);
    }
}

std::string to_json(const Value& value) {
    std::string out;
    write_json(value, out);
    return out;
}

}  // namespace tow::record
