#include "classad/token.hpp"

#include "base/text.hpp"
#include "classad/name.hpp"
#include "classad/numbers.hpp"

#include <array>

namespace tow::classad {

namespace {

bool is_name_byte(char c) noexcept {
    return base::is_alpha(c) || base::is_digit(c) || c == '_';
}

bool is_octal(char c) noexcept {
    return c >= '0' && c <= '7';
}

// After such a token a minus is an operator, even directly before a digit.
bool ends_operand(TokenType type) noexcept {
    switch (type) {
        case TokenType::Value:
        case TokenType::Integer:
        case TokenType::String:
        case TokenType::Name:
        case TokenType::Dot:
        case TokenType::CloseParenthesis:
        case TokenType::CloseBracket:
        case TokenType::CloseBrace:
            return true;
        default:
            return false;
    }
}

struct Keyword {
    std::string_view text;
    TokenType type;
    Kind kind;
    bool value;
};

constexpr std::array kKeywords{
    Keyword{"true", TokenType::Value, Kind::Boolean, true},
    Keyword{"false", TokenType::Value, Kind::Boolean, false},
    Keyword{"undefined", TokenType::Value, Kind::Undefined, false},
    Keyword{"error", TokenType::Value, Kind::Error, false},
    Keyword{"is", TokenType::Is, Kind::Undefined, false},
    Keyword{"isnt", TokenType::Isnt, Kind::Undefined, false},
};

Value keyword_value(const Keyword& keyword) {
    switch (keyword.kind) {
        case Kind::Boolean:
            return Value::boolean(keyword.value);
        case Kind::Error:
            return Value::error();
        default:
            return Value::undefined();
    }
}

// What a letter after a backslash means; the letter itself if it means nothing.
char unescape(char c) noexcept {
    switch (c) {
        case 'a':
            return '\a';
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
        case 'v':
            return '\v';
        default:
            return c;
    }
}

TokenType single(char c) noexcept {
    switch (c) {
        case '.':
            return TokenType::Dot;
        case ',':
            return TokenType::Comma;
        case ';':
            return TokenType::Semicolon;
        case '(':
            return TokenType::OpenParenthesis;
        case ')':
            return TokenType::CloseParenthesis;
        case '[':
            return TokenType::OpenBracket;
        case ']':
            return TokenType::CloseBracket;
        case '{':
            return TokenType::OpenBrace;
        case '}':
            return TokenType::CloseBrace;
        case ':':
            return TokenType::Colon;
        case '~':
            return TokenType::Complement;
        case '^':
            return TokenType::BitXor;
        case '+':
            return TokenType::Plus;
        case '-':
            return TokenType::Minus;
        case '*':
            return TokenType::Times;
        case '/':
            return TokenType::Divide;
        case '%':
            return TokenType::Modulo;
        default:
            return TokenType::Bad;
    }
}

}  // namespace

char Tokenizer::peek(std::size_t ahead) const noexcept {
    return at_ + ahead < input_.size() ? input_[at_ + ahead] : '\0';
}

bool Tokenizer::take(char c) noexcept {
    if (at_ < input_.size() && input_[at_] == c) {
        ++at_;
        return true;
    }
    return false;
}

TokenType Tokenizer::bad(Token& token, std::string_view problem) {
    token.text = problem;
    return TokenType::Bad;
}

bool Tokenizer::skip_blanks() {
    while (at_ < input_.size()) {
        if (base::is_space(input_[at_])) {
            ++at_;
        } else if (peek() == '/' && peek(1) == '/') {
            at_ = std::min(input_.find('\n', at_), input_.size());
        } else if (peek() == '/' && peek(1) == '*') {
            const auto end = input_.find("*/", at_ + 2);
            start_ = at_;
            at_ = end == std::string_view::npos ? input_.size() : end + 2;
            if (end == std::string_view::npos) {
                return false;
            }
        } else {
            break;
        }
    }
    return true;
}

void Tokenizer::next(Token& token) {
    token.type = scan(token);
    token.offset = start_;
    previous_ = token.type;
    if (token.type == TokenType::Bad) {
        at_ = start_;  // stay: the next call gives the same answer
    }
}

bool Tokenizer::starts_number() const noexcept {
    const std::size_t sign = peek() == '-' && !ends_operand(previous_) ? 1 : 0;
    return base::is_digit(peek(sign)) || (peek(sign) == '.' && base::is_digit(peek(sign + 1)));
}

TokenType Tokenizer::scan(Token& token) {
    if (!skip_blanks()) {
        return bad(token, "a comment that does not end");
    }
    start_ = at_;
    if (at_ == input_.size()) {
        return TokenType::End;
    }
    const char c = peek();
    if (starts_number()) {
        return scan_number(token);
    }
    if (is_name_byte(c)) {
        return scan_word(token);
    }
    if (c == '"' || c == '\'') {
        return scan_quoted(token, c);
    }
    return scan_operator(token);
}

TokenType Tokenizer::scan_number(Token& token) {
    const auto skip_digits = [this] {
        while (base::is_digit(peek())) {
            ++at_;
        }
    };
    bool real = false;
    take('-');
    if (peek() == '0' && (base::is_digit(peek(1)) || base::to_lower(peek(1)) == 'x')) {
        return bad(token, "a number with a leading zero");
    }
    skip_digits();
    if (take('.')) {
        real = true;
        if (!base::is_digit(peek())) {
            return bad(token, "a number that ends with a point");
        }
        skip_digits();
    }
    if (base::to_lower(peek()) == 'e') {
        real = true;
        ++at_;
        if (!take('+')) {
            take('-');
        }
        if (!base::is_digit(peek())) {
            return bad(token, "a number with an empty exponent");
        }
        skip_digits();
    }
    const auto text = input_.substr(start_, at_ - start_);
    if (real) {
        token.value = Value::real(parse_real(text));
        return TokenType::Value;
    }
    const auto integer = parse_integer(text);
    token.value = Value::integer(integer.value_or(0));
    return integer ? TokenType::Value : TokenType::Integer;
}

TokenType Tokenizer::scan_word(Token& token) {
    while (is_name_byte(peek())) {
        ++at_;
    }
    const auto word = input_.substr(start_, at_ - start_);
    for (const auto& keyword : kKeywords) {
        if (keyword.text.size() == word.size() && base::equal_nocase(keyword.text, word)) {
            token.value = keyword_value(keyword);
            return keyword.type;
        }
    }
    token.text = word;
    return TokenType::Name;
}

// In the old dialect a quote after a backslash is part of the string, but not if nothing follows:
// "C:\dir\" is a whole string.
bool Tokenizer::old_string_ends_here() const noexcept {
    const char after = peek(1);
    return at_ + 1 >= input_.size() || after == '\n' || (after == '\r' && peek(2) == '\n');
}

bool Tokenizer::read_escape(std::string& content) {
    if (!is_octal(peek())) {
        const char c = unescape(peek());
        content += c;
        ++at_;
        return c != '\0';
    }
    unsigned code = 0;
    // A third digit only while the result fits a byte.
    for (int i = 0; i < 3 && is_octal(peek()) && code < 040; ++i) {
        code = code * 8 + static_cast<unsigned>(peek() - '0');
        ++at_;
    }
    content += static_cast<char>(code);
    return code != 0;
}

bool Tokenizer::read_quoted(char quote, std::string& content, std::string_view& problem) {
    ++at_;
    while (at_ < input_.size()) {
        const auto from = at_;
        while (at_ < input_.size() && input_[at_] != quote && input_[at_] != '\\' &&
               input_[at_] != '\0') {
            ++at_;
        }
        content.append(input_, from, at_ - from);
        if (take(quote)) {
            return true;
        }
        if (!take('\\')) {
            break;  // a NUL or the end
        }
        if (dialect_ == Lexer::Old) {
            if (peek() == quote && !old_string_ends_here()) {
                content += quote;
                ++at_;
            } else {
                content += '\\';
            }
        } else if (at_ < input_.size() && !read_escape(content)) {
            problem = "a string with a NUL in it";
            return false;
        }
    }
    problem = at_ < input_.size() ? "a string with a NUL in it" : "a string that does not end";
    return false;
}

TokenType Tokenizer::scan_quoted(Token& token, char quote) {
    token.text.clear();
    std::string_view problem;
    if (!read_quoted(quote, token.text, problem)) {
        return bad(token, problem);
    }
    if (quote == '\'') {
        return token.text.empty() ? bad(token, "an empty name") : TokenType::Name;
    }
    const auto token_start = start_;
    while (dialect_ == Lexer::New) {
        const auto end = at_;
        if (!skip_blanks() || peek() != '"') {
            at_ = end;
            break;
        }
        if (!read_quoted(quote, token.text, problem)) {
            start_ = token_start;
            return bad(token, problem);
        }
    }
    start_ = token_start;
    return TokenType::String;
}

// "? :" with blanks between is one token.
TokenType Tokenizer::scan_question() {
    auto after = at_;
    while (after < input_.size() && base::is_space(input_[after])) {
        ++after;
    }
    if (after < input_.size() && input_[after] == ':') {
        at_ = after + 1;
        return TokenType::Elvis;
    }
    return TokenType::Question;
}

// What begins with '='. "=!" without a second '=' is an '=' and a '!'.
TokenType Tokenizer::scan_equals() {
    if (take('=')) {
        return TokenType::Equal;
    }
    if (peek() == '!' && peek(1) == '=') {
        at_ += 2;
        return TokenType::Isnt;
    }
    if (take('?')) {
        return take('=') ? TokenType::Is : TokenType::Bad;
    }
    return TokenType::Assign;
}

TokenType Tokenizer::scan_less() {
    if (take('=')) {
        return TokenType::LessEqual;
    }
    return take('<') ? TokenType::ShiftLeft : TokenType::Less;
}

TokenType Tokenizer::scan_greater() {
    if (take('=')) {
        return TokenType::GreaterEqual;
    }
    if (!take('>')) {
        return TokenType::Greater;
    }
    return take('>') ? TokenType::ShiftRightLogical : TokenType::ShiftRight;
}

TokenType Tokenizer::scan_operator(Token& token) {
    const char c = peek();
    ++at_;
    auto type = TokenType::Bad;
    switch (c) {
        case '=':
            type = scan_equals();
            break;
        case '!':
            type = take('=') ? TokenType::NotEqual : TokenType::Not;
            break;
        case '<':
            type = scan_less();
            break;
        case '>':
            type = scan_greater();
            break;
        case '?':
            type = scan_question();
            break;
        case '&':
            type = take('&') ? TokenType::And : TokenType::BitAnd;
            break;
        case '|':
            type = take('|') ? TokenType::Or : TokenType::BitOr;
            break;
        default:
            type = single(c);
    }
    return type == TokenType::Bad ? bad(token, "a character that means nothing here") : type;
}

}  // namespace tow::classad
