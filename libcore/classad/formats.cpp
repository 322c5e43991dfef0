#include "classad/formats.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace tow::classad {

namespace {

char second_mark(std::string_view text) noexcept {
    const auto rest = base::trim_left(text.substr(1));
    return rest.empty() ? '\0' : rest.front();
}

// Behind the quoted text or the comment that begins at at, or at itself if none does.
std::size_t skip_opaque(std::string_view text, std::size_t at, std::string_view quotes) noexcept {
    const auto end_or_all = [&](std::size_t end, std::size_t length) {
        return end == std::string_view::npos ? text.size() : end + length;
    };
    if (quotes.find(text[at]) != std::string_view::npos) {
        const char quote = text[at];
        for (++at; at < text.size() && text[at] != quote; ++at) {
            at += text[at] == '\\' ? 1 : 0;
        }
        return std::min(at + 1, text.size());
    }
    if (text.substr(at, 2) == "//") {
        return end_or_all(text.find('\n', at), 1);
    }
    if (text.substr(at, 2) == "/*") {
        return end_or_all(text.find("*/", at + 2), 2);
    }
    return at;
}

struct Brackets {
    char open;
    char close;
    std::string_view quotes;
    std::string_view separators;  // what may stand between two ads, besides blanks
};

constexpr Brackets kNewAd{'[', ']', "\"'", "{},;"};
constexpr Brackets kJsonAd{'{', '}', "\"", "[],"};

// Behind the bracket that closes the one at at; the end if none does.
std::size_t skip_ad(std::string_view text, std::size_t at, const Brackets& brackets) noexcept {
    std::size_t depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == brackets.open) {
            ++depth;
        } else if (c == brackets.close && --depth == 0) {
            return at + 1;
        }
        const auto behind =
            c == '"' || c == '\'' || c == '/' ? skip_opaque(text, at, brackets.quotes) : at;
        at = std::max(behind, at + 1);
    }
    return text.size();
}

// Ads between brackets; text that does not belong there comes out as an ad that cannot be read.
std::vector<std::string_view> split_bracketed(std::string_view text, const Brackets& brackets) {
    std::vector<std::string_view> ads;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        const auto start = at;
        if (base::is_space(c) || brackets.separators.find(c) != std::string_view::npos) {
            ++at;
        } else if (c == brackets.open) {
            at = skip_ad(text, at, brackets);
            ads.push_back(text.substr(start, at - start));
        } else if (const auto behind = skip_opaque(text, at, ""); behind != at) {
            at = behind;
        } else {
            at = std::min(text.find(brackets.open, at), text.size());
            ads.push_back(text.substr(start, at - start));
        }
    }
    return ads;
}

std::vector<std::string_view> split_long(std::string_view text) {
    std::vector<std::string_view> ads;
    std::size_t at = 0;
    std::size_t start = 0;
    bool has_content = false;
    const auto finish = [&](std::size_t end) {
        if (has_content) {
            ads.push_back(text.substr(start, end - start));
        }
        has_content = false;
    };
    while (at < text.size()) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = base::trim_left(text.substr(at, end - at));
        const auto next = std::min(end + 1, text.size());
        if (line.empty()) {
            finish(at);
            start = next;
        }
        has_content = has_content || (!line.empty() && line.front() != '#');
        at = next;
    }
    finish(text.size());
    return ads;
}

// A file that was cut off between two ads does not show it in any of them.
bool is_cut_off(std::string_view text, Format format) noexcept {
    text = base::trim(text);
    if (text.empty() || format == Format::Long || format == Format::Xml) {
        return false;
    }
    const char open = format == Format::Json ? '[' : '{';
    const char close = format == Format::Json ? ']' : '}';
    return text.front() == open && text.back() != close;
}

Ad read_one(std::string_view text, Format format) {
    switch (format) {
        case Format::Long:
            return read_long(text);
        case Format::New:
            return parse_ad(text);
        default:
            return read_json(text);
    }
}

}  // namespace

Format detect_format(std::string_view text) noexcept {
    text = base::trim_left(text);
    if (text.empty()) {
        return Format::Long;
    }
    const char second = second_mark(text);
    switch (text.front()) {
        case '<':
            return Format::Xml;
        case '[':
            // "[" and "]" alone are a JSON list without ads.
            return second == '{' || (second == ']' && base::trim(text).size() <= 3) ? Format::Json
                                                                                    : Format::New;
        case '{':
            return second == '[' ? Format::New : Format::Json;
        default:
            return Format::Long;
    }
}

std::vector<std::string_view> split_ads(std::string_view text, Format format) {
    switch (format) {
        case Format::Long:
            return split_long(text);
        case Format::New:
            return split_bracketed(text, kNewAd);
        case Format::Json:
            return split_bracketed(text, kJsonAd);
        default:
            return {text};
    }
}

void read_ads(std::string_view text, Format format,
              const std::function<void(std::size_t, Ad)>& on_ad,
              const std::function<void(std::size_t, const base::Error&)>& on_bad) {
    if (format == Format::Xml) {
        bool delivering = false;  // what the receiver throws is not about the document
        try {
            read_xml(text, [&](Ad ad) {
                delivering = true;
                on_ad(0, std::move(ad));
                delivering = false;
            });
        } catch (const base::Error& error) {
            if (delivering) {
                throw;
            }
            on_bad(0, error);
        }
        return;
    }
    for (const auto part : split_ads(text, format)) {
        const auto offset = static_cast<std::size_t>(part.data() - text.data());
        std::optional<Ad> ad;
        try {
            ad = read_one(part, format);
        } catch (const base::Error& error) {
            on_bad(offset, error);
        }
        if (ad) {
            on_ad(offset, std::move(*ad));
        }
    }
    if (is_cut_off(text, format)) {
        on_bad(text.size(), base::Error(base::Kind::Data, "the list of ads does not end"));
    }
}

}  // namespace tow::classad
