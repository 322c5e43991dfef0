#include "config/node.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tow::config {

namespace {

// The whole text as a number; nothing if it is not one. Leading zeros are no octal: they are
// refused.
template <class Number>
std::optional<Number> whole_number(std::string_view text) {
    const auto digits = text.starts_with('-') ? text.substr(1) : text;
    if (digits.empty() || !base::is_digit(digits[0]) ||
        (digits.size() > 1 && digits[0] == '0' && base::is_digit(digits[1]))) {
        return std::nullopt;
    }
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

bool is_null_word(std::string_view text) {
    return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

}  // namespace

std::string Origin::text() const {
    return file == nullptr ? "default" : fmt::format("{}:{}", base::printable(*file), line);
}

Node::Node() = default;

Node::Node(Kind kind, Origin origin) : kind_(kind), origin_(std::move(origin)) {}

Node::Node(const Node&) = default;

Node::Node(Node&&) noexcept = default;

Node& Node::operator=(const Node&) = default;

Node& Node::operator=(Node&&) noexcept = default;

Node::~Node() = default;

const Node* Node::find(std::string_view key) const noexcept {
    const auto found = std::ranges::find(fields_, key, &Field::key);
    return found == fields_.end() ? nullptr : &found->value;
}

void Node::reject(std::string_view why) const {
    const auto place = path_.empty()
                           ? origin_.text()
                           : fmt::format("{}: {}", origin_.text(), base::printable(path_));
    base::fail(base::Kind::Config, "{}: {}", place, why);
}

void Node::expected(std::string_view what) const {
    const auto got = kind_ == Kind::Scalar ? fmt::format("\"{}\"", base::printable(text_))
                     : kind_ == Kind::List ? "a list"
                     : kind_ == Kind::Map  ? "a map"
                                           : "nothing";
    reject(fmt::format("expected {}, got {}", what, got));
}

std::string Node::string() const {
    if (kind_ != Kind::Scalar) {
        expected("text");
    }
    return text_;
}

std::int64_t Node::integer() const {
    const auto number = kind_ == Kind::Scalar ? whole_number<std::int64_t>(text_) : std::nullopt;
    if (!number) {
        expected("an integer");
    }
    return *number;
}

double Node::real() const {
    const auto number = kind_ == Kind::Scalar ? whole_number<double>(text_) : std::nullopt;
    if (!number || !std::isfinite(*number)) {
        expected("a number");
    }
    return *number;
}

bool Node::boolean() const {
    if (kind_ != Kind::Scalar || (text_ != "true" && text_ != "false")) {
        expected("true or false");
    }
    return text_ == "true";
}

std::chrono::seconds Node::duration() const {
    const auto text = string();
    try {
        return std::chrono::ceil<std::chrono::seconds>(base::parse_duration(text));
    } catch (const base::Error& error) {
        reject(error.what());
    }
}

std::int64_t Node::bytes() const {
    const auto text = string();
    try {
        return base::parse_bytes(text);
    } catch (const base::Error& error) {
        reject(error.what());
    }
}

base::Time Node::time() const {
    const auto time = kind_ == Kind::Scalar ? base::parse_rfc3339(text_) : std::nullopt;
    if (!time) {
        expected("a time such as 2026-11-21T19:30:00Z");
    }
    return *time;
}

std::vector<std::string> Node::strings() const {
    if (kind_ == Kind::Scalar) {
        return {text_};
    }
    if (kind_ != Kind::List) {
        expected("a list");
    }
    std::vector<std::string> result;
    std::ranges::transform(items_, std::back_inserter(result), &Node::string);
    return result;
}

record::Value Node::value() const {
    if (kind_ == Kind::List) {
        record::Array array;
        std::ranges::transform(items_, std::back_inserter(array), &Node::value);
        return array;
    }
    if (kind_ == Kind::Map) {
        record::Object object;
        for (const auto& field : fields_) {
            object.append(field.key, field.value.value());
        }
        return object;
    }
    if (kind_ == Kind::Null) {
        return nullptr;
    }
    if (!quoted_ && (text_ == "true" || text_ == "false")) {
        return text_ == "true";
    }
    if (const auto number = whole_number<std::int64_t>(text_); number && !quoted_) {
        return *number;
    }
    if (const auto number = whole_number<double>(text_); number && !quoted_) {
        return *number;
    }
    return text_;
}

void Node::set_scalar(std::string text, bool quoted) {
    kind_ = !quoted && is_null_word(text) ? Kind::Null : Kind::Scalar;
    text_ = std::move(text);
    quoted_ = quoted;
}

void Node::add_item(Node node) {
    items_.push_back(std::move(node));
}

void Node::add_field(std::string key, Node node) {
    if (const auto* first = find(key)) {
        node.reject(fmt::format("the key \"{}\" stands here and in line {}", base::printable(key),
                                first->origin_.line));
    }
    fields_.push_back({std::move(key), std::move(node)});
}

void Node::append_field(std::string key, Node node) {
    fields_.push_back({std::move(key), std::move(node)});
}

Node Node::take(std::string_view key) {
    const auto found = std::ranges::find(fields_, key, &Field::key);
    return found == fields_.end() ? Node() : std::exchange(found->value, Node());
}

Node Node::take_at(std::size_t field) {
    return std::exchange(fields_[field].value, Node());
}

void Node::set_field(std::string key, Node node) {
    const auto there = std::ranges::find(fields_, key, &Field::key);
    if (there == fields_.end()) {
        fields_.push_back({std::move(key), std::move(node)});
    } else {
        there->value = std::move(node);
    }
}

void Node::set_path(const std::string& path) {
    path_ = path;
    for (auto& field : fields_) {
        field.value.set_path(path.empty() ? field.key : path + "." + field.key);
    }
    for (std::size_t i = 0; i < items_.size(); ++i) {
        items_[i].set_path(fmt::format("{}[{}]", path, i));
    }
}

void Node::merge(Node overlay) {
    if (kind_ != Kind::Map || overlay.kind_ != Kind::Map) {
        *this = std::move(overlay);
        return;
    }
    for (auto& field : overlay.fields_) {
        const auto mine = std::ranges::find(fields_, field.key, &Field::key);
        if (mine == fields_.end()) {
            fields_.push_back(std::move(field));
        } else {
            mine->value.merge(std::move(field.value));
        }
    }
}

MapReader::MapReader(const Node& map) : map_(map) {
    if (map.kind() != Node::Kind::Map && !map.is_null()) {
        map.expected("a map");
    }
}

const Node* MapReader::find(std::string_view key) {
    asked_.emplace_back(key);
    return map_.find(key);
}

const Node* MapReader::get(std::string_view key) {
    const auto* node = find(key);
    return node == nullptr || node->is_null() ? nullptr : node;
}

const Node& MapReader::require(std::string_view key) {
    const auto* node = get(key);
    if (node == nullptr) {
        map_.reject(fmt::format("the key \"{}\" is missing", key));
    }
    return *node;
}

std::optional<std::string> MapReader::string(std::string_view key) {
    const auto* node = get(key);
    return node == nullptr ? std::nullopt : std::optional{node->string()};
}

std::optional<std::int64_t> MapReader::integer(std::string_view key) {
    const auto* node = get(key);
    return node == nullptr ? std::nullopt : std::optional{node->integer()};
}

std::optional<std::int64_t> MapReader::count(std::string_view key) {
    const auto* node = get(key);
    if (node != nullptr && node->integer() < 0) {
        node->expected("an integer of at least 0");
    }
    return node == nullptr ? std::nullopt : std::optional{node->integer()};
}

std::optional<double> MapReader::real(std::string_view key) {
    const auto* node = get(key);
    return node == nullptr ? std::nullopt : std::optional{node->real()};
}

std::optional<bool> MapReader::boolean(std::string_view key) {
    const auto* node = get(key);
    return node == nullptr ? std::nullopt : std::optional{node->boolean()};
}

std::optional<std::chrono::seconds> MapReader::duration(std::string_view key) {
    const auto* node = get(key);
    return node == nullptr ? std::nullopt : std::optional{node->duration()};
}

std::optional<std::int64_t> MapReader::bytes(std::string_view key) {
    const auto* node = get(key);
    return node == nullptr ? std::nullopt : std::optional{node->bytes()};
}

std::optional<base::Time> MapReader::time(std::string_view key) {
    const auto* node = get(key);
    return node == nullptr ? std::nullopt : std::optional{node->time()};
}

void MapReader::finish() const {
    for (const auto& field : map_.fields()) {
        if (std::ranges::find(asked_, field.key) != asked_.end()) {
            continue;
        }
        const auto place = map_.path().empty() ? "" : fmt::format(" in {}", map_.path());
        const auto guess = base::nearest(field.key, asked_);
        throw base::Error(base::Kind::Config,
                          fmt::format("{}: unknown key \"{}\"{}", field.value.origin().text(),
                                      base::printable(field.key), base::printable(place)),
                          guess ? fmt::format("did you mean \"{}\"?", *guess)
                                : fmt::format("known here: {}", base::join(asked_, ", ")));
    }
}

}  // namespace tow::config
