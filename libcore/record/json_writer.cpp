#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

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

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

// Of eight bytes, whether each is ASCII and none has to be escaped.
bool is_plain(std::uint64_t bytes) {
    constexpr std::uint64_t kEach = 0x0101010101010101U;
    const auto any_below = [](std::uint64_t word, std::uint64_t limit) {  // of ASCII words
        return ((word - kEach * limit) & (kEach * 0x80)) != 0;
    };
    return (bytes & (kEach * 0x80)) == 0 && !any_below(bytes, 0x20) &&
           !any_below(bytes ^ (kEach * '"'), 1) && !any_below(bytes ^ (kEach * '\\'), 1);
}

std::size_t plain_prefix(std::string_view text) {
    std::size_t at = 0;
    for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        if (!is_plain(word)) {
            break;
        }
    }
    while (at < text.size() && is_ascii(text[at]) &&
           kEscapes[static_cast<unsigned char>(text[at])] == 0) {
        ++at;
    }
    return at;
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

void write_string(std::string_view text, std::string& out) {
    out += '"';
    for (;;) {
        const auto plain = plain_prefix(text);
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) {
            break;
        }
        if (is_ascii(text.front())) {
            write_escaped(text.front(), out);
            text.remove_prefix(1);
            continue;
        }
        const auto end = std::ranges::find_if(text, is_ascii);
        const std::string_view foreign(text.begin(), end);
        out += base::is_utf8(foreign) ? foreign : base::repair_utf8(foreign);
        text.remove_prefix(foreign.size());
    }
    out += '"';
}

void write_integer(std::int64_t number, std::string& out) {
    write_number(number, out);
}

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
