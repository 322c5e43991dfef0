// The column engine against the tree evaluator on the expressions of strangers. The first byte
// chooses dialect and limits; then an ad, another one and an expression, a line each.
#include "base/error.hpp"
#include "classad/evaluate.hpp"
#include "classad/expr.hpp"
#include "classad/parse.hpp"
#include "match/columns.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tow::classad::Ad;
using tow::classad::EvalOptions;
using tow::classad::Truth;

void require(bool condition, const char* what, std::string_view input) {
    if (!condition) {
        std::fprintf(stderr, "%s\n%.*s\n", what, static_cast<int>(input.size()), input.data());
        std::abort();
    }
}

EvalOptions options_from(std::uint8_t choice) {
    EvalOptions options;
    options.now = tow::base::Time{std::chrono::seconds{1'795'262'400}};
    options.compat = (choice & 1U) != 0 ? tow::classad::Compat::V23 : tow::classad::Compat::V25;
    options.max_evaluations = (choice & 2U) != 0 ? 100 : 100'000;
    options.max_effort = (choice & 4U) != 0 ? 200'000 : 20'000'000;
    return options;
}

std::string_view next_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

Truth truth_at(const tow::match::Truths& truths, std::size_t row) {
    return truths.is_true.test(row)        ? Truth::True
           : truths.is_undefined.test(row) ? Truth::Undefined
           : truths.is_error.test(row)     ? Truth::Error
                                           : Truth::False;
}

void check(std::string_view text, const EvalOptions& options, std::string_view input) {
    const tow::classad::ParseOptions parse_options{tow::classad::Lexer::New, options.compat, true};
    const auto first = tow::classad::parse_ad(next_line(text), parse_options);
    const auto second = tow::classad::parse_ad(next_line(text), parse_options);
    const Ad empty;
    const std::vector<const Ad*> ads{&first, &second, &empty, &second};
    const auto found = tow::match::matching_pairs(ads, ads, options);
    for (std::size_t i = 0; i < ads.size(); ++i) {
        for (std::size_t j = 0; j < ads.size(); ++j) {
            require(found.test(i, j) == tow::classad::matches(*ads[i], *ads[j], options),
                    "a pair differs", input);
        }
    }
    const auto expr = tow::classad::parse_expr(next_line(text), parse_options);
    tow::match::Columns one({&second}, options);
    tow::match::Columns many(ads, options);
    const auto alone = one.truths(*expr, first);
    const auto together = many.truths(*expr, first);
    for (std::size_t i = 0; i < ads.size(); ++i) {
        require(truth_at(together, i) == evaluate_truth(*expr, &first, ads[i], options),
                "a row differs", input);
    }
    require(truth_at(alone, 0) == truth_at(together, 1), "one row differs from many", input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string input(data, data + size);
    try {
        check(std::string_view(input).substr(1), options_from(data[0]), input);
    } catch (const tow::base::Error&) {
        return 0;  // no ads, or no expression
    }
    return 0;
}
