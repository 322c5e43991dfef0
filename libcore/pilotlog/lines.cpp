#include "pilotlog/lines.hpp"

#include <charconv>

namespace tow::pilotlog {

std::size_t json_object_size(std::string_view text) noexcept {
    if (text.size() > 1 && (text[1] == '\n' || text[1] == '\r')) {
        const auto end = text.find("\n}");
        return end == std::string_view::npos ? 0 : end + 2;
    }
    return inner_object_size(text);
}

std::size_t inner_object_size(std::string_view text) noexcept {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

std::optional<std::int64_t> whole_number(std::string_view text) noexcept {
    std::int64_t number = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    return end.ec == std::errc() && end.ptr == text.data() + text.size() ? std::optional{number}
                                                                         : std::nullopt;
}

}  // namespace tow::pilotlog
