// The column engine against the tree evaluator, pair by pair, on ads that do their worst.
#include "classad/evaluate.hpp"
#include "classad/expr.hpp"
#include "classad/parse.hpp"
#include "classad/unparse.hpp"
#include "match/columns.hpp"
#include "random.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace tow::match {

namespace {

using classad::Ad;
using classad::EvalOptions;
using classad::ExprPtr;
using classad::Op;
using property::Random;

constexpr base::Time kNow{std::chrono::seconds{1'795'262'400}};

// Few names, so that they meet, lead back to each other, and hide each other.
const std::vector<std::string> names{"a",      "b",       "c",     "d",    "e",
                                     "Memory", "memory",  "Site",  "List", "Requirements",
                                     "F",      "Missing", "Start", "G",    "H"};

const std::vector<std::string> special_names{
    "CurrentTime", "my",       "target", "other", "self",           "parent",
    "root",        "toplevel", "LEFT",   "lCtx",  "symmetricMatch", "leftMatchesRight",
    "ad"};

const std::vector<std::string> texts{"",      "x",     "X",    "T2_DE_DESY", "t2_de_desy", "a,b",
                                     "x, y",  "A b,C", "true", "12abc",      "1e3",        "a",
                                     "[a-c]", "é",     "x,X",  "24.0.7"};

const std::vector<std::string> numbers{"0",
                                       "1",
                                       "2",
                                       "3",
                                       "-1",
                                       "5",
                                       "4000",
                                       "9223372036854775807",
                                       "-9223372036854775808",
                                       "9007199254740993",
                                       "9007199254740992.0",
                                       "0.0",
                                       "-0.0",
                                       "1.0",
                                       "2.5",
                                       "1e308",
                                       "1e400",
                                       "real(\"NaN\")",
                                       "real(\"-INF\")",
                                       "1e-320"};

const std::vector<std::string> functions{"isUndefined",
                                         "isError",
                                         "isString",
                                         "isList",
                                         "int",
                                         "real",
                                         "string",
                                         "floor",
                                         "bool",
                                         "size",
                                         "toUpper",
                                         "time",
                                         "member",
                                         "identicalMember",
                                         "stringListMember",
                                         "stringListIMember",
                                         "stringListSubsetMatch",
                                         "stringListSize",
                                         "split",
                                         "strcat",
                                         "substr",
                                         "regexp",
                                         "regexps",
                                         "anyCompare",
                                         "ifThenElse",
                                         "ifThenElse",
                                         "quantize",
                                         "pow",
                                         "random",
                                         "eval",
                                         "unparse",
                                         "countMatches",
                                         "evalInEachContext",
                                         "max",
                                         "sum",
                                         "join",
                                         "nosuch",
                                         "versionGE",
                                         "absTime",
                                         "relTime",
                                         "splitTime",
                                         "interval",
                                         "debug",
                                         "userHome",
                                         "unresolved",
                                         "stringListsIntersect"};

const std::vector<Op> binary_operators{
    Op::Or,        Op::And,      Op::Or,           Op::And,          Op::BitAnd,
    Op::Equal,     Op::NotEqual, Op::Is,           Op::Isnt,         Op::Less,
    Op::LessEqual, Op::Greater,  Op::GreaterEqual, Op::ShiftLeft,    Op::Add,
    Op::Subtract,  Op::Multiply, Op::Divide,       Op::Modulo,       Op::Subscript,
    Op::Elvis,     Op::Or,       Op::And,          Op::GreaterEqual, Op::Equal};

class Generator {
  public:
    explicit Generator(Random& random) : random_(random) {}

    ExprPtr literal() {
        switch (random_.between(0, 9)) {
            case 0:
                return classad::make_literal(classad::Value::undefined());
            case 1:
                return classad::make_literal(classad::Value::error());
            case 2:
            case 3:
                return classad::make_literal(classad::Value::boolean(random_.chance(50)));
            case 4:
            case 5:
            case 6:
                return classad::parse_expr(random_.one_of(numbers));
            default:
                return classad::make_literal(classad::Value::string(random_.one_of(texts)));
        }
    }

    ExprPtr attribute() {
        const auto& name = random_.one_of(random_.chance(4) ? special_names : names);
        switch (random_.between(0, 11)) {
            case 0:
            case 1:
                return classad::make_selection(classad::make_attribute("MY"), name);
            case 2:
            case 3:
            case 4:
            case 5:
                return classad::make_selection(
                    classad::make_attribute(random_.chance(80) ? "TARGET" : "other"), name);
            case 6:
                return random_.chance(10) ? classad::make_absolute_attribute(name)
                                          : classad::make_attribute(name);
            default:
                return classad::make_attribute(name);
        }
    }

    ExprPtr call(int depth) {
        const auto& name = random_.one_of(functions);
        const bool three = name == "ifThenElse" || name == "anyCompare";
        const auto count = random_.chance(5)                            ? random_.between(0, 4)
                           : three                                      ? 3
                           : name == "time"                             ? 0
                           : name.starts_with("is") || name.size() <= 6 ? random_.between(1, 2)
                                                                        : random_.between(1, 3);
        std::vector<ExprPtr> arguments(static_cast<std::size_t>(count));
        std::ranges::generate(arguments, [&] { return expr(depth - 1); });
        return classad::make_call(name, std::move(arguments));
    }

    ExprPtr list(int depth) {
        std::vector<ExprPtr> elements;
        const bool plain = random_.chance(50);
        for (auto i = random_.between(0, 4); i > 0; --i) {
            elements.push_back(plain ? literal() : expr(depth - 1));
        }
        return classad::make_list(std::move(elements));
    }

    ExprPtr expr(int depth) {
        if (depth <= 0) {
            return random_.chance(55) ? attribute() : literal();
        }
        switch (random_.between(0, 19)) {
            case 0:
                return literal();
            case 1:
            case 2:
            case 3:
                return attribute();
            case 4:
            case 5:
            case 6:
                return call(depth);
            case 7:
                return list(depth);
            case 8:
                return classad::make_ternary(expr(depth - 1), expr(depth - 1), expr(depth - 1));
            case 9:
                return classad::make_unary(
                    random_.one_of<Op>({Op::Not, Op::Not, Op::Minus, Op::Plus, Op::Complement}),
                    expr(depth - 1));
            case 10:
                return classad::make_unary(Op::Parentheses, expr(depth - 1));
            case 11:
                return random_.chance(20)   ? classad::make_selection(expr(depth - 1), "a")
                       : random_.chance(20) ? classad::make_ad(ad(2))
                                            : comparison();
            case 12:
            case 13:
            case 14:
                return comparison();
            default:
                return classad::make_binary(random_.one_of(binary_operators), expr(depth - 1),
                                            expr(depth - 1));
        }
    }

    // What Requirements are made of: TARGET.Memory >= 4
    ExprPtr comparison() {
        static const std::vector<Op> operators{Op::Equal,     Op::NotEqual, Op::Less,
                                               Op::LessEqual, Op::Greater,  Op::GreaterEqual,
                                               Op::Is,        Op::Isnt};
        auto left = attribute();
        auto right = random_.chance(70) ? literal() : attribute();
        if (random_.chance(30)) {
            std::swap(left, right);
        }
        return classad::make_binary(random_.one_of(operators), std::move(left), std::move(right));
    }

    // A long chain, mostly around the recursion limit.
    ExprPtr chain() {
        auto result = expr(1);
        const auto links = random_.chance(50) ? random_.between(380, 402) : random_.between(2, 60);
        const auto op = random_.one_of<Op>({Op::Or, Op::And, Op::Add});
        for (int i = 0; i < links; ++i) {
            result = random_.chance(5) ? classad::make_unary(Op::Parentheses, std::move(result))
                                       : classad::make_binary(op, std::move(result), comparison());
        }
        return result;
    }

    Ad ad(int attributes) {
        Ad result;
        for (int i = 0; i < attributes; ++i) {
            const auto& name = random_.one_of(random_.chance(1) ? special_names : names);
            result.insert(name, random_.chance(55)  ? literal()
                                : random_.chance(5) ? list(1)
                                : random_.chance(2)
                                    ? chain()
                                    : expr(static_cast<int>(random_.between(0, 2))));
        }
        result.insert("Requirements",
                      random_.chance(4) ? chain() : expr(static_cast<int>(random_.between(1, 5))));
        return result;
    }

  private:
    Random& random_;
};

std::vector<Ad> some_ads(Random& random, std::int64_t count) {
    Generator generator(random);
    std::vector<Ad> ads;
    for (std::int64_t i = 0; i < count; ++i) {
        ads.push_back(generator.ad(static_cast<int>(random.between(0, 12))));
    }
    return ads;
}

std::vector<const Ad*> pointers(const std::vector<Ad>& ads) {
    std::vector<const Ad*> result(ads.size());
    std::ranges::transform(ads, result.begin(), [](const Ad& ad) { return &ad; });
    return result;
}

EvalOptions some_options(Random& random) {
    EvalOptions options;
    options.now = kNow;
    options.max_evaluations = 20'000;  // what goes round in circles must not take all day
    options.max_effort = 4'000'000;
    if (random.chance(25)) {
        options.compat = classad::Compat::V23;
    }
    if (random.chance(10)) {
        options.max_evaluations = random.between(1, 200);
    }
    if (random.chance(10)) {
        options.max_effort = random.between(1, 100'000);
    }
    if (random.chance(30)) {
        options.max_evaluations = classad::kMaxEvaluations;
        options.max_effort = classad::kMaxEffort;
    }
    return options;
}

classad::Truth truth_at(const Truths& truths, std::size_t row) {
    return truths.is_true.test(row)        ? classad::Truth::True
           : truths.is_undefined.test(row) ? classad::Truth::Undefined
           : truths.is_error.test(row)     ? classad::Truth::Error
                                           : classad::Truth::False;
}

}  // namespace

TEST_CASE("a pair matches in columns if it matches in the tree evaluator") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    for (int round = 0; round < 60; ++round) {
        const auto jobs = some_ads(random, random.between(1, 30));
        const auto slots = some_ads(random, random.chance(20) ? 70 : random.between(1, 30));
        const auto options = some_options(random);
        const auto found = matching_pairs(pointers(jobs), pointers(slots), options);
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            for (std::size_t j = 0; j < slots.size(); ++j) {
                if (found.test(i, j) != classad::matches(jobs[i], slots[j], options)) {
                    CAPTURE(round, found.test(i, j));
                    FAIL(classad::unparse(jobs[i]) << "\n  meets\n" << classad::unparse(slots[j]));
                }
            }
        }
    }
}

TEST_CASE("any expression is as true in columns as in the tree evaluator") {
    Random random(property::seed());
    INFO("TOW_SEED=" << property::seed());
    Generator generator(random);
    int compared = 0;
    for (int round = 0; compared < 100'000; ++round) {
        const auto rows = some_ads(random, random.chance(20) ? 130 : random.between(1, 20));
        const auto options = some_options(random);
        Columns columns(pointers(rows), options);
        for (int asked = 0; asked < 20; ++asked) {
            const auto my = generator.ad(static_cast<int>(random.between(0, 12)));
            const auto expr = random.chance(3)
                                  ? generator.chain()
                                  : generator.expr(static_cast<int>(random.between(1, 6)));
            const auto truths = columns.truths(*expr, my);
            for (std::size_t row = 0; row < rows.size(); ++row, ++compared) {
                const auto wanted = classad::evaluate_truth(*expr, &my, &rows[row], options);
                if (truth_at(truths, row) != wanted) {
                    CAPTURE(round, static_cast<int>(wanted),
                            static_cast<int>(truth_at(truths, row)), options.max_effort,
                            options.max_evaluations, static_cast<int>(options.compat));
                    FAIL(classad::unparse(*expr) << "\n  in\n"
                                                 << classad::unparse(my) << "\n  meets\n"
                                                 << classad::unparse(rows[row]));
                }
            }
        }
    }
}

}  // namespace tow::match
