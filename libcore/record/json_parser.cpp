#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include <simdjson.h>

namespace tow::record {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

// An integer or real that neither uint64, int64 nor a finite double can hold.
bool is_too_wide(std::string_view number) {
    if (number.find_first_of(".eE") == std::string_view::npos) {
        std::uint64_t magnitude = 0;
        const bool negative = number.starts_with('-');
        number.remove_prefix(negative ? 1 : 0);
        const auto result =
            std::from_chars(number.data(), number.data() + number.size(), magnitude);
        constexpr auto kLowest = std::uint64_t{1} << 63U;
        return result.ec != std::errc{} || (negative && magnitude > kLowest);
    }
    double real = 0;
    const auto result = std::from_chars(number.data(), number.data() + number.size(), real);
    return result.ec == std::errc::result_out_of_range;
}

// Puts quotes around numbers that are too wide, outside of strings.
std::string with_wide_numbers_quoted(std::string_view text) {
    std::string result;
    result.reserve(text.size() + 16);
    for (std::size_t i = 0; i < text.size();) {
        const auto start = i;
        if (text[i] == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                i += text[i] == '\\' ? 1 : 0;
            }
            i = std::min(i + 1, text.size());
            result += text.substr(start, i - start);
        } else if (text[i] == '-' || base::is_digit(text[i])) {
            i = std::min(text.find_first_not_of("0123456789+-.eE", i), text.size());
            const auto number = text.substr(start, i - start);
            const std::string_view quote = is_too_wide(number) ? "\"" : "";
            result.append(quote).append(number).append(quote);
        } else {
            result += text[i++];
        }
    }
    return result;
}

Object to_object(const simdjson::dom::object& source);

Array to_array(const simdjson::dom::array& source);

Value to_value(const element& source) {
    switch (source.type()) {
        case element_type::ARRAY:
            return to_array(source.get_array().value_unsafe());
        case element_type::OBJECT:
            return to_object(source.get_object().value_unsafe());
        case element_type::INT64:
            return source.get_int64().value_unsafe();
        case element_type::UINT64:
            return source.get_uint64().value_unsafe();
        case element_type::DOUBLE:
            return source.get_double().value_unsafe();
        case element_type::STRING:
            return std::string_view(source.get_string().value_unsafe());
        case element_type::BOOL:
            return source.get_bool().value_unsafe();
        case element_type::NULL_VALUE:
            break;
    }
    return nullptr;
}

Array to_array(const simdjson::dom::array& source) {
    Array result;
    for (const element item : source) {
        result.push_back(to_value(item));
    }
    return result;
}

void check_unique_keys(const Object& object) {
    std::unordered_set<std::string_view> seen;
    for (const auto& field : object) {
        if (!seen.insert(field.key).second) {
            base::fail(base::Kind::Data, "the key \"{}\" stands twice in one object",
                       base::printable(field.key));
        }
    }
}

Object to_object(const simdjson::dom::object& source) {
    Object result;
    for (const auto& [key, value] : source) {
        result.append(std::string(key), to_value(value));
    }
    check_unique_keys(result);
    return result;
}

}  // namespace

struct JsonParser::State {
    simdjson::dom::parser parser{kMaxDocument + kPadding};
    simdjson::padded_string repaired;  // holds the document if it had to be changed
    element root;

    simdjson::error_code parse(const char* data, std::size_t size) {
        return parser.parse(data, size, false).get(root);
    }
};

JsonParser::JsonParser() : state_(std::make_unique<State>()) {
    static_assert(kPadding >= simdjson::SIMDJSON_PADDING);
    const auto error = state_->parser.allocate(4096, kMaxDepth);
    if (error != simdjson::SUCCESS) {
        base::fail(base::Kind::Internal, "no memory for the JSON parser");
    }
}

JsonParser::JsonParser(JsonParser&&) noexcept = default;

JsonParser& JsonParser::operator=(JsonParser&&) noexcept = default;

JsonParser::~JsonParser() = default;

void JsonParser::parse_padded(std::string_view text) {
    if (text.size() > kMaxDocument) {
        base::fail(base::Kind::Data, "larger than {} MiB", kMaxDocument >> 20U);
    }
    const auto error = state_->parse(text.data(), text.size());
    if (error == simdjson::UTF8_ERROR || error == simdjson::NUMBER_ERROR) {
        parse_repaired(text);
    } else if (error != simdjson::SUCCESS) {
        base::fail(base::Kind::Data, "not JSON: {}", simdjson::error_message(error));
    }
}

void JsonParser::parse_repaired(std::string_view text) {
    const bool bad_text = !base::is_utf8(text);
    repaired_ += bad_text ? 1 : 0;
    const auto valid = bad_text ? base::repair_utf8(text) : std::string(text);
    state_->repaired = simdjson::padded_string(with_wide_numbers_quoted(valid));
    const auto error = state_->parse(state_->repaired.data(), state_->repaired.size());
    if (error != simdjson::SUCCESS) {
        base::fail(base::Kind::Data, "not JSON: {}", simdjson::error_message(error));
    }
}

std::string_view JsonParser::type() const {
    std::string_view type;
    return state_->root["type"].get(type) == simdjson::SUCCESS ? type : std::string_view{};
}

Value JsonParser::value() const {
    return to_value(state_->root);
}

Value parse_json(std::string_view text) {
    JsonParser parser;
    const simdjson::padded_string padded(text);
    parser.parse_padded(std::string_view(padded));
    return parser.value();
}

std::string minified(std::string_view json) {
    std::string result(json.size() + kPadding, '\0');
    std::size_t size = 0;
    const auto error = simdjson::minify(json.data(), json.size(), result.data(), size);
    if (error != simdjson::SUCCESS) {
        base::fail(base::Kind::Data, "not JSON: {}", simdjson::error_message(error));
    }
    result.resize(size);
    return result;
}

}  // namespace tow::record
