// The -long format: one attribute a line.
#include "base/text.hpp"
#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/numbers.hpp"
#include "classad/unparse.hpp"

#include <algorithm>

namespace tow::classad {

namespace {

// What real ads are like: for a first guess at the number of attributes.
constexpr std::size_t kTypicalLine = 28;
constexpr std::size_t kTypicalAd = 256;

// Off the front, without its end.
std::string_view take_line(std::string_view& text) noexcept {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

// Most values of real ads are constants; these need no parser. Null if this may be anything else.
ExprPtr read_constant(std::string_view text) {
    const char first = text.front();
    if (first == '"' && text.size() > 1 && text.back() == '"') {
        const auto inside = text.substr(1, text.size() - 2);
        const bool simple =
            std::ranges::none_of(inside, [](char c) { return c == '"' || c == '\\' || c == '\0'; });
        return simple ? make_literal(Value::string(std::string(inside))) : nullptr;
    }
    if (base::is_digit(first) && (first != '0' || text.size() == 1)) {
        const auto number = parse_integer(text);
        return number ? make_literal(Value::integer(*number)) : nullptr;
    }
    if (text == "true" || text == "false") {
        return make_literal(Value::boolean(first == 't'));
    }
    return text == "undefined" ? make_literal(Value::undefined()) : nullptr;
}

void note_shifted(ParseNotes& notes, const ParseNotes& of_value, std::size_t offset) {
    for (const auto at : of_value.zeroed_integers) {
        notes.zeroed_integers.push_back(at + offset);
    }
    for (const auto at : of_value.ignored_texts) {
        notes.ignored_texts.push_back(at + offset);
    }
}

// HTCondor strips every blank before a name, but only spaces behind it: "A\t= 1" defines 'A\t'.
std::string_view trim_name(std::string_view name) noexcept {
    name = base::trim_left(name);
    while (name.ends_with(' ')) {
        name.remove_suffix(1);
    }
    return name;
}

void read_line(Ad& ad, std::string_view line, std::size_t offset, ParseNotes* notes) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) {
        base::fail(base::Kind::Data, "expected 'name = value'");
    }
    const auto name = trim_name(line.substr(0, equals));
    if (name.empty()) {
        base::fail(base::Kind::Data, "a value without a name");
    }
    if (name.find('\0') != std::string_view::npos) {
        base::fail(base::Kind::Data, "a name with a NUL in it");
    }
    if (ad.size() >= Ad::kMaxAttributes) {
        base::fail(base::Kind::Data, "too many attributes in one ad");
    }
    const auto value = line.substr(equals + 1);
    ParseNotes value_notes;
    try {
        ad.insert(name, read_long_value(value, notes != nullptr ? &value_notes : nullptr));
    } catch (const base::Error& error) {
        throw error.within(name);
    }
    if (notes != nullptr) {
        notes->places.push_back({std::string(name), offset});
        const auto blanks = value.size() - base::trim_left(value).size();
        note_shifted(*notes, value_notes, offset + equals + 1 + blanks);
    }
}

}  // namespace

ExprPtr read_long_value(std::string_view text, ParseNotes* notes) {
    text = base::trim(text);
    if (!text.empty()) {
        if (auto constant = read_constant(text)) {
            return constant;
        }
    }
    return parse_expr(text, {Lexer::Old, Compat::V25, false}, notes);
}

Ad read_long(std::string_view text, ParseNotes* notes) {
    Ad ad;
    ad.reserve(std::min(text.size() / kTypicalLine + 1, kTypicalAd));
    const auto* begin = text.data();
    std::size_t number = 0;
    while (!text.empty()) {
        const auto line = take_line(text);
        ++number;
        const auto content = base::trim_left(line);
        if (content.empty() || content.front() == '#') {
            continue;
        }
        try {
            read_line(ad, line, static_cast<std::size_t>(line.data() - begin), notes);
        } catch (const base::Error& error) {
            throw error.within(fmt::format("line {}", number));
        }
    }
    return ad;
}

std::string write_long(const Ad& ad, Order order) {
    auto entries = ad.in_display_order();
    if (order == Order::Name) {
        std::ranges::sort(entries, {}, &Ad::Entry::name);
    }
    std::string text;
    for (const auto* entry : entries) {
        text += entry->name;
        text += " = ";
        text += unparse(*entry->value, Style::Old);
        text += '\n';
    }
    return text;
}

}  // namespace tow::classad
