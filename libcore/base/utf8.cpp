#include "base/utf8.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace tow::base {

namespace {

bool is_continuation(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Length that the first byte of a code point announces, 0 for a byte that cannot be first.
std::size_t announced_length(unsigned char lead) noexcept {
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// Overlong forms, surrogates and values past U+10FFFF all show in the second byte.
bool second_byte_fits(unsigned char lead, unsigned char second) noexcept {
    switch (lead) {
        case 0xE0:
            return second >= 0xA0;
        case 0xED:
            return second <= 0x9F;
        case 0xF0:
            return second >= 0x90;
        case 0xF4:
            return second <= 0x8F;
        default:
            return true;
    }
}

// Length of the code point at the front, 0 if it is not valid.
std::size_t code_point_length(std::string_view bytes) noexcept {
    const auto lead = static_cast<unsigned char>(bytes[0]);
    const auto length = announced_length(lead);
    if (length < 2) {
        return length;
    }
    if (bytes.size() < length ||
        !std::ranges::all_of(bytes.substr(1, length - 1), is_continuation)) {
        return 0;
    }
    return second_byte_fits(lead, static_cast<unsigned char>(bytes[1])) ? length : 0;
}

std::uint32_t decode(std::string_view code_point) noexcept {
    if (code_point.size() == 1) {
        return static_cast<unsigned char>(code_point[0]);
    }
    auto value = static_cast<std::uint32_t>(static_cast<unsigned char>(code_point[0]) &
                                            (0xFFU >> (code_point.size() + 1)));
    for (const char c : code_point.substr(1)) {
        value = (value << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
    }
    return value;
}

// The blocks of Unicode's EastAsianWidth W and F that occur in practice; combining marks are 0.
std::size_t width_of(std::uint32_t c) noexcept {
    if ((c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) || c == 0xFEFF) {
        return 0;
    }
    const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
                      (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                      (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                      (c >= 0x1F300 && c <= 0x1F9FF) || (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
}

// Calls each(code_point, valid) for every code point and every bad byte.
template <class Each>
void for_each_code_point(std::string_view bytes, Each each) {
    while (!bytes.empty()) {
        const auto length = code_point_length(bytes);
        const bool keep_going = each(bytes.substr(0, length == 0 ? 1 : length), length != 0);
        if (!keep_going) {
            return;
        }
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
}

// Code points that change the order in which a line is shown, or break it: what is read would not
// be what is there.
bool is_unseen_control(std::uint32_t c) noexcept {
    return (c >= 0x80 && c < 0xA0) || c == 0x61C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view bytes) noexcept {
    std::size_t at = 0;
    while (at < bytes.size()) {
        std::uint64_t word = 0;
        if (at + sizeof word <= bytes.size()) {  // eight ASCII bytes at a time
            std::memcpy(&word, bytes.data() + at, sizeof word);
            if ((word & 0x8080808080808080U) == 0) {
                at += sizeof word;
                continue;
            }
        }
        const auto length = code_point_length(bytes.substr(at));
        if (length == 0) {
            return at;
        }
        at += length;
    }
    return at;
}

std::string repair_utf8(std::string_view bytes, std::size_t* replaced) {
    std::string result;
    result.reserve(bytes.size() + 8);
    while (!bytes.empty()) {
        const auto good = valid_utf8_prefix(bytes);
        result += bytes.substr(0, good);
        bytes.remove_prefix(good);
        if (!bytes.empty()) {
            result += "\xEF\xBF\xBD";
            bytes.remove_prefix(1);
            if (replaced != nullptr) {
                ++*replaced;
            }
        }
    }
    return result;
}

std::string printable(std::string_view bytes) {
    std::string result;
    result.reserve(bytes.size());
    for_each_code_point(bytes, [&result](std::string_view point, bool valid) {
        const auto c = static_cast<unsigned char>(point[0]);
        if (valid && point == "\n") {
            result += "\\n";
        } else if (valid && point == "\t") {
            result += "\\t";
        } else if (!valid || c < 0x20 || c == 0x7F) {
            result += fmt::format("\\x{:02x}", c);
        } else if (is_unseen_control(decode(point))) {
            result += fmt::format("\\u{:04x}", decode(point));  // C1 controls drive terminals too
        } else {
            result += point;
        }
        return true;
    });
    return result;
}

std::size_t display_width(std::string_view utf8) noexcept {
    std::size_t width = 0;
    for_each_code_point(utf8, [&width](std::string_view point, bool valid) {
        width += valid ? width_of(decode(point)) : 1;
        return true;
    });
    return width;
}

std::string cut_to_width(std::string_view utf8, std::size_t width) {
    if (display_width(utf8) <= width) {
        return std::string(utf8);
    }
    if (width == 0) {
        return {};
    }
    std::string result;
    std::size_t used = 0;
    for_each_code_point(utf8, [&](std::string_view point, bool valid) {
        const auto next = valid ? width_of(decode(point)) : 1;
        if (used + next > width - 1) {
            return false;
        }
        used += next;
        result += point;
        return true;
    });
    return result + "…";
}

}  // namespace tow::base
