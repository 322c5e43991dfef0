#include "classad/parse.hpp"

#include "base/error.hpp"
#include "classad/expr.hpp"
#include "classad/unparse.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace tow::classad {

namespace {

std::string again(std::string_view text, const ParseOptions& options = {}) {
    return unparse(*parse_expr(text, options));
}

std::string problem(std::string_view text, const ParseOptions& options = {}) {
    try {
        parse_expr(text, options);
    } catch (const base::Error& error) {
        CHECK(error.kind() == base::Kind::Data);
        return error.what();
    }
    return "";
}

// How the operators group, with parentheses around everything.
std::string grouped(const Expr& expr) {
    const auto* operation = expr.as<Operation>();
    if (operation == nullptr) {
        return unparse(expr);
    }
    std::string text = "(";
    for (int i = 0; i < operand_count(operation->op); ++i) {
        text += i > 0 ? " " : "";
        text += i == 1 || operand_count(operation->op) == 1 ? op_text(operation->op) : "";
        text += grouped(*operation->operands[static_cast<std::size_t>(i)]);
    }
    return text + ")";
}

std::string grouping(std::string_view text, Compat compat = Compat::V25) {
    return grouped(*parse_expr(text, {Lexer::New, compat, true}));
}

ParseOptions old_dialect() {
    return {Lexer::Old, Compat::V25, true};
}

}  // namespace

TEST_CASE("a syntax error says what is wrong and at which byte") {
    CHECK(problem("1 +") == "byte 4: expected a value, but the text ends");
    CHECK(problem("a b") == "byte 3: expected an operator or the end");
    CHECK(problem("007") == "byte 1: a number with a leading zero");
    CHECK(problem("x == \"abc") == "byte 6: a string that does not end");
    CHECK(problem("f(1") == "byte 4: expected ',' or a closing bracket, but the text ends");
    CHECK(problem("[a == 1]") == "byte 4: expected '=' after an attribute name");
    CHECK(problem("1 /* and so on") == "byte 3: a comment that does not end");
    CHECK(problem("a $ b") == "byte 3: a character that means nothing here");
    CHECK(problem("relTime(\"soon\")") == "byte 1: relTime(\"...\") with a time it cannot read");
}

TEST_CASE("a minus sign belongs to a number only where no operand can end") {
    CHECK(again("5 -3") == "5 - 3");
    CHECK(again("(5)-3") == "(5) - 3");
    CHECK(again("a -3") == "a - 3");
    CHECK(again("2 * -3") == "2 * -3");
    CHECK(again("- 3") == " -3");
    CHECK(parse_expr("-3")->as<Literal>() != nullptr);
    CHECK(parse_expr("- 3")->as<Operation>() != nullptr);
}

TEST_CASE("operators bind as in C, but elvis binds like a subscript since 23.10") {
    CHECK(grouping("a || b && c | d ^ e & f == g < h << i + j * k") ==
          "(a ||(b &&(c |(d ^(e &(f ==(g <(h <<(i +(j *k))))))))))");
    CHECK(grouping("a - b - c") == "((a -b) -c)");
    CHECK(grouping("a ? b : c ? d : e") == "(a b (c d e))");
    CHECK(grouping("a ?: b + 1") == "((a ?:b) +1)");
    CHECK(grouping("a ?: b + 1", Compat::V23) == "(a ?:(b +1))");
    CHECK(grouping("a ?: b ?: c") == "(a ?:(b ?:c))");
    CHECK(grouping("-u ?: 3") == "(-(u ?:3))");
    CHECK(problem("a ?: !b") == "byte 6: expected a value");
    CHECK(grouping("a ?: !b", Compat::V23) == "(a ?:(!b))");
}

TEST_CASE("the two lexers differ in strings") {
    CHECK(again(R"("C:\dir\\")") == R"("C:dir\\")");
    CHECK(again(R"("C:\dir\")", old_dialect()) == R"("C:\\dir\\")");
    CHECK(again(R"("a\"b\n")", old_dialect()) == R"("a\"b\\n")");
    CHECK(again(R"("a" "b")") == R"("ab")");
    CHECK(problem(R"("a" "b")", old_dialect()) == "byte 5: expected an operator or the end");
    CHECK(again(R"("\101\400\8")") == R"("A 08")");
    CHECK(problem(R"("a\0b")") == "byte 1: a string with a NUL in it");
}

TEST_CASE("notes tell what HTCondor accepts without a word") {
    ParseNotes notes;
    CHECK(unparse(*parse_expr("a + 9223372036854775808", {}, &notes)) == "a + 0");
    CHECK(notes.zeroed_integers == std::vector<std::size_t>{4});
    CHECK(notes.ignored_texts.empty());
    CHECK(unparse(*parse_expr("true ? 1 : 2 junk", {}, &notes)) == "true ? 1 : 2");
    CHECK(notes.ignored_texts == std::vector<std::size_t>{13});
    notes = {};
    CHECK(unparse(*parse_expr("1 junk", {Lexer::Old, Compat::V25, false}, &notes)) == "1");
    CHECK(notes.ignored_texts == std::vector<std::size_t>{2});
}

TEST_CASE("nesting is limited as in HTCondor") {
    const auto nested = [](int depth, char open, const std::string& inner, char close) {
        const auto count = static_cast<std::size_t>(depth);
        return std::string(count, open) + inner + std::string(count, close);
    };
    CHECK(problem(nested(165, '(', "1", ')')).empty());
    CHECK(problem(nested(166, '(', "1", ')')) == "byte 167: nested too deep");
    CHECK(problem(nested(166, '{', "", '}')).empty());
    CHECK(problem(nested(167, '{', "", '}')) == "byte 167: nested too deep");
    CHECK(problem(std::string(497, '!') + "true").empty());
    CHECK(problem(std::string(498, '!') + "true") == "byte 499: nested too deep");
    CHECK(problem(nested(100'000, '(', "1", ')')) == "byte 167: nested too deep");
}

TEST_CASE("a chain of operators may be long, and is torn down without recursion") {
    std::string chain = "a";
    for (int i = 0; i < 50'000; ++i) {
        chain += "+a";
    }
    const auto expr = parse_expr(chain);
    CHECK(expr->height() == 50'001);
    CHECK(unparse(*expr).size() == chain.size() + 100'000);
    std::string selections = "a";
    for (int i = 0; i < 50'000; ++i) {
        selections += i % 2 == 0 ? ".b" : "[0]";
    }
    CHECK(unparse(*parse_expr(selections)) == selections);
}

TEST_CASE("an expression may have a million nodes and not more") {
    std::string list = "{0";
    for (int i = 0; i < 1'000'000; ++i) {
        list += ",0";
    }
    CHECK(problem(list + "}").find("more than a million terms") != std::string::npos);
}

TEST_CASE("a constant time is read once; a relative one evaluates to a number") {
    CHECK(again("absTime(\"2020-02-29T12:34:56+01:00\")") ==
          "absTime(\"2020-02-29T12:34:56+01:00\")");
    CHECK(again("RELTIME(\"1d2h\")") == "relTime(\"1+02:00:00\")");
    CHECK(again("relTime(5)") == "relTime(5)");
}

TEST_CASE("the old style writes what stands in -long output") {
    const auto text = [](std::string_view expr) { return unparse(*parse_expr(expr), Style::Old); };
    CHECK(text("x =?= undefined && y isnt \"a\\\\b\\\"c\"") ==
          R"(x =?= undefined && y =!= "a\b\"c")");
    CHECK(text("{0.1, 100.0, 1e20}") == "{ 0.1,100.0,1E+20 }");
}

}  // namespace tow::classad
