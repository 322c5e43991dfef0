#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
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

Value to_value(const element& source);

Array to_array(const simdjson::dom::array& source) {
    Array result;
    result.reserve(source.size());
    for (const element item : source) {
        result.push_back(to_value(item));
    }
    return result;
}

Object to_object(const simdjson::dom::object& source) {
    Object result;
    result.reserve(source.size());
    for (const auto& [key, value] : source) {
        result.append(std::string(key), to_value(value));
    }
    return result;
}

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

// A bit that equal keys share and others mostly do not.
std::uint64_t bit_of(std::string_view key) {
    const auto ends = key.empty() ? 0U
                                  : 7U * static_cast<unsigned char>(key.front()) +
                                        31U * static_cast<unsigned char>(key.back());
    return std::uint64_t{1} << ((key.size() + ends) % 64);
}

bool stands_before(const simdjson::dom::object& object, std::string_view key) {
    for (const auto& field : object) {
        if (field.key == key) {
            return field.key.data() != key.data();
        }
    }
    return false;
}

// A key that stands in the object before, if there is one.
std::optional<std::string_view> repeated_key(const simdjson::dom::object& object) {
    constexpr std::size_t kFew = 32;
    const bool many = object.size() > kFew;
    std::unordered_set<std::string_view> keys;  // if they are many
    std::uint64_t bits = 0;
    for (const auto& field : object) {
        const auto bit = bit_of(field.key);
        const bool may_repeat = (bits & bit) != 0;
        if (many ? !keys.insert(field.key).second
                 : may_repeat && stands_before(object, field.key)) {
            return field.key;
        }
        bits |= bit;
    }
    return std::nullopt;
}

void check_unique_keys(const element& source) {
    if (source.is_array()) {
        const simdjson::dom::array array = source.get_array().value_unsafe();
        for (const element item : array) {
            check_unique_keys(item);
        }
    }
    if (!source.is_object()) {
        return;
    }
    const simdjson::dom::object object = source.get_object().value_unsafe();
    for (const auto& field : object) {
        check_unique_keys(field.value);
    }
    if (const auto key = repeated_key(object)) {
        base::fail(base::Kind::Data, "the key \"{}\" stands twice in one object",
                   base::printable(*key));
    }
}

// simdjson keeps an element as two words; a View does as well.
element element_of(const View& view) {
    static_assert(sizeof(View) == sizeof(element));
    return std::bit_cast<element>(view);
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

View JsonParser::root() const {
    check_unique_keys(state_->root);
    return std::bit_cast<View>(state_->root);
}

bool View::is_null() const noexcept {
    return document_ == nullptr || element_of(*this).is_null();
}

bool View::is_array() const noexcept {
    return document_ != nullptr && element_of(*this).is_array();
}

bool View::is_object() const noexcept {
    return document_ != nullptr && element_of(*this).is_object();
}

bool View::is_number() const noexcept {
    return document_ != nullptr && element_of(*this).is_number();
}

std::optional<std::int64_t> View::integer() const noexcept {
    return is_number() ? value().integer() : std::nullopt;
}

std::optional<double> View::number() const noexcept {
    return is_number() ? value().number() : std::nullopt;
}

std::optional<std::string_view> View::string() const noexcept {
    std::string_view text;
    return document_ != nullptr && element_of(*this).get(text) == simdjson::SUCCESS
               ? std::optional{text}
               : std::nullopt;
}

View View::find(std::string_view key) const noexcept {
    element found;
    return is_object() && element_of(*this).at_key(key).get(found) == simdjson::SUCCESS
               ? std::bit_cast<View>(found)
               : View();
}

std::vector<View> View::elements() const {
    std::vector<View> result;
    if (is_array()) {
        const simdjson::dom::array array = element_of(*this).get_array().value_unsafe();
        result.reserve(array.size());
        for (const element item : array) {
            result.push_back(std::bit_cast<View>(item));
        }
    }
    return result;
}

Value View::value() const {
    return document_ == nullptr ? nullptr : to_value(element_of(*this));
}

Document::Document(std::string_view text) {
    const simdjson::padded_string padded(text);
    parser_.parse_padded(std::string_view(padded));
    root_ = parser_.root();
}

Value parse_json(std::string_view text) {
    return Document(text).root().value();
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
