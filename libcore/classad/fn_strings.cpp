// Functions of strings and versions.
#include "base/text.hpp"
#include "classad/builtins.hpp"
#include "classad/functions.hpp"
#include "classad/numbers.hpp"

#include <algorithm>

namespace tow::classad {

namespace {

// The arguments as text; an error or undefined one, whichever comes first, is the answer instead.
struct Texts {
    std::vector<std::string> values;
    std::optional<Value> answer;
};

Texts texts_of(const Invocation& call) {
    Texts texts;
    for (std::size_t i = 0; i < call.count() && !texts.answer; ++i) {
        auto value = call.argument(i);
        if (value.is_undefined() || value.is_error()) {
            texts.answer = value;
        } else {
            texts.values.push_back(text_from(call.evaluator, value));
        }
    }
    return texts;
}

std::string_view digits_from(std::string_view text, std::size_t start) noexcept {
    auto end = start;
    while (end < text.size() && base::is_digit(text[end])) {
        ++end;
    }
    return text.substr(start, end - start);
}

// The last digit is a number even if it is 0.
std::int64_t leading_zeros(std::string_view digits) noexcept {
    const auto first = digits.find_first_not_of('0');
    return static_cast<std::int64_t>(std::min(first, digits.size() - 1));
}

std::int64_t byte_at(std::string_view text, std::size_t index) noexcept {
    return index < text.size() ? static_cast<unsigned char>(text[index]) : 0;
}

// Text with numbers in it: 8.9 before 8.10, 007 before 07 before 7. HTCondor answers with whatever
// difference decided, not with its sign.
std::int64_t natural_difference(std::string_view a, std::string_view b) noexcept {
    const auto limit = std::min(a.size(), b.size());
    std::size_t at = 0;
    while (at < limit && a[at] == b[at]) {
        ++at;
    }
    auto start = at;
    while (start > 0 && base::is_digit(a[start - 1])) {
        --start;
    }
    const auto bytes = byte_at(a, at) - byte_at(b, at);
    const auto x = digits_from(a, start);
    const auto y = digits_from(b, start);
    if (x.empty() || y.empty()) {
        return bytes;
    }
    if (leading_zeros(x) != leading_zeros(y)) {
        return leading_zeros(y) - leading_zeros(x);
    }
    if (leading_zeros(x) > 0 || x.size() == y.size()) {
        return bytes;  // digits after a zero count like those of a fraction
    }
    return static_cast<std::int64_t>(x.size()) - static_cast<std::int64_t>(y.size());
}

bool version_holds(FunctionId function, std::int64_t difference) noexcept {
    switch (function) {
        case FunctionId::VersionEQ:
            return difference == 0;
        case FunctionId::VersionGE:
            return difference >= 0;
        case FunctionId::VersionGT:
            return difference > 0;
        case FunctionId::VersionLE:
            return difference <= 0;
        default:
            return difference < 0;
    }
}

// Before 23.10 HTCondor knew these functions in one spelling only.
bool known_spelling(const Invocation& call) noexcept {
    return call.evaluator.options().compat != Compat::V23 ||
           call.function() == FunctionId::VersionCmp ||
           call.call.name == function_name(call.function());
}

}  // namespace

Value call_strcat(const Invocation& call) {
    std::string result;
    for (std::size_t i = 0; i < call.count(); ++i) {
        auto value = call.argument(i);
        if (value.is_undefined() || value.is_error()) {
            return value;
        }
        result += text_from(call.evaluator, value);
    }
    return Value::string(std::move(result));
}

// join(separator, item, ...), join(separator, list) or join(list).
Value call_join(const Invocation& call) {
    if (call.count() == 0) {
        return Value::string("");
    }
    const auto last = call.argument(call.count() - 1);
    const auto* list = call.count() <= 2 ? last.if_list() : nullptr;
    auto separator = call.count() == 1 && list != nullptr ? Value::undefined() : call.argument(0);
    if (separator.is_error()) {
        return separator;
    }
    const auto between = separator.is_undefined() ? "" : text_from(call.evaluator, separator);
    const auto items = list != nullptr ? list->size() : call.count() - 1;
    std::string result;
    for (std::size_t i = 0; i < items && !call.evaluator.failed(); ++i) {
        auto item = list != nullptr ? call.evaluator.element(*list, i) : call.argument(i + 1);
        if (item.is_error()) {
            return item;
        }
        if (!item.is_undefined()) {
            call.evaluator.spend(between.size());
            result += result.empty() ? "" : between;
            result += text_from(call.evaluator, item);
        }
    }
    return Value::string(std::move(result));
}

Value call_substr(const Invocation& call) {
    const auto arguments = call.all();
    if (const auto answer = error_or_undefined(arguments)) {
        return *answer;
    }
    const auto* text = arguments[0].if_string();
    const auto* from = arguments[1].if_integer();
    const auto* count = arguments.size() > 2 ? arguments[2].if_integer() : nullptr;
    if (text == nullptr || from == nullptr || (arguments.size() > 2 && count == nullptr)) {
        return Value::error();
    }
    const auto size = static_cast<std::int64_t>(text->size());
    std::int64_t start = wrap_int32(*from);
    start = std::clamp(start < 0 ? size + start : start, std::int64_t{0}, size);
    const auto rest = size - start;
    std::int64_t length = count != nullptr ? wrap_int32(*count) : rest;
    length = std::clamp(length < 0 ? rest + length : length, std::int64_t{0}, rest);
    return Value::string(
        text->substr(static_cast<std::size_t>(start), static_cast<std::size_t>(length)));
}

Value call_change_case(const Invocation& call) {
    auto texts = texts_of(call);
    if (texts.answer) {
        return *texts.answer;
    }
    auto& text = texts.values[0];
    const auto to_upper = [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    };
    if (call.function() == FunctionId::ToUpper) {
        std::ranges::transform(text, text.begin(), to_upper);
    } else {
        std::ranges::transform(text, text.begin(), base::to_lower);
    }
    return Value::string(std::move(text));
}

Value call_strcmp(const Invocation& call) {
    const auto texts = texts_of(call);
    if (texts.answer) {
        return *texts.answer;
    }
    auto a = texts.values[0];
    auto b = texts.values[1];
    if (call.function() == FunctionId::Stricmp) {
        a = base::lower(a);
        b = base::lower(b);
    }
    const int order = a.compare(b);
    return Value::integer(order < 0 ? -1 : order > 0 ? 1 : 0);
}

Value call_version_compare(const Invocation& call) {
    if (!known_spelling(call)) {
        return Value::error();
    }
    const auto texts = texts_of(call);
    if (texts.answer) {
        return *texts.answer;
    }
    const auto difference = natural_difference(texts.values[0], texts.values[1]);
    return call.function() == FunctionId::VersionCmp
               ? Value::integer(difference)
               : Value::boolean(version_holds(call.function(), difference));
}

// Undefined limits make it undefined, but an undefined version is an error.
Value call_version_in_range(const Invocation& call) {
    if (call.argument(0).is_undefined()) {
        return Value::error();
    }
    const auto texts = texts_of(call);
    if (texts.answer) {
        return *texts.answer;
    }
    const auto& version = texts.values[0];
    return Value::boolean(natural_difference(texts.values[1], version) <= 0 &&
                          natural_difference(version, texts.values[2]) <= 0);
}

}  // namespace tow::classad
