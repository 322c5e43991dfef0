// Functions of strings that hold lists.
#include "base/text.hpp"
#include "classad/builtins.hpp"
#include "classad/numbers.hpp"
#include "classad/string_items.hpp"

#include <algorithm>
#include <cfloat>
#include <cstdlib>
#include <set>

namespace tow::classad {

namespace {

// What a list element costs in memory, roughly.
constexpr std::size_t kItemEffort = 64;

// An undefined argument counts as "", but for the two that matter only if one of them is there.
struct Membership {
    std::string left;
    std::string right;
    std::string delimiters{kMemberDelimiters};
    std::optional<Value> answer;
};

Membership membership_of(const Invocation& call) {
    Membership result;
    const auto arguments = call.all();
    for (const auto& argument : arguments) {
        if (!argument.is_string() && !argument.is_undefined()) {
            result.answer = Value::error();
            return result;
        }
    }
    if (arguments[0].is_undefined() && arguments[1].is_undefined()) {
        result.answer = Value::undefined();
        return result;
    }
    const auto text = [](const Value& value) {
        return value.is_string() ? *value.if_string() : std::string();
    };
    result.left = text(arguments[0]);
    result.right = text(arguments[1]);
    if (arguments.size() > 2) {
        result.delimiters = text(arguments[2]);
    }
    return result;
}

// The list and its delimiters; nothing if one of them is no string.
struct ListArguments {
    std::string list;
    std::string delimiters;
};

std::optional<ListArguments> list_arguments(const Invocation& call, std::string_view otherwise) {
    const auto arguments = call.all();
    if (!std::ranges::all_of(arguments, &Value::is_string)) {
        return std::nullopt;
    }
    return ListArguments{*arguments[0].if_string(),
                         arguments.size() > 1 ? *arguments[1].if_string() : std::string(otherwise)};
}

// "1x" counts as 1, as sscanf reads it, but then the whole list counts as real.
std::optional<double> item_number(std::string_view item, bool& integral) {
    integral = integral && item.find_first_not_of("+-0123456789") == std::string_view::npos;
    const std::string text(item);
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    return end != text.c_str() ? std::optional(number) : std::nullopt;
}

// HTCondor starts its search for the largest item with the smallest positive float, so that the
// largest of negative numbers is (nearly) 0.
double summary(FunctionId function, const std::vector<double>& numbers) {
    double result = 0;
    if (function == FunctionId::StringListMin) {
        result = *std::ranges::min_element(numbers);
    } else if (function == FunctionId::StringListMax) {
        result = std::max<double>(FLT_MIN, *std::ranges::max_element(numbers));
    } else {
        for (const double number : numbers) {
            result += number;
        }
    }
    return function == FunctionId::StringListAvg ? result / static_cast<double>(numbers.size())
                                                 : result;
}

}  // namespace

std::vector<std::string_view> string_items(Evaluator& evaluator, std::string_view text,
                                           std::string_view delimiters) {
    std::vector<std::string_view> items;
    evaluator.spend(text.size() * (1 + delimiters.size() / 16));
    while (!text.empty() && !evaluator.failed()) {
        const auto end = std::min(text.find_first_of(delimiters), text.size());
        if (const auto item = base::trim(text.substr(0, end)); !item.empty()) {
            items.push_back(item);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return items;
}

// The first argument is one item, whatever it looks like.
Value call_string_list_member(const Invocation& call) {
    const auto arguments = membership_of(call);
    if (arguments.answer) {
        return *arguments.answer;
    }
    const bool nocase = call.function() == FunctionId::StringListIMember;
    const auto items = string_items(call.evaluator, arguments.right, arguments.delimiters);
    return Value::boolean(std::ranges::any_of(items, [&](std::string_view item) {
        return item == arguments.left || (nocase && base::equal_nocase(item, arguments.left));
    }));
}

Value call_string_list_subset(const Invocation& call) {
    const auto arguments = membership_of(call);
    if (arguments.answer) {
        return *arguments.answer;
    }
    if (arguments.left.empty()) {
        return Value::boolean(true);
    }
    const bool nocase = call.function() == FunctionId::StringListISubsetMatch;
    const auto folded = [nocase](std::string_view item) {
        return nocase ? base::lower(item) : std::string(item);
    };
    std::set<std::string> whole;
    for (const auto item : string_items(call.evaluator, arguments.right, arguments.delimiters)) {
        whole.insert(folded(item));
    }
    // HTCondor: a list without items is a subset only if it is the empty string.
    const auto part = string_items(call.evaluator, arguments.left, arguments.delimiters);
    return Value::boolean(!part.empty() && std::ranges::all_of(part, [&](std::string_view item) {
        return whole.contains(folded(item));
    }));
}

Value call_string_list_size(const Invocation& call) {
    const auto arguments = list_arguments(call, kListDelimiters);
    if (!arguments) {
        return Value::error();
    }
    const auto items = string_items(call.evaluator, arguments->list, arguments->delimiters);
    return Value::integer(static_cast<std::int64_t>(items.size()));
}

Value call_string_list_summary(const Invocation& call) {
    const auto arguments = list_arguments(call, kListDelimiters);
    if (!arguments) {
        return Value::error();
    }
    const auto function = call.function();
    const auto items = string_items(call.evaluator, arguments->list, arguments->delimiters);
    if (items.empty()) {
        const bool additive =
            function == FunctionId::StringListSum || function == FunctionId::StringListAvg;
        return additive ? Value::real(0) : Value::undefined();
    }
    bool integral = true;
    std::vector<double> numbers;
    for (const auto item : items) {
        const auto number = item_number(item, integral);
        if (!number) {
            return Value::error();
        }
        numbers.push_back(*number);
    }
    const double result = summary(function, numbers);
    return integral ? Value::integer(to_int64(result)) : Value::real(result);
}

Value call_string_lists_intersect(const Invocation& call) {
    const auto arguments = call.all();
    if (const auto answer = error_or_undefined(arguments)) {
        return *answer;
    }
    if (!std::ranges::all_of(arguments, &Value::is_string)) {
        return Value::error();
    }
    const std::string_view delimiters =
        arguments.size() > 2 ? std::string_view(*arguments[2].if_string()) : kListDelimiters;
    const auto a = string_items(call.evaluator, *arguments[0].if_string(), delimiters);
    const auto b = string_items(call.evaluator, *arguments[1].if_string(), delimiters);
    const std::set<std::string_view> wanted(a.begin(), a.end());
    return Value::boolean(
        std::ranges::any_of(b, [&wanted](std::string_view item) { return wanted.contains(item); }));
}

// Empty items are left out, except between two equal delimiters that are no blanks: "a,,b" has
// three items, "a, ,b" too, but ",a," one.
Value call_split(const Invocation& call) {
    const auto arguments = list_arguments(call, ", \t");
    if (!arguments) {
        return Value::error();
    }
    std::vector<Value> items;
    std::string item;
    char previous = '\0';
    const auto add_item = [&] {
        call.evaluator.spend(kItemEffort);
        items.push_back(Value::string(std::move(item)));
        item.clear();
    };
    for (const char c : arguments->list) {
        if (call.evaluator.failed()) {
            break;
        }
        if (arguments->delimiters.find(c) == std::string::npos) {
            item += c;
            continue;
        }
        const bool blank = base::is_space(c);
        if (!item.empty() || (!blank && c == previous)) {
            add_item();
            previous = '\0';
        }
        previous = blank ? previous : c;
    }
    if (!item.empty()) {
        add_item();
    }
    return Value::list(std::move(items));
}

// "user@domain" at the first '@'; without one, all of it is the user, or the machine of a slot.
Value call_split_name(const Invocation& call) {
    const auto value = call.argument(0);
    const auto* name = value.if_string();
    if (name == nullptr) {
        return Value::error();
    }
    call.evaluator.spend(name->size());
    const auto at = name->find('@');
    std::string first = *name;
    std::string second;
    if (at != std::string::npos) {
        first = name->substr(0, at);
        second = name->substr(at + 1);
    } else if (call.function() == FunctionId::SplitSlotName) {
        std::swap(first, second);
    }
    return Value::list({Value::string(std::move(first)), Value::string(std::move(second))});
}

}  // namespace tow::classad
