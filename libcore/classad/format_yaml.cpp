// ClassAds in YAML: only written. A small part of YAML that every reader understands.
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "classad/expr.hpp"
#include "classad/formats.hpp"
#include "classad/unparse.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace tow::classad {

namespace {

// Words that some YAML reader takes for something else than text.
constexpr std::array<std::string_view, 12> kWords{"true", "false", "null", "yes", "no",  "on",
                                                  "off",  "y",     "n",    "nan", "inf", "~"};

struct Escape {
    std::string_view bytes;
    std::string_view text;
};

// Characters that end a line, or that YAML does not allow as they are.
constexpr std::array kEscapes{
    Escape{"\"", "\\\""},
    Escape{"\\", "\\\\"},
    Escape{"\n", "\\n"},
    Escape{"\r", "\\r"},
    Escape{"\t", "\\t"},
    Escape{"\xE2\x80\xA8", "\\u2028"},
    Escape{"\xE2\x80\xA9", "\\u2029"},
    Escape{"\xEF\xBB\xBF", "\\uFEFF"},
    Escape{"\xEF\xBF\xBE", "\\uFFFE"},
    Escape{"\xEF\xBF\xBF", "\\uFFFF"},
};

std::string quoted(std::string_view raw) {
    const auto text = base::repair_utf8(raw);
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto rest = std::string_view(text).substr(i);
        const auto special = std::ranges::find_if(
            kEscapes, [&rest](const Escape& escape) { return rest.starts_with(escape.bytes); });
        const auto code = static_cast<unsigned char>(rest[0]);
        const bool is_c1 = code == 0xC2 && static_cast<unsigned char>(rest[1]) < 0xA0;
        if (special != kEscapes.end()) {
            out += special->text;
            i += special->bytes.size() - 1;
        } else if (code < 0x20 || code == 0x7F || is_c1) {
            i += is_c1 ? 1 : 0;
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
        } else {
            out += rest[0];
        }
    }
    return out + '"';
}

std::string key(std::string_view name) {
    const bool word = std::ranges::any_of(
        kWords, [&](auto reserved) { return base::equal_nocase(reserved, name); });
    return is_plain_name(name) && !word ? std::string(name) : quoted(name);
}

// Whether the value is the same wherever it stands, and YAML has a way to write it.
bool is_plain(const Expr& expr) {
    if (const auto* list = expr.as<ListNode>()) {
        return std::ranges::all_of(*list->elements,
                                   [](const auto& item) { return is_plain(*item); });
    }
    if (const auto* nested = expr.as<AdNode>()) {
        return std::ranges::all_of(*nested->ad,
                                   [](const auto& entry) { return is_plain(*entry.value); });
    }
    const auto* literal = expr.as<Literal>();
    if (literal == nullptr) {
        return false;
    }
    const auto kind = literal->value.kind();
    return kind <= Kind::String && kind != Kind::Error;
}

// YAML 1.1 takes a number with an exponent for text unless it has a point and a sign.
std::string real(double number) {
    if (!std::isfinite(number)) {
        return std::isnan(number) ? ".nan" : number > 0 ? ".inf" : "-.inf";
    }
    auto text = short_real(number);
    const auto exponent = text.find_first_of("eE");
    if (exponent != std::string::npos && text.find('.') == std::string::npos) {
        text.insert(exponent, ".0");
    }
    return text;
}

std::string plain(const Expr& expr);

// In flow style: nested values are rare and short.
std::string plain_items(const std::vector<ExprPtr>& items) {
    std::string out = "[";
    for (const auto& item : items) {
        out += &item == items.data() ? "" : ", ";
        out += plain(*item);
    }
    return out + ']';
}

std::string plain_fields(const Ad& ad) {
    std::string out = "{";
    for (const auto* entry : ad.in_display_order()) {
        out += out.size() == 1 ? "" : ", ";
        out += key(entry->name) + ": " + plain(*entry->value);
    }
    return out + '}';
}

std::string plain(const Expr& expr) {
    if (const auto* list = expr.as<ListNode>()) {
        return plain_items(*list->elements);
    }
    if (const auto* nested = expr.as<AdNode>()) {
        return plain_fields(*nested->ad);
    }
    const auto& value = expr.as<Literal>()->value;
    if (const auto* text = value.if_string()) {
        return quoted(*text);
    }
    if (const auto* number = value.if_real()) {
        return real(*number);
    }
    return value.is_undefined() ? "null" : unparse(value);
}

}  // namespace

std::string write_yaml(const Ad& ad) {
    std::string values;
    std::string exprs;
    for (const auto* entry : ad.in_display_order()) {
        const bool is_value = is_plain(*entry->value);
        auto& out = is_value ? values : exprs;
        out += "  " + key(entry->name) + ": ";
        out += is_value ? plain(*entry->value) : quoted(unparse(*entry->value));
        out += '\n';
    }
    return values.empty() && exprs.empty() ? "ad: {}\n"
                                           : (values.empty() ? "" : "ad:\n" + values) +
                                                 (exprs.empty() ? "" : "ad_exprs:\n" + exprs);
}

}  // namespace tow::classad
