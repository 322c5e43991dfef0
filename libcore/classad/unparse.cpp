#include "classad/unparse.hpp"

#include "classad/expr.hpp"
#include "classad/scope.hpp"
#include "classad/times.hpp"

#include <cmath>
#include <vector>

#include <fmt/core.h>

namespace tow::classad {

namespace {

constexpr std::size_t kListIndent = 3;
constexpr std::size_t kAdIndent = 4;

char escape_letter(char c) noexcept {
    switch (c) {
        case '\a':
            return 'a';
        case '\b':
            return 'b';
        case '\f':
            return 'f';
        case '\n':
            return 'n';
        case '\r':
            return 'r';
        case '\t':
            return 't';
        case '\v':
            return 'v';
        case '\\':
            return '\\';
        default:
            return '\0';
    }
}

class Unparser {
  public:
    Unparser(std::string& out, Style style) : out_(out), style_(style) {}

    void write(const Expr& expr);
    void write(const Value& value);
    void write(const Ad& ad);

  private:
    static const Expr* left_of(const Expr& expr) noexcept;
    void write_leaf(const Expr& expr);
    void write_tail(const Expr& expr);
    void write_operation_tail(const Operation& operation);

    void write_name(const Name& name) { write_name(name.text, name.special); }

    void write_name(std::string_view name, Special special);
    void write_string(std::string_view text);
    void write_real(double number);
    std::string_view text_of(Op op) const noexcept;

    // open, the items between separators, close; over several lines if this is a pretty one.
    template <class Items, class WriteItem>
    void write_items(std::string_view brackets, std::string_view separator, const Items& items,
                     WriteItem write_item);
    void new_line();

    std::string& out_;
    Style style_;
    std::size_t indent_ = 0;
};

// Chains lean to the left; they are written with a loop.
const Expr* Unparser::left_of(const Expr& expr) noexcept {
    if (const auto* operation = expr.as<Operation>()) {
        return operand_count(operation->op) > 1 ? operation->operands[0].get() : nullptr;
    }
    const auto* attribute = expr.as<Attribute>();
    return attribute != nullptr ? attribute->base.get() : nullptr;
}

void Unparser::write(const Expr& expr) {
    std::vector<const Expr*> chain;
    const auto* leaf = &expr;
    while (const auto* left = left_of(*leaf)) {
        chain.push_back(leaf);
        leaf = left;
    }
    write_leaf(*leaf);
    for (; !chain.empty(); chain.pop_back()) {
        write_tail(*chain.back());
    }
}

std::string_view Unparser::text_of(Op op) const noexcept {
    if (style_ == Style::Old && op == Op::Is) {
        return "=?=";
    }
    if (style_ == Style::Old && op == Op::Isnt) {
        return "=!=";
    }
    return op_text(op);
}

void Unparser::write_leaf(const Expr& expr) {
    if (const auto* literal = expr.as<Literal>()) {
        write(literal->value);
    } else if (const auto* attribute = expr.as<Attribute>()) {
        out_ += attribute->scope == Attribute::Scope::Root ? "." : "";
        write_name(attribute->name);
    } else if (const auto* operation = expr.as<Operation>()) {
        const bool parentheses = operation->op == Op::Parentheses;
        out_ += parentheses ? "(" : " ";
        out_ += text_of(operation->op);
        write(*operation->operands[0]);
        out_ += parentheses ? ")" : "";
    } else if (const auto* call = expr.as<Call>()) {
        write_name(call->name, Special::None);
        out_ += '(';
        for (const auto& argument : call->arguments) {
            out_ += &argument == call->arguments.data() ? "" : ",";
            write(*argument);
        }
        out_ += ')';
    } else if (const auto* list = expr.as<ListNode>()) {
        write_items("{}", ",", *list->elements, [this](const ExprPtr& item) { write(*item); });
    } else if (const auto* nested = expr.as<AdNode>()) {
        write(*nested->ad);
    }
}

void Unparser::write_tail(const Expr& expr) {
    if (const auto* operation = expr.as<Operation>()) {
        write_operation_tail(*operation);
    } else if (const auto* attribute = expr.as<Attribute>()) {
        out_ += '.';
        write_name(attribute->name);
    }
}

void Unparser::write_operation_tail(const Operation& operation) {
    switch (operation.op) {
        case Op::Subscript:
            out_ += '[';
            write(*operation.operands[1]);
            out_ += ']';
            break;
        case Op::Ternary:
            out_ += " ? ";
            write(*operation.operands[1]);
            out_ += " : ";
            write(*operation.operands[2]);
            break;
        default:
            out_ += ' ';
            out_ += text_of(operation.op);
            out_ += ' ';
            write(*operation.operands[1]);
    }
}

void Unparser::new_line() {
    out_ += '\n';
    out_.append(indent_, ' ');
}

template <class Items, class WriteItem>
void Unparser::write_items(std::string_view brackets, std::string_view separator,
                           const Items& items, WriteItem write_item) {
    const bool pretty = style_ == Style::Pretty;
    const auto step = brackets[0] == '{' ? kListIndent : kAdIndent;
    const auto break_line = [&] {
        if (pretty) {
            new_line();
        }
    };
    indent_ += step;
    break_line();
    out_ += brackets[0];
    out_ += pretty ? "" : " ";
    indent_ += step;
    bool first = true;
    for (const auto& item : items) {
        out_ += first ? "" : separator;
        first = false;
        break_line();
        write_item(item);
    }
    indent_ -= step;
    break_line();
    out_ += pretty ? "" : " ";
    out_ += brackets[1];
    indent_ -= step;
}

void Unparser::write(const Ad& ad) {
    write_items("[]", "; ", ad.in_display_order(), [this](const Ad::Entry* entry) {
        write_name(entry->name, special_name(entry->name));
        out_ += " = ";
        write(*entry->value);
    });
}

void Unparser::write(const Value& value) {
    switch (value.kind()) {
        case Kind::Undefined:
        case Kind::Error:
            out_ += kind_name(value.kind());
            break;
        case Kind::Boolean:
            out_ += *value.if_boolean() ? "true" : "false";
            break;
        case Kind::Integer:
            out_ += fmt::format("{}", *value.if_integer());
            break;
        case Kind::Real:
            write_real(*value.if_real());
            break;
        case Kind::String:
            write_string(*value.if_string());
            break;
        case Kind::List: {
            const auto& list = *value.if_list();
            if (list.literal) {
                write_items("{}", ",", *list.literal, [this](const ExprPtr& e) { write(*e); });
            } else {
                write_items("{}", ",", list.computed, [this](const Value& v) { write(v); });
            }
            break;
        }
        case Kind::Ad:
            write(*value.if_ad());
            break;
        case Kind::AbsoluteTime:
            out_ += fmt::format("absTime(\"{}\")", format_absolute_time(*value.absolute_time()));
            break;
        case Kind::RelativeTime:
            out_ += fmt::format("relTime(\"{}\")", format_relative_time(*value.if_relative_time()));
            break;
    }
}

// HTCondor quotes "parent", too: its old parser had a keyword of that name.
void Unparser::write_name(std::string_view name, Special special) {
    if (special != Special::Parent && is_plain_name(name)) {
        out_ += name;
        return;
    }
    out_ += '\'';
    append_escaped(out_, name, '\'');
    out_ += '\'';
}

void Unparser::write_string(std::string_view text) {
    out_ += '"';
    if (style_ != Style::Old) {
        append_escaped(out_, text, '"');
    } else {
        for (const char c : text) {
            out_ += c == '"' ? "\\" : "";
            out_ += c;
        }
    }
    out_ += '"';
}

void Unparser::write_real(double number) {
    out_ +=
        style_ == Style::Old && std::isfinite(number) ? short_real(number) : canonical_real(number);
}

}  // namespace

void append_escaped(std::string& out, std::string_view text, char quote) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == quote) {
            out += '\\';
            out += c;
        } else if (const char letter = escape_letter(c); letter != '\0') {
            out += '\\';
            out += letter;
        } else if (byte < 0x20 || byte >= 0x7F) {
            out += '\\';
            out += static_cast<char>('0' + (byte >> 6U));
            out += static_cast<char>('0' + ((byte >> 3U) & 7U));
            out += static_cast<char>('0' + (byte & 7U));
        } else {
            out += c;
        }
    }
}

std::string short_real(double number) {
    auto text = fmt::format("{:.16G}", number);
    if (text.find_first_of(".E") == std::string::npos) {
        text += ".0";
    }
    return text;
}

std::string canonical_real(double number) {
    if (std::isnan(number)) {
        return "real(\"NaN\")";
    }
    if (std::isinf(number)) {
        return number > 0 ? "real(\"INF\")" : "real(\"-INF\")";
    }
    if (number == 0) {
        return std::signbit(number) ? "-0.0" : "0.0";
    }
    return fmt::format("{:.15E}", number);
}

std::string unparse(const Expr& expr, Style style) {
    std::string text;
    Unparser(text, style).write(expr);
    return text;
}

std::string unparse(const Value& value, Style style) {
    std::string text;
    Unparser(text, style).write(value);
    return text;
}

std::string unparse(const Ad& ad, Style style) {
    std::string text;
    Unparser(text, style).write(ad);
    return text;
}

std::string plain_text(const Value& value) {
    if (const auto* string = value.if_string()) {
        return *string;
    }
    if (const auto time = value.absolute_time()) {
        return format_absolute_time(*time);
    }
    if (const auto* time = value.if_relative_time()) {
        return format_relative_time(*time);
    }
    return unparse(value);
}

}  // namespace tow::classad
