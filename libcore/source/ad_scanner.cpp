#include "source/ad_scanner.hpp"

#include "base/text.hpp"

#include <array>
#include <cstring>

namespace tow::source {

namespace {

using base::is_space;

// What a byte is outside of strings.
enum CharClass : unsigned char { Other = 0, Number = 1, End = 2 };  // End: what ends a scalar

constexpr auto kClasses = [] {
    std::array<CharClass, 256> table{};
    for (const char c : std::string_view("0123456789+-.eE")) {
        table[static_cast<unsigned char>(c)] = Number;
    }
    for (const char c : std::string_view(",}] \t\n\v\f\r")) {
        table[static_cast<unsigned char>(c)] = End;
    }
    return table;
}();

CharClass class_of(char c) noexcept {
    return kClasses[static_cast<unsigned char>(c)];
}

// A cursor over text that may end too early. Running out is reported by setting short_of_text, not
// by throwing: it happens once a block.
class JsonCursor {
  public:
    JsonCursor(std::string_view text, bool is_all)
        : begin_(text.data()), at_(begin_), end_(begin_ + text.size()), is_all_(is_all) {}

    bool short_of_text() const noexcept { return short_of_text_; }
    std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

    // The next byte that is no blank; 0 if there is none.
    char peek() {
        while (at_ != end_ && is_space(*at_)) {
            ++at_;
        }
        return at_ == end_ ? run_out() : *at_;
    }

    void step() noexcept { ++at_; }

    void expect(char wanted) {
        const char c = peek();
        if (!short_of_text_ && c != wanted) {
            reject(std::string("expected '") + wanted + "'");
        }
        ++at_;
    }

    // The text between quotes, the cursor standing on the first.
    std::string_view take_string() {
        const char* start = ++at_;
        for (;;) {
            const auto* quote = static_cast<const char*>(
                std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
            if (quote == nullptr) {
                at_ = end_;
                run_out();
                return {};
            }
            at_ = quote + 1;
            if (!is_escaped(quote, start)) {
                return {start, static_cast<std::size_t>(quote - start)};
            }
        }
    }

    // The token of any value, whole.
    std::string_view take_value() {
        const char first = peek();
        const char* start = at_;
        if (first == '"') {
            take_string();
        } else if (first == '{' || first == '[') {
            skip_nested();
        } else if (!short_of_text_) {
            skip_scalar();
        }
        return {start, static_cast<std::size_t>(at_ - start)};
    }

    [[noreturn]] void reject(std::string what) const { throw Malformed{offset(), std::move(what)}; }

  private:
    char run_out() {
        if (is_all_) {
            reject("the ad ends too early");
        }
        short_of_text_ = true;
        return 0;
    }

    // Whether an odd number of backslashes stands before the quote.
    static bool is_escaped(const char* quote, const char* start) noexcept {
        const char* slash = quote;
        while (slash != start && slash[-1] == '\\') {
            --slash;
        }
        return (quote - slash) % 2 == 1;
    }

    void skip_scalar() {
        const char* start = at_;
        while (at_ != end_ && class_of(*at_) == Number) {
            ++at_;
        }
        const char* number_end = *start == 'e' || *start == 'E' ? start : at_;
        while (at_ != end_ && class_of(*at_) != End) {
            ++at_;
        }
        const std::string_view token(start, static_cast<std::size_t>(at_ - start));
        if (at_ == end_) {
            run_out();
        } else if (!(at_ == number_end && at_ != start) && !is_word(token)) {
            at_ = start;
            reject("expected a JSON value");
        }
    }

    // HTCondor's own reader takes these words in any case.
    static bool is_word(std::string_view token) noexcept {
        return base::equal_nocase(token, "true") || base::equal_nocase(token, "false") ||
               base::equal_nocase(token, "null");
    }

    void skip_nested() {
        std::size_t depth = 0;
        do {
            const char c = peek();
            if (c == '"') {
                take_string();
            } else {
                depth += c == '{' || c == '[' ? 1 : 0;
                depth -= c == '}' || c == ']' ? 1 : 0;
                ++at_;
            }
        } while (depth > 0 && !short_of_text_);
    }

    const char* begin_;
    const char* at_;
    const char* end_;
    bool is_all_;
    bool short_of_text_ = false;
};

void reset(RawValues& values, const AttributeTable& wanted) {
    values.assign(wanted.size(), std::string_view{});
}

bool is_header(std::string_view line) {
    return line.starts_with('#') || line.starts_with("--");
}

void scan_long_line(std::string_view line, std::size_t offset, const AttributeTable& wanted,
                    RawValues& values) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) {
        if (is_header(line)) {
            return;
        }
        throw Malformed{offset, "expected \"Name = expression\""};
    }
    auto name = line.substr(0, equals);
    while (!name.empty() && is_space(name.back())) {
        name.remove_suffix(1);
    }
    if (const auto number = wanted.find(name); number && !is_header(line)) {
        values[*number] = base::trim(line.substr(equals + 1));
    }
}

}  // namespace

std::size_t scan_json_ad(std::string_view text, bool is_all, const AttributeTable& wanted,
                         RawValues& values) {
    reset(values, wanted);
    JsonCursor cursor(text, is_all);
    cursor.expect('{');
    for (bool first = true; !cursor.short_of_text(); first = false) {
        char c = cursor.peek();
        if (c == ',' && !first) {
            cursor.step();
            c = cursor.peek();
        }
        if (c == '}') {
            cursor.step();
            return cursor.offset();
        }
        if (cursor.short_of_text()) {
            break;
        }
        if (c != '"') {
            cursor.reject("expected the name of an attribute");
        }
        const auto name = cursor.take_string();
        if (cursor.short_of_text()) {
            break;
        }
        cursor.expect(':');
        if (cursor.short_of_text()) {
            break;
        }
        const auto value = cursor.take_value();
        if (const auto number = wanted.find(name); number && !cursor.short_of_text()) {
            values[*number] = value;
        }
    }
    return 0;
}

std::size_t scan_long_ad(std::string_view text, bool is_all, const AttributeTable& wanted,
                         RawValues& values) {
    reset(values, wanted);
    std::size_t at = 0;
    while (at < text.size()) {
        const auto* start = text.data() + at;
        const auto* newline = static_cast<const char*>(std::memchr(start, '\n', text.size() - at));
        if (newline == nullptr && !is_all) {
            return 0;
        }
        const auto size =
            newline == nullptr ? text.size() - at : static_cast<std::size_t>(newline - start);
        auto line = base::trim_left({start, size});
        if (line.empty()) {
            return at + size;
        }
        scan_long_line(line, at, wanted, values);
        at += size + (newline == nullptr ? 0 : 1);
    }
    return is_all ? at : 0;
}

}  // namespace tow::source
