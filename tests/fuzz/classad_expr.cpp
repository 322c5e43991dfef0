// Expressions from strangers: whatever parses can be printed, read back and evaluated, and the copy
// means the same. The first byte chooses the dialect.
#include "base/error.hpp"
#include "classad/evaluate.hpp"
#include "classad/expr.hpp"
#include "classad/parse.hpp"
#include "classad/references.hpp"
#include "classad/unparse.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

using tow::classad::Ad;
using tow::classad::Compat;
using tow::classad::EvalOptions;
using tow::classad::ExprPtr;
using tow::classad::Lexer;
using tow::classad::ParseOptions;

void require(bool condition, const char* what, const std::string& a, const std::string& b) {
    if (!condition) {
        std::fprintf(stderr, "%s\n  %s\n  %s\n", what, a.c_str(), b.c_str());
        std::abort();
    }
}

const Ad& my_ad() {
    static const auto ad = tow::classad::parse_ad(
        R"([a = 1; b = TARGET.b + a; c = b; s = "x y"; l = {1, a, {2}, [q = a]}; n = [a = 2; m = a];
            t = absTime("2020-01-01T00:00:00Z"); f = f + 1; e = 1.5; u = undefined; x = error])");
    return ad;
}

const Ad& target_ad() {
    static const auto ad =
        tow::classad::parse_ad(R"([b = 3; q = MY.b; g = TARGET.s; h = {b, MY.b}; z = toplevel])");
    return ad;
}

// HTCondor writes "1 .x" as 1.x, which nobody can read back.
bool reads_back(const tow::classad::Expr& expr) {
    const auto* selection = expr.as<tow::classad::Attribute>();
    const auto* base = selection != nullptr && selection->base
                           ? selection->base->as<tow::classad::Literal>()
                           : nullptr;
    bool result = base == nullptr || base->value.kind() != tow::classad::Kind::Integer;
    tow::classad::for_each_child(
        expr, [&result](const tow::classad::Expr& child) { result = result && reads_back(child); });
    return result;
}

// HTCondor writes reals with 16 digits; some need 17.
bool keeps_reals(const tow::classad::Expr& expr) {
    const auto* literal = expr.as<tow::classad::Literal>();
    const auto* real = literal == nullptr ? nullptr : literal->value.if_real();
    bool result = real == nullptr || !std::isfinite(*real) ||
                  std::strtod(tow::classad::unparse(expr).c_str(), nullptr) == *real;
    tow::classad::for_each_child(expr, [&result](const tow::classad::Expr& child) {
        result = result && keeps_reals(child);
    });
    return result;
}

std::optional<std::string> value_text(const tow::classad::Expr& expr, Compat compat) {
    EvalOptions options;
    options.compat = compat;
    options.max_evaluations = 20'000;
    options.max_effort = 2'000'000;
    const auto value = tow::classad::evaluate(expr, &my_ad(), &target_ad(), options);
    return value ? std::optional(tow::classad::unparse(*value)) : std::nullopt;
}

void check(const ExprPtr& expr, Compat compat) {
    const ParseOptions options{Lexer::New, compat, true};
    const auto first = tow::classad::unparse(*expr);
    const auto copy = tow::classad::parse_expr(first, options);
    // The text of "- 5" is that of the constant -5, and -0 is written 0: a chain of minus signs can
    // get shorter each time.
    auto text = tow::classad::unparse(*copy);
    for (bool stable = false; !stable;) {
        auto next = tow::classad::unparse(*tow::classad::parse_expr(text, options));
        require(next.size() <= text.size(), "the text is not stable", text, next);
        stable = next == text;
        text = std::move(next);
    }
    // Times lose digits when they are printed, and a value can hold the text of an expression.
    if (first.find("Time") == std::string::npos && first == text && keeps_reals(*expr)) {
        const auto value = value_text(*expr, compat);
        const auto value_of_copy = value_text(*copy, compat);
        if (value && value_of_copy) {
            require(*value == *value_of_copy, "the copy has another value", *value, *value_of_copy);
        }
    }
    tow::classad::unparse(*expr, tow::classad::Style::Old);
    tow::classad::unparse(*expr, tow::classad::Style::Pretty);
    tow::classad::references(*expr, my_ad());
    tow::classad::mentions(*expr);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string text(data + 1, data + size);
    const auto compat = (data[0] & 1U) != 0 ? Compat::V23 : Compat::V25;
    const ParseOptions options{(data[0] & 2U) != 0 ? Lexer::Old : Lexer::New, compat,
                               (data[0] & 4U) == 0};
    ExprPtr expr;
    try {
        expr = tow::classad::parse_expr(text, options);
    } catch (const tow::base::Error&) {
        return 0;
    }
    if (reads_back(*expr)) {
        check(expr, compat);
    }
    return 0;
}
