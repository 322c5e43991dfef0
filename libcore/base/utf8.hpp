// Bytes from strangers, made safe to print and to put into JSON.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tow::base {

// Length of the valid UTF-8 prefix (RFC 3629: no surrogates, no overlong forms).
std::size_t valid_utf8_prefix(std::string_view bytes) noexcept;

inline bool is_utf8(std::string_view bytes) noexcept {
    return valid_utf8_prefix(bytes) == bytes.size();
}

// Each byte that is not part of valid UTF-8 becomes U+FFFD; their number is added to *replaced.
std::string repair_utf8(std::string_view bytes, std::size_t* replaced = nullptr);

// For messages on a terminal: control characters become \n, \t or \xNN, those that turn the writing
// direction \uNNNN; invalid bytes \xNN.
std::string printable(std::string_view bytes);

// Columns on a terminal: one per code point, two for East Asian wide ones, none for marks.
std::size_t display_width(std::string_view utf8) noexcept;

// At most width columns, the last one "…" if anything was cut.
std::string cut_to_width(std::string_view utf8, std::size_t width);

}  // namespace tow::base
