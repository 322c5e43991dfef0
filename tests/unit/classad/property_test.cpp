// Random expressions and ads. The seed is printed when something fails; TOW_SEED repeats it.
#include "classad/evaluate.hpp"
#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/parse.hpp"
#include "classad/unparse.hpp"

#include <array>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include <catch2/catch.hpp>

namespace tow::classad {

namespace {

std::uint64_t seed() {
    // The tests run in one thread.
    const char* text = std::getenv("TOW_SEED");  // NOLINT(concurrency-mt-unsafe)
    return text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device{}();
}

// Trees without times (their text loses digits) and without minus signs before numbers (whose text
// is that of a constant), so that text and tree stand for each other.
class Generator {
  public:
    explicit Generator(std::uint64_t start) : random_(start) {}

    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
    }

    ExprPtr expr(int depth) {
        if (depth == 0) {
            return below(2) == 0 ? make_literal(constant()) : make_attribute(name());
        }
        switch (below(8)) {
            case 0:
                return make_unary(Op::Parentheses, expr(depth - 1));
            case 1:
                return make_unary(Op::Not, primary(depth - 1));
            case 2:
                return make_binary(operators_[below(operators_.size())], primary(depth - 1),
                                   primary(depth - 1));
            case 3:
                return make_ternary(primary(depth - 1), primary(depth - 1), primary(depth - 1));
            case 4:
                return make_binary(Op::Elvis, primary(depth - 1), primary(depth - 1));
            case 5:
                return make_binary(Op::Subscript, primary(depth - 1), expr(depth - 1));
            case 6:
                return make_selection(make_attribute(below(2) == 0 ? "MY" : "TARGET"), name());
            default:
                return primary(depth);
        }
    }

    Ad ad(int depth) {
        Ad result;
        for (auto left = below(6); left > 0; --left) {
            result.insert(name(), expr(depth));
        }
        return result;
    }

  private:
    // What can be an operand of anything without parentheses.
    ExprPtr primary(int depth) {
        if (depth <= 0) {
            return expr(0);
        }
        switch (below(4)) {
            case 0:
                return make_unary(Op::Parentheses, expr(depth - 1));
            case 1:
                return make_call(below(2) == 0 ? "strcat" : "member", expressions(depth - 1));
            case 2:
                return make_list(expressions(depth - 1));
            default:
                return make_ad(ad(depth - 1));
        }
    }

    std::vector<ExprPtr> expressions(int depth) {
        std::vector<ExprPtr> list;
        for (auto left = below(4); left > 0; --left) {
            list.push_back(expr(depth));
        }
        return list;
    }

    std::string name() {
        static const std::array<std::string, 7> names{"a",    "Bcd", "RequestCpus", "x_1",
                                                      "it's", "is",  "a b\n"};
        return names[below(names.size())];
    }

    Value constant() {
        switch (below(7)) {
            case 0:
                return Value::undefined();
            case 1:
                return Value::error();
            case 2:
                return Value::boolean(below(2) == 0);
            case 3:
                return Value::integer(static_cast<std::int64_t>(random_()));
            case 4:
                return Value::real(std::uniform_real_distribution<double>(-1e6, 1e6)(random_));
            case 5:
                return Value::integer(std::numeric_limits<std::int64_t>::min());
            default:
                return Value::string(text());
        }
    }

    std::string text() {
        std::string result;
        for (auto left = below(12); left > 0; --left) {
            result += static_cast<char>(1 + below(255));
        }
        return result;
    }

    std::mt19937_64 random_;
    std::array<Op, 9> operators_{Op::Or,  Op::And,  Op::Equal,     Op::Is,    Op::Isnt,
                                 Op::Add, Op::Less, Op::ShiftLeft, Op::Modulo};
};

// Short enough for one second under the sanitisers.
constexpr int kRounds = 400;
constexpr int kDepth = 4;

}  // namespace

TEST_CASE("what is printed and read again is printed the same") {
    const auto start = seed();
    INFO("TOW_SEED=" << start);
    Generator generator(start);
    for (int i = 0; i < kRounds; ++i) {
        const auto expr = generator.expr(kDepth);
        const auto text = unparse(*expr);
        CHECK(unparse(*parse_expr(text)) == text);
    }
}

TEST_CASE("what is printed and read again has the same value") {
    const auto start = seed();
    INFO("TOW_SEED=" << start);
    Generator generator(start);
    for (int i = 0; i < kRounds; ++i) {
        const auto my = generator.ad(2);
        const auto target = generator.ad(2);
        const auto expr = generator.expr(kDepth);
        const auto value = evaluate(*expr, &my, &target);
        const auto again = evaluate(*parse_expr(unparse(*expr)), &my, &target);
        REQUIRE(value.has_value() == again.has_value());
        CHECK((!value || unparse(*value) == unparse(*again)));
    }
}

TEST_CASE("every format gives back the ad that was written") {
    const auto start = seed();
    INFO("TOW_SEED=" << start);
    Generator generator(start);
    for (int i = 0; i < kRounds; ++i) {
        const auto ad = generator.ad(3);
        const auto text = unparse(ad);
        CHECK(unparse(parse_ad(text)) == text);
        CHECK(unparse(read_json(write_json(ad))) == text);
    }
}

TEST_CASE("-long and XML give back every ad that they can hold") {
    const auto start = seed();
    INFO("TOW_SEED=" << start);
    Generator generator(start);
    int compared = 0;
    for (int i = 0; i < kRounds; ++i) {
        const auto ad = generator.ad(2);
        const auto text = unparse(ad);
        const auto as_long = write_long(ad);
        // Old syntax has no escapes; a backslash before a quote is read as something else.
        if (text.find('\\') == std::string::npos) {
            CHECK(unparse(read_long(as_long)) == text);
            ++compared;
        }
        // XML has no way to write control characters in a name.
        const auto xml = write_xml(ad);
        if (xml.find('\n') == std::string::npos) {
            read_xml(xml, [&text](const Ad& copy) { CHECK(unparse(copy) == text); });
        }
    }
    CHECK(compared > 0);
}

}  // namespace tow::classad
