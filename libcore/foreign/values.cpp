#include "foreign/values.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "classad/expr.hpp"
#include "classad/parse.hpp"
#include "classad/unparse.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

namespace tow::foreign {

namespace {

template <class Number>
std::optional<Number> whole_number(std::string_view text) noexcept {
    text = base::trim(text);
    if (text.starts_with('+')) {
        text.remove_prefix(1);
    }
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

std::optional<record::Value> plain_value(const classad::Expr& expr) {
    const auto* literal = expr.as<classad::Literal>();
    if (literal == nullptr) {
        return std::nullopt;
    }
    const auto& value = literal->value;
    if (const auto* truth = value.if_boolean()) {
        return record::Value(*truth);
    }
    if (const auto* integer = value.if_integer()) {
        return record::Value(*integer);
    }
    if (const auto* real = value.if_real(); real != nullptr && std::isfinite(*real)) {
        return record::Value(*real);
    }
    if (const auto* text = value.if_string()) {
        return record::Value(*text);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> integer_of(std::string_view text) noexcept {
    return whole_number<std::int64_t>(text);
}

std::optional<double> real_of(std::string_view text) noexcept {
    const auto number = whole_number<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<std::int64_t> positive_of(const record::Value& value) noexcept {
    constexpr double kMost = 1e15;
    const auto* text = value.string();
    const auto number = text == nullptr ? value.number() : real_of(*text);
    return number && *number >= 1 && *number <= kMost
               ? std::optional{static_cast<std::int64_t>(*number)}
               : std::nullopt;
}

std::int64_t times(std::int64_t a, std::int64_t b) noexcept {
    std::int64_t product = 0;
    return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::int64_t>::max()
                                                  : product;
}

std::optional<bool> truth_of(std::string_view text) noexcept {
    constexpr std::array<std::string_view, 4> kTrue{"true", "yes", "1", "on"};
    constexpr std::array<std::string_view, 4> kFalse{"false", "no", "0", "off"};
    const auto is = [word = base::trim(text)](auto known) {
        return base::equal_nocase(word, known);
    };
    if (std::ranges::any_of(kTrue, is)) {
        return true;
    }
    return std::ranges::any_of(kFalse, is) ? std::optional{false} : std::nullopt;
}

std::optional<std::int64_t> condor_size(std::string_view text, std::int64_t default_unit) noexcept {
    constexpr std::string_view kUnits = "bkmgtp";
    text = base::trim(text);
    const auto end =
        std::ranges::find_if(text, [](char c) { return !base::is_digit(c) && c != '.'; });
    const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    auto unit = base::trim(text.substr(digits.size()));
    if (unit.size() == 2 && base::to_lower(unit[1]) == 'b') {
        unit.remove_suffix(1);
    }
    const auto number = real_of(digits);
    if (!number || unit.size() > 1) {
        return std::nullopt;
    }
    auto factor = static_cast<double>(default_unit);
    if (!unit.empty()) {
        const auto power = kUnits.find(base::to_lower(unit[0]));
        if (power == std::string_view::npos) {
            return std::nullopt;
        }
        factor = std::pow(1024.0, static_cast<double>(power));
    }
    const auto bytes = *number * factor;
    return bytes < 9e18 ? std::optional{static_cast<std::int64_t>(bytes)} : std::nullopt;
}

std::optional<std::chrono::seconds> batch_duration(std::string_view text) noexcept {
    constexpr std::array<std::int64_t, 4> kUnits{1, 60, 3600, 86400};  // from behind
    text = base::trim(text);
    std::string fields(text);
    const bool has_days = std::ranges::count(fields, '-') == 1;
    std::ranges::replace(fields, '-', ':');
    const auto parts = base::split(fields, ':');
    if (parts.empty() || parts.size() > kUnits.size() ||
        static_cast<std::size_t>(std::ranges::count(fields, ':')) + 1 != parts.size()) {
        return std::nullopt;
    }
    // Behind a day, and only there, hours come first: "1-12" is a day and a half. A bare number is
    // minutes.
    const std::size_t unit = has_days ? 3 : parts.size() == 1 ? 1 : parts.size() - 1;
    std::int64_t seconds = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = integer_of(parts[i]);
        constexpr std::int64_t kMost = 1'000'000'000;
        if (!number || *number < 0 || *number > kMost || i > unit) {
            return std::nullopt;
        }
        seconds += *number * kUnits.at(unit - i);
    }
    return std::chrono::seconds(seconds);
}

std::string without_xml_entities(std::string_view text) {
    struct Entity {
        std::string_view name;
        char character;
    };
    constexpr std::array<Entity, 5> kEntities{
        {{"&quot;", '"'}, {"&apos;", '\''}, {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
    std::string result;
    while (!text.empty()) {
        const auto* found = std::ranges::find_if(
            kEntities, [text](const auto& entity) { return text.starts_with(entity.name); });
        result += found == kEntities.end() ? text.front() : found->character;
        text.remove_prefix(found == kEntities.end() ? 1 : found->name.size());
    }
    return result;
}

std::optional<AdText> ad_text(std::string_view text) {
    try {
        const auto expr = classad::parse_expr(text, {.lexer = classad::Lexer::Old});
        if (auto plain = plain_value(*expr)) {
            return AdText{std::move(plain), {}};
        }
        return AdText{std::nullopt, classad::unparse(*expr)};
    } catch (const base::Error&) {
        return std::nullopt;
    }
}

bool set_ad_text(const std::string& name, std::string_view text, record::Object& plain,
                 record::Object& expressions) {
    auto value = ad_text(text);
    if (!value) {
        return false;
    }
    if (value->plain) {
        plain.set(name, std::move(*value->plain));
    } else {
        expressions.set(name, value->expression);
    }
    return true;
}

std::string text_at(const record::Object& object, std::string_view key) {
    const auto* value = object.find(key);
    const auto* text = value == nullptr ? nullptr : value->string();
    return text == nullptr ? "" : *text;
}

std::optional<std::int64_t> count_at(const record::Object& object, std::string_view key) {
    const auto* value = object.find(key);
    return value == nullptr ? std::nullopt : positive_of(*value);
}

}  // namespace tow::foreign
