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
AdSpan find_bracketed(std::string_view text, const Brackets& brackets) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (base::is_space(c) || brackets.separators.find(c) != std::string_view::npos) {
            ++at;
        } else if (c == brackets.open) {
            return {at, skip_ad(text, at, brackets)};
        } else if (const auto behind = skip_opaque(text, at, ""); behind == at) {
            return {at, std::min(text.find(brackets.open, at), text.size())};
        } else if (behind == text.size()) {
            break;  // a comment that may go on
        } else {
            at = behind;
        }
    }
    return {at, at};
}

AdSpan find_long(std::string_view text) noexcept {
    std::size_t start = 0;  // of the ad, or of the line if there is no ad yet
    bool has_content = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = base::trim_left(text.substr(at, end - at));
        const bool whole = end < text.size();
        if (line.empty() && has_content) {
            return {start, at};
        }
        has_content = has_content || (!line.empty() && line.front() != '#');
        at = whole ? end + 1 : end;
        start = has_content || !whole ? start : at;
    }
    return {start, has_content ? text.size() : start};
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

Ad read_ad(std::string_view text, Format format, ParseNotes* notes) {
    switch (format) {
        case Format::Long:
            return read_long(text, notes);
        case Format::New:
            return parse_ad(text, {}, notes);
        default:
            return read_json(text, notes);
    }
}

AdSpan find_ad(std::string_view text, Format format) {
    return format == Format::Long ? find_long(text)
                                  : find_bracketed(text, format == Format::New ? kNewAd : kJsonAd);
}

std::vector<std::string_view> split_ads(std::string_view text, Format format) {
    std::vector<std::string_view> ads;
    if (format == Format::Xml) {
        return {text};
    }
    for (auto span = find_ad(text, format); span.begin < span.end; span = find_ad(text, format)) {
        ads.push_back(text.substr(span.begin, span.end - span.begin));
        text.remove_prefix(span.end);
    }
    return ads;
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
            ad = read_ad(part, format);
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
