// Lines and objects of inputs that are longer than memory. Internal.
#pragma once

#include "record/input.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tow::pilotlog {

constexpr std::size_t kLongestLine = std::size_t{1} << 20;  // what is longer comes in pieces

// take(line) for every line, without its end.
template <class Take>
void each_line(std::string_view text, Take take) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (!line.empty() && line.back() == '\r') {
            line.remove_suffix(1);
        }
        take(line);
    }
}

template <class Take>
void each_line(record::InputBuffer& input, Take take) {
    bool more = true;
    while (more) {
        const auto pending = input.pending();
        const auto end = pending.rfind('\n');
        if (end != std::string_view::npos) {
            each_line(pending.substr(0, end + 1), take);
            input.consume(end + 1);
        } else if (pending.size() > kLongestLine) {
            take(pending);
            input.consume(pending.size());
        }
        more = input.fill();
    }
    each_line(input.pending(), take);
}

// Where the object that begins this text ends, behind its brace; 0 if it does not. Pretty-printed
// ones end with the first brace at the beginning of a line, which is much faster to find.
std::size_t json_object_size(std::string_view text) noexcept;

// The same for an object that stands in another one.
std::size_t inner_object_size(std::string_view text) noexcept;

// Nothing unless all of it is digits, with a sign or without.
std::optional<std::int64_t> whole_number(std::string_view text) noexcept;

}  // namespace tow::pilotlog
