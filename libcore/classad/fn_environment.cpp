// Functions of job environments and arguments, as submit files write them.
#include "base/text.hpp"
#include "classad/builtins.hpp"

#include <map>

namespace tow::classad {

namespace {

// What a byte costs that may become a word of its own.
constexpr std::size_t kByteEffort = 32;

using Environment = std::map<std::string, std::string, std::less<>>;

// V2 syntax: words between blanks; inside '...' blanks count and '' is a quote.
std::optional<std::vector<std::string>> split_v2(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\'' && quoted && i + 1 < text.size() && text[i + 1] == '\'') {
            word += c;
            ++i;
        } else if (c == '\'') {
            quoted = !quoted;
            in_word = true;
        } else if (quoted || !base::is_space(c)) {
            word += c;
            in_word = true;
        } else if (in_word) {
            words.push_back(std::move(word));
            word.clear();
            in_word = false;
        }
    }
    if (quoted) {
        return std::nullopt;
    }
    if (in_word) {
        words.push_back(std::move(word));
    }
    return words;
}

// V1 syntax: words between blanks, and nothing else.
std::vector<std::string> split_v1(std::string_view text) {
    std::vector<std::string> words;
    for (text = base::trim(text); !text.empty(); text = base::trim_left(text)) {
        const auto end = std::min(text.find_first_of(" \t\n\v\f\r"), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

// Only what needs quotes is quoted: it's me -> it''''s' 'me
void append_v2(std::string& out, std::string_view word) {
    if (word.empty()) {
        out += "''";
    }
    bool quoted = false;
    for (const char c : word) {
        const bool special = c == '\'' || base::is_space(c);
        if (special != quoted) {
            out += '\'';
            quoted = special;
        }
        out += c == '\'' ? "''" : std::string_view(&c, 1);
    }
    if (quoted) {
        out += '\'';
    }
}

bool add_variable(Environment& environment, std::string_view definition) {
    const auto equals = definition.find('=');
    if (equals == std::string_view::npos || equals == 0) {
        return false;
    }
    environment.insert_or_assign(std::string(definition.substr(0, equals)),
                                 std::string(definition.substr(equals + 1)));
    return true;
}

bool add_v2(Evaluator& evaluator, Environment& environment, std::string_view text) {
    evaluator.spend(text.size() * kByteEffort);
    if (evaluator.failed()) {
        return false;
    }
    const auto words = split_v2(text);
    if (!words) {
        return false;
    }
    for (const auto& word : *words) {
        if (!add_variable(environment, word)) {
            return false;
        }
    }
    return true;
}

// "A=1;B=2", or with the bar that Windows uses: "|A=1|B=2".
bool add_v1(Evaluator& evaluator, Environment& environment, std::string_view text) {
    evaluator.spend(text.size() * kByteEffort);
    const char delimiter = text.starts_with('|') ? '|' : ';';
    while (!text.empty() && !evaluator.failed()) {
        const auto end = std::min(text.find(delimiter), text.size());
        const auto definition = base::trim_left(text.substr(0, end));
        if (!definition.empty() && !add_variable(environment, definition)) {
            return false;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return true;
}

Value to_v2(Evaluator& evaluator, const Environment& environment) {
    std::string text;
    for (const auto& [name, value] : environment) {
        text += text.empty() ? "" : " ";
        auto definition = name;
        definition += '=';
        definition += value;
        append_v2(text, definition);
    }
    evaluator.spend(text.size());
    return Value::string(std::move(text));
}

// The optional second argument: 1 or 2; nothing if it is anything else.
std::optional<int> syntax_version(const Invocation& call) {
    if (call.count() < 2) {
        return 2;
    }
    const auto value = call.argument(1);
    const auto* version = value.if_integer();
    if (version == nullptr || (*version != 1 && *version != 2)) {
        return std::nullopt;
    }
    return static_cast<int>(*version);
}

bool fits_v1(std::string_view word) noexcept {
    return !word.empty() && word.find_first_of(" \t\n\v\f\r") == std::string_view::npos;
}

}  // namespace

Value call_env_v1_to_v2(const Invocation& call) {
    const auto value = call.argument(0);
    const auto* text = value.if_string();
    if (text == nullptr) {
        return value.is_undefined() ? value : Value::error();
    }
    Environment environment;
    return add_v1(call.evaluator, environment, *text) ? to_v2(call.evaluator, environment)
                                                      : Value::error();
}

Value call_merge_environment(const Invocation& call) {
    Environment environment;
    for (std::size_t i = 0; i < call.count(); ++i) {
        const auto value = call.argument(i);
        if (value.is_undefined()) {
            continue;
        }
        const auto* text = value.if_string();
        if (text == nullptr || !add_v2(call.evaluator, environment, *text)) {
            return Value::error();
        }
    }
    return to_v2(call.evaluator, environment);
}

Value call_list_to_args(const Invocation& call) {
    const auto value = call.argument(0);
    const auto version = syntax_version(call);
    const auto* list = value.if_list();
    if (list == nullptr || !version) {
        return Value::error();
    }
    std::string text;
    for (std::size_t i = 0; i < list->size() && !call.evaluator.failed(); ++i) {
        const auto element = call.evaluator.element(*list, i);
        const auto* word = element.if_string();
        if (word == nullptr || (*version == 1 && !fits_v1(*word))) {
            return Value::error();
        }
        call.evaluator.spend(word->size());
        text += i == 0 ? "" : " ";
        if (*version == 1) {
            text += *word;
        } else {
            append_v2(text, *word);
        }
    }
    return Value::string(std::move(text));
}

Value call_args_to_list(const Invocation& call) {
    const auto value = call.argument(0);
    const auto version = syntax_version(call);
    const auto* text = value.if_string();
    if (text == nullptr || !version) {
        return Value::error();
    }
    call.evaluator.spend(text->size() * kByteEffort);
    if (call.evaluator.failed()) {
        return Value::error();
    }
    auto words = *version == 1 ? std::optional(split_v1(*text)) : split_v2(*text);
    if (!words) {
        return Value::error();
    }
    std::vector<Value> items;
    for (auto& word : *words) {
        items.push_back(Value::string(std::move(word)));
    }
    return Value::list(std::move(items));
}

}  // namespace tow::classad
