#include "source/ad_batch.hpp"

#include "base/stop.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "classad/question.hpp"
#include "record/input.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <optional>

namespace tow::source {

namespace {

// No JSON library takes a lone surrogate. On the way through ours, byte 0xNN is the private
// character U+10FENN: "\udbff\udeNN" in JSON, F4 8F BA 80 to F4 8F BB BF in UTF-8.
constexpr std::string_view kHidden = "\xF4\x8F";

bool is_surrogate(std::string_view escape, char first, char last) noexcept {
    const char third = escape.size() >= 6 ? base::to_lower(escape[3]) : '\0';
    return escape.size() >= 6 && escape[1] == 'u' && base::to_lower(escape[2]) == 'd' &&
           third >= first && third <= last;
}

std::string hide_lone_surrogates(std::string_view json) {
    std::string result;
    result.reserve(json.size() + 16);
    for (std::size_t i = 0; i < json.size();) {
        const auto rest = json.substr(i);
        const std::size_t length = json[i] != '\\' ? 1 : 2;
        if (length == 1) {
            result += json[i];
        } else if (is_surrogate(rest, '8', 'b') && rest.size() > 6 && rest[6] == '\\' &&
                   is_surrogate(rest.substr(6), 'c', 'f')) {
            result += rest.substr(0, 12);
            i += 12 - length;
        } else if (is_surrogate(rest, 'c', 'c')) {
            result += "\\udbff\\ude";
            result += rest.substr(4, 2);
            i += 6 - length;
        } else {
            result += rest.substr(0, length);
        }
        i += length;
    }
    return result;
}

bool is_hidden(std::string_view utf8) noexcept {
    return utf8.size() >= 4 && utf8.starts_with(kHidden) &&
           (utf8[2] == '\xBA' || utf8[2] == '\xBB');
}

unsigned hidden_byte(std::string_view utf8) noexcept {
    return (utf8[2] == '\xBA' ? 0x80U : 0xC0U) | (static_cast<unsigned char>(utf8[3]) & 0x3FU);
}

// Calls put(byte) for every hidden byte and keeps the rest.
template <class Put>
std::string with_hidden(std::string_view text, Put put) {
    std::string result;
    std::size_t from = 0;
    for (auto at = text.find(kHidden); at != std::string_view::npos; at = text.find(kHidden, at)) {
        if (!is_hidden(text.substr(at))) {
            ++at;
            continue;
        }
        result += text.substr(from, at - from);
        put(result, hidden_byte(text.substr(at)));
        at += 4;
        from = at;
    }
    return result.append(text.substr(from));
}

std::string bytes_of(std::string_view text) {
    return with_hidden(text,
                       [](std::string& out, unsigned byte) { out += static_cast<char>(byte); });
}

std::string text_of(std::string_view bytes) {
    std::string result;
    while (!bytes.empty()) {
        const auto good = base::valid_utf8_prefix(bytes);
        result += bytes.substr(0, good);
        if (good == bytes.size()) {
            break;
        }
        const auto byte = static_cast<unsigned char>(bytes[good]);
        result += kHidden;
        result += byte < 0xC0 ? '\xBA' : '\xBB';
        result += static_cast<char>(0x80U | (byte & 0x3FU));
        bytes.remove_prefix(good + 1);
    }
    return result;
}

class Batch {
  public:
    explicit Batch(const classad::EvalOptions& options) : options_(options) {}

    // Error{Data} without a place.
    std::string answer_line(std::string_view line);

  private:
    const classad::EvalOptions& options_;
    record::JsonParser parser_;
    std::string padded_;
};

std::string field(const record::Object& object, std::string_view name, std::string fallback) {
    const auto* value = object.find(name);
    if (value == nullptr) {
        return fallback;
    }
    if (value->string() == nullptr) {
        base::fail(base::Kind::Data, "field \"{}\": expected a string, got {}", name,
                   value->kind_name());
    }
    return bytes_of(*value->string());
}

std::string Batch::answer_line(std::string_view line) {
    padded_ = hide_lone_surrogates(line);
    const auto size = padded_.size();
    padded_.resize(size + record::kPadding);
    parser_.parse_padded(std::string_view(padded_).substr(0, size));
    auto value = parser_.value();
    auto* object = value.object();
    if (object == nullptr) {
        base::fail(base::Kind::Data, "expected an object, got {}", value.kind_name());
    }
    if (object->find("expr") == nullptr) {
        base::fail(base::Kind::Data, "no field \"expr\"");
    }
    classad::Question question;
    question.expr = field(*object, "expr", {});
    question.my = field(*object, "my", {});
    question.target = field(*object, "target", {});
    question.mode = field(*object, "mode", question.mode);
    const auto answer = classad::answer(question, options_);
    object->set("result", text_of(answer.result));
    object->set("type", answer.type);
    std::string json;
    record::write_json(*object, json);
    return with_hidden(
        json, [](std::string& out, unsigned byte) { out += fmt::format("\\udc{:02x}", byte); });
}

// The next line without its end; nothing at the end of the input. It is cut off where it gets too
// long.
std::optional<std::string_view> next_line(record::InputBuffer& input) {
    for (std::size_t looked_at = 0;;) {
        const auto pending = input.pending();
        const auto end = pending.find('\n', looked_at);
        if (end != std::string_view::npos) {
            return pending.substr(0, end);
        }
        looked_at = pending.size();
        if (looked_at > record::kMaxDocument || !input.fill()) {
            return input.pending().empty() ? std::nullopt : std::optional(input.pending());
        }
    }
}

// Nothing for a blank line, or one that is no question.
std::optional<std::string> try_answer(Batch& batch, std::string_view line, const std::string& where,
                                      const std::function<void(const base::Error&)>& on_bad) {
    const auto content = base::trim(line);
    try {
        return content.empty() ? std::nullopt : std::optional(batch.answer_line(content));
    } catch (const base::Error& error) {
        on_bad(error.within(where));
        return std::nullopt;
    }
}

}  // namespace

void answer_lines(int fd, const std::string& name, const classad::EvalOptions& options,
                  const BatchEvents& events) {
    record::InputBuffer input(fd, events.before_read);
    Batch batch(options);
    std::size_t number = 0;
    for (auto line = next_line(input); line; line = next_line(input)) {
        base::check_stop();
        ++number;
        const auto answer = try_answer(
            batch, *line, fmt::format("{}:{}", base::printable(name), number), events.on_bad);
        if (answer) {
            events.on_answer(*answer);
        }
        if (line->size() > record::kMaxDocument) {
            return;  // what follows is no line
        }
        input.consume(std::min(line->size() + 1, input.pending().size()));
    }
}

}  // namespace tow::source
