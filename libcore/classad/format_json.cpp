// ClassAds in JSON, with the leniency of HTCondor's reader.
#include "base/text.hpp"
#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/token.hpp"
#include "classad/unparse.hpp"

#include <cmath>

namespace tow::classad {

namespace {

constexpr int kMaxDepth = 166;  // as deep as lists can be nested in the language itself

constexpr std::string_view kExprOpen = "/expr(";
constexpr std::string_view kExprClose = ")/";
constexpr std::string_view kRawMark = "\\/";

void append_utf8(std::string& out, std::uint32_t code) {
    const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0U | (code >> 6U));
        byte(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        byte(0xE0U | (code >> 12U));
        byte(0x80U | ((code >> 6U) & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    } else {
        byte(0xF0U | (code >> 18U));
        byte(0x80U | ((code >> 12U) & 0x3FU));
        byte(0x80U | ((code >> 6U) & 0x3FU));
        byte(0x80U | (code & 0x3FU));
    }
}

char unescape(char c) noexcept {
    switch (c) {
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        case 'n':
            return '\n';
        case 'r':
            return '\r';
        case 't':
            return '\t';
        default:
            return c;
    }
}

class JsonReader {
  public:
    JsonReader(std::string_view text, ParseNotes* notes) : text_(text), notes_(notes) {}

    Ad read_document();

  private:
    [[noreturn]] void fail_here(std::string_view problem) const;
    void skip_blanks();
    bool accept(char c);
    void deeper();
    void count_node();
    Ad read_object();
    ExprPtr read_array();
    ExprPtr read_value();
    ExprPtr read_scalar();
    ExprPtr read_string_value();
    void note_inner(const ParseNotes& inner, std::size_t offset);
    std::string read_string(bool& raw_expression);
    void read_string_part(std::string& out);
    void read_escape(std::string& out);
    void read_unicode(std::string& out);
    std::uint32_t read_hex();

    std::string_view text_;
    ParseNotes* notes_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::size_t nodes_ = 0;
};

void JsonReader::fail_here(std::string_view problem) const {
    base::fail(base::Kind::Data, "byte {}: {}", at_ + 1, problem);
}

void JsonReader::skip_blanks() {
    while (at_ < text_.size()) {
        if (base::is_space(text_[at_])) {
            ++at_;
        } else if (text_.substr(at_, 2) == "//") {
            at_ = std::min(text_.find('\n', at_), text_.size());
        } else if (text_.substr(at_, 2) == "/*") {
            const auto end = text_.find("*/", at_ + 2);
            if (end == std::string_view::npos) {
                fail_here("a comment that does not end");
            }
            at_ = end + 2;
        } else {
            return;
        }
    }
}

bool JsonReader::accept(char c) {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == c) {
        ++at_;
        return true;
    }
    return false;
}

void JsonReader::deeper() {
    if (++depth_ > kMaxDepth) {
        fail_here("nested too deep");
    }
}

void JsonReader::count_node() {
    if (++nodes_ > kMaxNodes) {
        fail_here("more than a million values");
    }
}

Ad JsonReader::read_document() {
    if (!accept('{')) {
        fail_here("expected '{'");
    }
    auto ad = read_object();
    skip_blanks();
    if (at_ < text_.size()) {
        fail_here("expected the end after '}'");
    }
    return ad;
}

// After the '{'. Commas too many are ignored.
Ad JsonReader::read_object() {
    deeper();
    Ad ad;
    for (bool separated = true;; separated = false) {
        while (accept(',')) {
            separated = true;
        }
        if (accept('}')) {
            break;
        }
        if (!separated) {
            fail_here("expected ',' or '}'");
        }
        bool expression = false;
        skip_blanks();
        const auto offset = at_;
        const auto name = read_string(expression);
        if (notes_ != nullptr && depth_ == 1) {
            notes_->places.push_back({name, offset});
        }
        if (name.empty()) {
            fail_here("an empty name");
        }
        if (!accept(':')) {
            fail_here("expected ':'");
        }
        if (ad.size() >= Ad::kMaxAttributes) {
            fail_here("too many attributes in one ad");
        }
        ad.insert(name, read_value());
    }
    --depth_;
    return ad;
}

ExprPtr JsonReader::read_array() {
    deeper();
    std::vector<ExprPtr> elements;
    if (!accept(']')) {
        do {
            elements.push_back(read_value());
        } while (accept(','));
        if (!accept(']')) {
            fail_here("expected ',' or ']'");
        }
    }
    --depth_;
    return make_list(std::move(elements));
}

ExprPtr JsonReader::read_value() {
    count_node();
    skip_blanks();
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    switch (c) {
        case '"':
            return read_string_value();
        case '{':
            ++at_;
            return make_ad(read_object());
        case '[':
            ++at_;
            return read_array();
        default:
            return read_scalar();
    }
}

// Numbers and words are those of the language, but undefined and error are not JSON.
ExprPtr JsonReader::read_scalar() {
    Tokenizer tokens(text_.substr(at_), Lexer::New);
    Token token;
    tokens.next(token);
    const auto kind = token.value.kind();
    const bool null = token.type == TokenType::Name && base::equal_nocase(token.text, "null");
    const bool constant = token.type == TokenType::Value && kind >= Kind::Boolean;
    if (token.type == TokenType::Integer && notes_ != nullptr) {
        notes_->zeroed_integers.push_back(at_);
    }
    if (!null && !constant && token.type != TokenType::Integer) {
        fail_here("expected a value");
    }
    at_ += tokens.consumed();
    return make_literal(null ? Value::undefined() : std::move(token.value));
}

ExprPtr JsonReader::read_string_value() {
    const auto start = at_;
    bool expression = false;
    auto text = read_string(expression);
    if (!expression) {
        return make_literal(Value::string(std::move(text)));
    }
    const auto inside = std::string_view(text).substr(
        kExprOpen.size(), text.size() - kExprOpen.size() - kExprClose.size());
    ParseNotes inner;
    try {
        auto expr = parse_expr(inside, {}, notes_ != nullptr ? &inner : nullptr);
        note_inner(inner, start);
        return expr;
    } catch (const base::Error& error) {
        throw error.within(fmt::format("byte {}", start + 1));
    }
}

// Offsets in an expression are those of its string: escapes have shifted what is inside.
void JsonReader::note_inner(const ParseNotes& inner, std::size_t offset) {
    if (notes_ != nullptr) {
        notes_->zeroed_integers.insert(notes_->zeroed_integers.end(), inner.zeroed_integers.size(),
                                       offset);
        notes_->ignored_texts.insert(notes_->ignored_texts.end(), inner.ignored_texts.size(),
                                     offset);
    }
}

// One or more strings after each other; they join. They hold an expression if they begin and end
// with "\/" as it is written, not only as it is meant.
std::string JsonReader::read_string(bool& raw_expression) {
    skip_blanks();
    const auto start = at_;
    std::string text;
    if (start >= text_.size() || text_[start] != '"') {
        fail_here("expected a string");
    }
    std::size_t end = 0;
    do {
        read_string_part(text);
        end = at_;
        skip_blanks();
    } while (at_ < text_.size() && text_[at_] == '"');
    const auto raw = text_.substr(start + 1, end - start - 2);
    raw_expression = raw.starts_with(kRawMark) && raw.ends_with(kRawMark) &&
                     text.size() >= kExprOpen.size() + kExprClose.size() &&
                     base::equal_nocase(text.substr(0, kExprOpen.size()), kExprOpen) &&
                     text.ends_with(kExprClose);
    return text;
}

void JsonReader::read_string_part(std::string& out) {
    ++at_;
    for (;;) {
        const auto from = at_;
        while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
               text_[at_] != '\0') {
            ++at_;
        }
        out.append(text_, from, at_ - from);
        const char c = at_ < text_.size() ? text_[at_] : '\0';
        if (c == '\0') {
            fail_here(at_ < text_.size() ? "a string with a NUL in it"
                                         : "a string that does not end");
        }
        ++at_;
        if (c == '"') {
            return;
        }
        read_escape(out);
    }
}

void JsonReader::read_escape(std::string& out) {
    if (at_ >= text_.size()) {
        fail_here("a string that does not end");
    }
    if (text_[at_] != 'u') {
        out += unescape(text_[at_]);
        ++at_;
    } else {
        read_unicode(out);
    }
    if (out.back() == '\0') {
        fail_here("a string with a NUL in it");
    }
}

// HTCondor makes nonsense of \u escapes behind ASCII; here they are what JSON says.
void JsonReader::read_unicode(std::string& out) {
    const auto code = read_hex();
    const bool high = code >= 0xD800 && code < 0xDC00;
    if (high && text_.substr(at_, 2) == "\\u") {
        const auto before = at_;
        ++at_;
        const auto low = read_hex();
        if (low >= 0xDC00 && low < 0xE000) {
            append_utf8(out, 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00));
            return;
        }
        at_ = before;
    }
    const bool surrogate = code >= 0xD800 && code < 0xE000;
    append_utf8(out, surrogate ? 0xFFFD : code);
}

// The four digits after the 'u'.
std::uint32_t JsonReader::read_hex() {
    ++at_;
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
        const char c = at_ < text_.size() ? base::to_lower(text_[at_]) : '\0';
        if (base::is_digit(c)) {
            code = code * 16 + static_cast<std::uint32_t>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            code = code * 16 + static_cast<std::uint32_t>(c - 'a') + 10;
        } else {
            fail_here("expected four hexadecimal digits");
        }
    }
    return code;
}

void write_string(std::string& out, std::string_view text) {
    constexpr std::string_view kLetters = "\bb\ff\nn\rr\tt";
    out += '"';
    for (const char c : text) {
        const auto letter =
            static_cast<unsigned char>(c) < 0x20 ? kLetters.find(c) : std::string_view::npos;
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (letter != std::string_view::npos) {
            out += '\\';
            out += kLetters[letter + 1];
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    out += '"';
}

// False if JSON has no way to write this value.
bool write_constant(std::string& out, const Value& value) {
    if (const auto* text = value.if_string()) {
        write_string(out, *text);
        return true;
    }
    const auto* time = value.if_relative_time();
    const auto* real = value.if_real();
    if (time != nullptr || real != nullptr) {
        const double number = time != nullptr ? *time : *real;
        out += std::isfinite(number) ? short_real(number) : "";
        return std::isfinite(number);
    }
    if (value.is_undefined()) {
        out += "null";
        return true;
    }
    const bool plain = value.kind() == Kind::Boolean || value.kind() == Kind::Integer;
    out += plain ? unparse(value) : "";
    return plain;
}

void write_object(std::string& out, const Ad& ad);

void write_value(std::string& out, const Expr& expr) {
    if (const auto* list = expr.as<ListNode>()) {
        out += '[';
        for (const auto& element : *list->elements) {
            out += &element == list->elements->data() ? "" : ",";
            write_value(out, *element);
        }
        out += ']';
        return;
    }
    if (const auto* nested = expr.as<AdNode>()) {
        write_object(out, *nested->ad);
        return;
    }
    const auto* literal = expr.as<Literal>();
    if (literal != nullptr && write_constant(out, literal->value)) {
        return;
    }
    std::string quoted;
    write_string(quoted, "Expr(" + unparse(expr) + ')');
    out += "\"\\/";
    out += std::string_view(quoted).substr(1, quoted.size() - 2);
    out += "\\/\"";
}

void write_object(std::string& out, const Ad& ad) {
    out += '{';
    bool first = true;
    for (const auto* entry : ad.in_display_order()) {
        out += first ? "" : ",";
        first = false;
        write_string(out, entry->name);
        out += ": ";
        write_value(out, *entry->value);
    }
    out += '}';
}

}  // namespace

Ad read_json(std::string_view text, ParseNotes* notes) {
    return JsonReader(text, notes).read_document();
}

std::string write_json(const Ad& ad) {
    std::string text;
    write_object(text, ad);
    return text;
}

}  // namespace tow::classad
