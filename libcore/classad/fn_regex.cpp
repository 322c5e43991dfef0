// Functions of regular expressions.
#include "base/text.hpp"
#include "classad/builtins.hpp"
#include "classad/regex.hpp"
#include "classad/string_items.hpp"

#include <algorithm>
#include <utility>

namespace tow::classad {

namespace {

// What it costs to compile one, besides its length.
constexpr std::size_t kCompileEffort = 2000;

// What one search may cost; more is an error, and many of these make the evaluation fail.
constexpr std::size_t kSearchEffort = 32'000'000;

using Groups = std::vector<Regex::Group>;

class Matcher {
  public:
    Matcher(Evaluator& evaluator, std::string_view pattern, RegexOptions options)
        : evaluator_(evaluator), regex_(pattern, options) {
        evaluator.spend(kCompileEffort + pattern.size() * 16);
    }

    bool valid() const noexcept { return regex_.valid(); }

    Regex::Outcome search(std::string_view subject, std::size_t from, Groups& groups) {
        if (evaluator_.failed()) {
            return Regex::Outcome::TooMuchWork;
        }
        auto budget = kSearchEffort;
        const auto outcome = regex_.search(subject, from, budget, groups);
        // The search for the first byte of a match is not in the budget.
        const auto end = outcome == Regex::Outcome::Match ? groups[0].end : subject.size();
        evaluator_.spend(kSearchEffort - budget + (std::max(end, from) - from) / 8 + 16);
        return outcome;
    }

  private:
    Evaluator& evaluator_;
    Regex regex_;
};

bool has_option(std::string_view options, char letter) noexcept {
    return options.find(letter) != std::string_view::npos;
}

// HTCondor's manual says that "I" is the same as "i"; it is not.
RegexOptions options_from(std::string_view letters) noexcept {
    return {has_option(letters, 'i'), has_option(letters, 'm'), has_option(letters, 's'),
            has_option(letters, 'x')};
}

// Views into the values; nothing if one of them is no string.
std::optional<std::vector<std::string_view>> strings_of(const std::vector<Value>& values) {
    std::vector<std::string_view> texts;
    for (const auto& value : values) {
        const auto* text = value.if_string();
        if (text == nullptr) {
            return std::nullopt;
        }
        texts.emplace_back(*text);
    }
    return texts;
}

std::string_view optional_text(const std::vector<std::string_view>& texts, std::size_t index) {
    return index < texts.size() ? texts[index] : std::string_view();
}

// The replacement with its \0 to \9; nothing if it names a group behind the last that took part.
std::optional<std::string> substituted(std::string_view replacement, std::string_view target,
                                       const Groups& groups) {
    std::string result;
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        const bool reference = replacement[i] == '\\' && i + 1 < replacement.size() &&
                               base::is_digit(replacement[i + 1]);
        if (!reference) {
            result += replacement[i];
            continue;
        }
        ++i;
        const auto number = static_cast<std::size_t>(replacement[i] - '0');
        if (number >= groups.size()) {
            return std::nullopt;
        }
        const auto& group = groups[number];
        if (group.set && group.begin <= group.end) {
            result.append(target, group.begin, group.end - group.begin);
        }
    }
    return result;
}

struct Substitution {
    std::string_view target;
    std::string_view replacement;
    bool full;    // keep what does not match
    bool global;  // every match
};

// In global mode a pattern that matches nothing at all is an error, as in HTCondor.
Value substitute(Evaluator& evaluator, Matcher& matcher, const Substitution& job) {
    std::string result;
    std::size_t at = 0;
    Groups groups;
    for (;;) {
        const auto outcome = matcher.search(job.target, at, groups);
        if (outcome == Regex::Outcome::TooMuchWork) {
            return Value::error();
        }
        if (outcome == Regex::Outcome::NoMatch) {
            break;
        }
        const auto& match = groups[0];
        const bool empty = match.begin == match.end;
        if (match.begin < at || match.end < match.begin || (job.global && empty)) {
            return Value::error();
        }
        const auto text = substituted(job.replacement, job.target, groups);
        if (!text) {
            return Value::error();
        }
        if (job.full) {
            result.append(job.target, at, match.begin - at);
        }
        result += *text;
        evaluator.spend(text->size());
        at = match.end;
        if (!job.global) {
            break;
        }
    }
    if (job.full) {
        result.append(job.target, at);
    }
    return Value::string(std::move(result));
}

Value to_boolean(Regex::Outcome outcome) {
    return outcome == Regex::Outcome::TooMuchWork
               ? Value::error()
               : Value::boolean(outcome == Regex::Outcome::Match);
}

}  // namespace

Value call_regexp(const Invocation& call) {
    const auto arguments = call.all();
    if (const auto answer = error_or_undefined(arguments)) {
        return *answer;
    }
    const auto texts = strings_of(arguments);
    if (!texts) {
        return Value::error();
    }
    Matcher matcher(call.evaluator, (*texts)[0], options_from(optional_text(*texts, 2)));
    Groups groups;
    return matcher.valid() ? to_boolean(matcher.search((*texts)[1], 0, groups)) : Value::error();
}

Value call_regexp_member(const Invocation& call) {
    auto arguments = call.all();
    if (const auto answer = error_or_undefined(arguments)) {
        return *answer;
    }
    const auto where = std::exchange(arguments[1], Value::string(""));
    const auto* list = where.if_list();
    const auto texts = strings_of(arguments);
    if (list == nullptr || !texts) {
        return Value::error();
    }
    Matcher matcher(call.evaluator, (*texts)[0], options_from(optional_text(*texts, 2)));
    if (!matcher.valid()) {
        return Value::error();
    }
    auto result = Value::boolean(false);
    Groups groups;
    for (std::size_t i = 0; i < list->size() && !call.evaluator.failed(); ++i) {
        const auto element = call.evaluator.element(*list, i);
        if (element.is_undefined()) {
            result = element;
            continue;
        }
        const auto* text = element.if_string();
        auto found =
            text != nullptr ? to_boolean(matcher.search(*text, 0, groups)) : Value::error();
        if (found.is_error() || found.is_true()) {
            return found;
        }
    }
    return result;
}

// regexps, replace, replaceall: (pattern, target, replacement[, options])
Value call_regexp_substitute(const Invocation& call) {
    const auto arguments = call.all();
    if (const auto answer = error_or_undefined(arguments)) {
        return *answer;
    }
    const auto texts = strings_of(arguments);
    if (!texts) {
        return Value::error();
    }
    const auto letters = optional_text(*texts, 3);
    const bool all = call.function() == FunctionId::ReplaceAll;
    const bool regexps = call.function() == FunctionId::Regexps;
    Matcher matcher(call.evaluator, (*texts)[0], options_from(letters));
    if (!matcher.valid()) {
        return Value::error();
    }
    return substitute(call.evaluator, matcher,
                      {(*texts)[1], (*texts)[2], !regexps || has_option(letters, 'f'),
                       all || has_option(letters, 'g')});
}

// (pattern, list[, delimiters[, options]]); here the letters of the options have no case.
Value call_string_list_regexp_member(const Invocation& call) {
    const auto arguments = call.all();
    const auto texts = strings_of(arguments);
    if (!texts) {
        return Value::error();
    }
    const auto delimiters = texts->size() > 2 ? (*texts)[2] : kListDelimiters;
    const auto items = string_items(call.evaluator, (*texts)[1], delimiters);
    if (items.empty()) {
        return Value::undefined();
    }
    const auto letters = base::lower(optional_text(*texts, 3));
    Matcher matcher(call.evaluator, (*texts)[0], options_from(letters));
    if (!matcher.valid()) {
        return Value::error();
    }
    Groups groups;
    for (const auto item : items) {
        auto found = to_boolean(matcher.search(item, 0, groups));
        if (found.is_error() || found.is_true()) {
            return found;
        }
    }
    return Value::boolean(false);
}

}  // namespace tow::classad
