#include "source/ad_values.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "classad/evaluate.hpp"

#include <charconv>
#include <cmath>

namespace tow::source {

namespace {

std::optional<classad::Value> value_of(const classad::Ad& ad, std::string_view name,
                                       base::Time now) {
    const auto* expr = ad.find(name);
    return expr == nullptr ? std::nullopt : classad::evaluate(*expr, &ad, nullptr, {.now = now});
}

std::optional<double> number_in(std::string_view text) noexcept {
    text = base::trim(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && std::isfinite(value)
               ? std::optional(value)
               : std::nullopt;
}

}  // namespace

std::optional<std::string> AdValues::text(std::string_view name) const {
    const auto value = value_of(ad_, name, now_);
    return value && value->if_string() != nullptr && !value->if_string()->empty()
               ? std::optional(base::repair_utf8(*value->if_string()))
               : std::nullopt;
}

std::optional<double> AdValues::number(std::string_view name) const {
    const auto value = value_of(ad_, name, now_);
    if (!value) {
        return std::nullopt;
    }
    if (const auto* integer = value->if_integer()) {
        return static_cast<double>(*integer);
    }
    if (const auto* real = value->if_real(); real != nullptr && std::isfinite(*real)) {
        return *real;
    }
    return value->if_string() == nullptr ? std::nullopt : number_in(*value->if_string());
}

std::optional<std::int64_t> AdValues::count(std::string_view name) const {
    constexpr double kMost = 9007199254740992.0;  // 2^53
    const auto value = number(name);
    return value && *value >= 0 && *value <= kMost
               ? std::optional(static_cast<std::int64_t>(*value))
               : std::nullopt;
}

std::optional<bool> AdValues::boolean(std::string_view name) const {
    const auto value = value_of(ad_, name, now_);
    if (!value) {
        return std::nullopt;
    }
    if (const auto* truth = value->if_boolean()) {
        return *truth;
    }
    if (const auto* word = value->if_string()) {
        return base::equal_nocase(*word, "true")    ? std::optional(true)
               : base::equal_nocase(*word, "false") ? std::optional(false)
                                                    : std::nullopt;
    }
    const auto plain = number(name);
    return plain ? std::optional(*plain != 0) : std::nullopt;
}

}  // namespace tow::source
