#include "base/error.hpp"
#include "base/text.hpp"
#include "classad/expr.hpp"
#include "classad/parse.hpp"
#include "classad/times.hpp"
#include "classad/token.hpp"

#include <optional>
#include <string>
#include <utility>

namespace tow::classad {

namespace {

// Rules inside each other, as HTCondor counts them: expression, unary and postfix, each one.
constexpr int kMaxDepth = 500;
// 23.9 has no limit; this one protects our stack.
constexpr int kMaxDepthV23 = 3000;

struct BinaryOperator {
    Op op = Op::Parentheses;
    int precedence = 0;  // 0: the token is no binary operator
};

using BinaryOperators = std::array<BinaryOperator, static_cast<std::size_t>(TokenType::Modulo) + 1>;

constexpr BinaryOperators make_binary_operators() noexcept {
    BinaryOperators table{};
    const auto set = [&table](TokenType token, Op op, int precedence) {
        table[static_cast<std::size_t>(token)] = {op, precedence};
    };
    set(TokenType::Or, Op::Or, 1);
    set(TokenType::And, Op::And, 2);
    set(TokenType::BitOr, Op::BitOr, 3);
    set(TokenType::BitXor, Op::BitXor, 4);
    set(TokenType::BitAnd, Op::BitAnd, 5);
    set(TokenType::Equal, Op::Equal, 6);
    set(TokenType::NotEqual, Op::NotEqual, 6);
    set(TokenType::Is, Op::Is, 6);
    set(TokenType::Isnt, Op::Isnt, 6);
    set(TokenType::Less, Op::Less, 7);
    set(TokenType::LessEqual, Op::LessEqual, 7);
    set(TokenType::Greater, Op::Greater, 7);
    set(TokenType::GreaterEqual, Op::GreaterEqual, 7);
    set(TokenType::ShiftLeft, Op::ShiftLeft, 8);
    set(TokenType::ShiftRight, Op::ShiftRight, 8);
    set(TokenType::ShiftRightLogical, Op::ShiftRightLogical, 8);
    set(TokenType::Plus, Op::Add, 9);
    set(TokenType::Minus, Op::Subtract, 9);
    set(TokenType::Times, Op::Multiply, 10);
    set(TokenType::Divide, Op::Divide, 10);
    set(TokenType::Modulo, Op::Modulo, 10);
    return table;
}

constexpr auto kBinaryOperators = make_binary_operators();

BinaryOperator binary_operator(TokenType token) noexcept {
    return kBinaryOperators[static_cast<std::size_t>(token)];
}

std::optional<Op> unary_operator(TokenType token) noexcept {
    switch (token) {
        case TokenType::Plus:
            return Op::Plus;
        case TokenType::Minus:
            return Op::Minus;
        case TokenType::Not:
            return Op::Not;
        case TokenType::Complement:
            return Op::Complement;
        default:
            return std::nullopt;
    }
}

class Parser {
  public:
    Parser(std::string_view text, const ParseOptions& options, ParseNotes* notes)
        : tokens_(text, options.lexer), options_(options), notes_(notes) {
        advance();
    }

    ExprPtr parse_all();
    Ad parse_whole_ad();

  private:
    // One rule deeper, as long as it lives.
    class Nesting {
      public:
        explicit Nesting(Parser& parser) : depth_(parser.depth_) {
            const auto limit = parser.options_.compat == Compat::V23 ? kMaxDepthV23 : kMaxDepth;
            if (++depth_ > limit) {
                parser.fail_here("nested too deep");
            }
        }

        ~Nesting() { --depth_; }

        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;

      private:
        int& depth_;
    };

    void advance();
    bool accept(TokenType type);
    void expect(TokenType type, std::string_view what);
    std::string expect_name();
    [[noreturn]] void fail_here(std::string_view problem) const;
    ExprPtr counted(ExprPtr node);

    ExprPtr parse_expression();
    ExprPtr parse_binary(int precedence);
    ExprPtr parse_unary();
    ExprPtr parse_postfix();
    ExprPtr parse_primary();
    ExprPtr parse_name();
    ExprPtr parse_call(std::string name, std::size_t offset);
    std::vector<ExprPtr> parse_elements(TokenType close, bool semicolons);
    Ad parse_ad_body();

    Tokenizer tokens_;
    ParseOptions options_;
    ParseNotes* notes_;
    Token current_;
    int depth_ = 0;
    std::size_t nodes_ = 0;
};

void Parser::advance() {
    tokens_.next(current_);
    if (current_.type == TokenType::Integer && notes_ != nullptr) {
        notes_->zeroed_integers.push_back(current_.offset);
    }
}

bool Parser::accept(TokenType type) {
    if (current_.type != type) {
        return false;
    }
    advance();
    return true;
}

void Parser::fail_here(std::string_view problem) const {
    const auto at = current_.offset + 1;
    if (current_.type == TokenType::Bad) {
        base::fail(base::Kind::Data, "byte {}: {}", at, current_.text);
    }
    base::fail(base::Kind::Data, "byte {}: {}{}", at, problem,
               current_.type == TokenType::End ? ", but the text ends" : "");
}

void Parser::expect(TokenType type, std::string_view what) {
    if (!accept(type)) {
        fail_here(what);
    }
}

std::string Parser::expect_name() {
    if (current_.type != TokenType::Name) {
        fail_here("expected an attribute name");
    }
    auto name = std::move(current_.text);
    advance();
    return name;
}

ExprPtr Parser::counted(ExprPtr node) {
    if (++nodes_ > kMaxNodes) {
        fail_here("more than a million terms");
    }
    return node;
}

ExprPtr Parser::parse_all() {
    auto expr = parse_expression();
    if (current_.type == TokenType::End) {
        return expr;
    }
    const auto* operation = expr->as<Operation>();
    const bool ternary = operation != nullptr && operation->op == Op::Ternary;
    if (options_.whole && !ternary) {
        fail_here("expected an operator or the end");
    }
    if (notes_ != nullptr) {
        notes_->ignored_texts.push_back(current_.offset);
    }
    return expr;
}

ExprPtr Parser::parse_expression() {
    const Nesting nesting(*this);
    auto left = parse_binary(1);
    if (options_.compat == Compat::V23 && accept(TokenType::Elvis)) {
        return counted(make_binary(Op::Elvis, std::move(left), parse_expression()));
    }
    if (!accept(TokenType::Question)) {
        return left;
    }
    auto yes = parse_expression();
    expect(TokenType::Colon, "expected ':' after '?'");
    return counted(make_ternary(std::move(left), std::move(yes), parse_expression()));
}

ExprPtr Parser::parse_binary(int precedence) {
    auto left = parse_unary();
    for (auto next = binary_operator(current_.type); next.precedence >= precedence;
         next = binary_operator(current_.type)) {
        advance();
        auto right = parse_binary(next.precedence + 1);
        left = counted(make_binary(next.op, std::move(left), std::move(right)));
    }
    return left;
}

ExprPtr Parser::parse_unary() {
    const Nesting nesting(*this);
    if (const auto op = unary_operator(current_.type)) {
        advance();
        return counted(make_unary(*op, parse_unary()));
    }
    return parse_postfix();
}

ExprPtr Parser::parse_postfix() {
    const Nesting nesting(*this);
    auto expr = parse_primary();
    for (;;) {
        if (accept(TokenType::OpenBracket)) {
            auto index = parse_expression();
            expect(TokenType::CloseBracket, "expected ']'");
            expr = counted(make_binary(Op::Subscript, std::move(expr), std::move(index)));
        } else if (accept(TokenType::Dot)) {
            accept(TokenType::Dot);  // HTCondor reads "MY..a" as "MY.a"
            expr = counted(make_selection(std::move(expr), expect_name()));
        } else if (options_.compat != Compat::V23 && accept(TokenType::Elvis)) {
            expr = counted(make_binary(Op::Elvis, std::move(expr), parse_postfix()));
        } else {
            return expr;
        }
    }
}

ExprPtr Parser::parse_primary() {
    switch (current_.type) {
        case TokenType::Value:
        case TokenType::Integer: {
            auto value = std::move(current_.value);
            advance();
            return counted(make_literal(std::move(value)));
        }
        case TokenType::String: {
            auto text = std::move(current_.text);
            advance();
            return counted(make_literal(Value::string(std::move(text))));
        }
        case TokenType::Name:
            return parse_name();
        case TokenType::Dot:
            advance();
            return counted(make_absolute_attribute(expect_name()));
        case TokenType::OpenParenthesis: {
            advance();
            auto inner = parse_expression();
            expect(TokenType::CloseParenthesis, "expected ')'");
            return counted(make_unary(Op::Parentheses, std::move(inner)));
        }
        case TokenType::OpenBrace:
            advance();
            return counted(make_list(parse_elements(TokenType::CloseBrace, false)));
        case TokenType::OpenBracket:
            advance();
            return counted(make_ad(parse_ad_body()));
        default:
            fail_here("expected a value");
    }
}

ExprPtr Parser::parse_name() {
    const auto offset = current_.offset;
    auto name = expect_name();
    if (accept(TokenType::OpenParenthesis)) {
        return parse_call(std::move(name), offset);
    }
    return counted(make_attribute(std::move(name)));
}

// absTime("...") and relTime("...") become constants, and a bad one is a syntax error.
ExprPtr Parser::parse_call(std::string name, std::size_t offset) {
    auto arguments = parse_elements(TokenType::CloseParenthesis, true);
    const auto function = find_function(name);
    const bool absolute = function == FunctionId::AbsTime;
    if ((absolute || function == FunctionId::RelTime) && arguments.size() == 1) {
        const auto* literal = arguments[0]->as<Literal>();
        if (const auto* text = literal != nullptr ? literal->value.if_string() : nullptr) {
            const auto instant = absolute ? parse_absolute_time(*text) : std::nullopt;
            const auto span = absolute ? std::nullopt : parse_relative_time(*text);
            if (!instant && !span) {
                base::fail(base::Kind::Data, "byte {}: {}(\"...\") with a time it cannot read",
                           offset + 1, function_name(function));
            }
            return counted(make_literal(instant ? Value::absolute_time(*instant)
                                                : Value::relative_time(*span)));
        }
    }
    return counted(make_call(std::move(name), std::move(arguments)));
}

// Up to and with the closing bracket. Old ClassAds separate arguments with ';' too.
std::vector<ExprPtr> Parser::parse_elements(TokenType close, bool semicolons) {
    std::vector<ExprPtr> elements;
    if (accept(close)) {
        return elements;
    }
    do {
        elements.push_back(parse_expression());
    } while (accept(TokenType::Comma) || (semicolons && accept(TokenType::Semicolon)));
    expect(close, "expected ',' or a closing bracket");
    return elements;
}

// After the '[', up to and with the ']'.
Ad Parser::parse_ad_body() {
    Ad ad;
    for (;;) {
        while (accept(TokenType::Semicolon)) {
        }
        if (accept(TokenType::CloseBracket)) {
            return ad;
        }
        const auto offset = current_.offset;
        const auto name = expect_name();
        expect(TokenType::Assign, "expected '=' after an attribute name");
        if (notes_ != nullptr && depth_ == 0) {
            notes_->places.push_back({name, offset});
        }
        ad.insert(name, parse_expression());
        if (ad.size() > Ad::kMaxAttributes) {
            fail_here("too many attributes in one ad");
        }
        if (current_.type != TokenType::Semicolon && current_.type != TokenType::CloseBracket) {
            fail_here("expected ';' or ']'");
        }
    }
}

Ad Parser::parse_whole_ad() {
    expect(TokenType::OpenBracket, "expected '['");
    auto ad = parse_ad_body();
    if (current_.type != TokenType::End) {
        fail_here("expected the end after ']'");
    }
    return ad;
}

}  // namespace

ExprPtr parse_expr(std::string_view text, const ParseOptions& options, ParseNotes* notes) {
    return Parser(text, options, notes).parse_all();
}

Ad parse_ad(std::string_view text, const ParseOptions& options, ParseNotes* notes) {
    return Parser(text, options, notes).parse_whole_ad();
}

}  // namespace tow::classad
