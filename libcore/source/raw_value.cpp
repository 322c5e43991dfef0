#include "source/raw_value.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "classad/formats.hpp"
#include "classad/parse.hpp"

#include <cmath>

namespace tow::source {

namespace {

constexpr std::int64_t kExact = std::int64_t{1} << 53U;

// Undefined, error and times are known to ClassAds only.
void set_literal(const classad::Value& value, Decoded& result) {
    if (const auto* truth = value.if_boolean()) {
        result.literal = *truth;
    } else if (const auto* integer = value.if_integer();
               integer != nullptr && *integer >= -kExact && *integer <= kExact) {
        result.literal = *integer;
    } else if (const auto* real = value.if_real(); real != nullptr && std::isfinite(*real)) {
        result.literal = *real;
    } else if (const auto* text = value.if_string()) {
        result.is_repaired = !base::is_utf8(*text);
        result.literal = base::repair_utf8(*text);
    }
}

classad::ExprPtr parse(std::string_view raw, ValueSyntax syntax) {
    switch (syntax) {
        case ValueSyntax::Json:
            // One attribute makes an object; the complete reader knows what `\/Expr(` means.
            return classad::read_json(fmt::format("{{\"x\":{}}}", raw)).get("x");
        case ValueSyntax::Old:
            return classad::read_long_value(raw);
        case ValueSyntax::New:
            break;
    }
    return classad::parse_expr(raw);
}

}  // namespace

std::optional<double> number_of(const classad::Expr& expr) {
    const auto* literal = expr.as<classad::Literal>();
    if (literal == nullptr) {
        return std::nullopt;
    }
    if (const auto* integer = literal->value.if_integer()) {
        return static_cast<double>(*integer);
    }
    const auto* real = literal->value.if_real();
    return real == nullptr || std::isnan(*real) ? std::nullopt : std::optional{*real};
}

Decoded decode(std::string_view raw, ValueSyntax syntax) {
    Decoded result;
    try {
        result.expr = parse(raw, syntax);
    } catch (const base::Error&) {
        result.expr = classad::make_literal(classad::Value::error());
        result.is_broken = true;
    }
    if (const auto* literal = result.expr->as<classad::Literal>()) {
        set_literal(literal->value, result);
    }
    return result;
}

}  // namespace tow::source
