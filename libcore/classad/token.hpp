// The lexer of both dialects. Internal to the parser.
#pragma once

#include "classad/dialect.hpp"
#include "classad/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tow::classad {

enum class TokenType : std::uint8_t {
    End,
    Bad,      // text says what is wrong
    Value,    // a number or a keyword constant
    String,   // text holds the content
    Name,     // text holds it; quoted or not
    Integer,  // like Value, but the number did not fit and became 0
    // punctuation and operators
    Dot,
    Comma,
    Semicolon,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Assign,
    Question,
    Colon,
    Elvis,
    Not,
    Complement,
    Or,
    And,
    BitOr,
    BitXor,
    BitAnd,
    Equal,
    NotEqual,
    Is,
    Isnt,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    ShiftLeft,
    ShiftRight,
    ShiftRightLogical,
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
};

struct Token {
    TokenType type = TokenType::End;
    std::size_t offset = 0;  // of its first byte
    std::string text;        // of String, Name and Bad; else what was there before
    classad::Value value;    // of Value and Integer; else what was there before
};

class Tokenizer {
  public:
    Tokenizer(std::string_view input, Lexer dialect) : input_(input), dialect_(dialect) {}

    // Puts the next token into the object, which is quicker than making one; End or Bad again and
    // again once they came.
    void next(Token& token);

    // Bytes up to the end of the last token.
    std::size_t consumed() const noexcept { return at_; }

  private:
    bool skip_blanks();  // false in an unterminated comment
    bool starts_number() const noexcept;
    bool take(char c) noexcept;
    char peek(std::size_t ahead = 0) const noexcept;
    TokenType scan(Token& token);
    TokenType scan_number(Token& token);
    TokenType scan_word(Token& token);
    TokenType scan_quoted(Token& token, char quote);
    TokenType scan_operator(Token& token);
    TokenType scan_equals();
    TokenType scan_less();
    TokenType scan_greater();
    TokenType scan_question();
    bool read_quoted(char quote, std::string& content, std::string_view& problem);
    bool read_escape(std::string& content);
    bool old_string_ends_here() const noexcept;
    static TokenType bad(Token& token, std::string_view problem);

    std::string_view input_;
    Lexer dialect_;
    std::size_t at_ = 0;
    std::size_t start_ = 0;
    TokenType previous_ = TokenType::End;
};

}  // namespace tow::classad
