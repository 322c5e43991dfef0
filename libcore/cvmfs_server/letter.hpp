// What manifest and whitelist have in common: a body, its hash, and a signature over the text of
// the hash.
#pragma once

#include "cvmfs_server/hash.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::cvmfs_server {

struct Letter {
    std::string body;       // up to the newline before the separator
    std::string hash_line;  // what is signed, to the byte
    std::string signature;

    // Whether hash_line is the hash of the body. Error{Unavailable} as digest_of().
    bool hash_fits() const;
};

// Nothing if there is no separator and hash line.
std::optional<Letter> cut_letter(std::string_view text);

// The lines that end with a newline; the rest is no line.
std::vector<std::string_view> whole_lines(std::string_view text);

// "Ttest" -> "test" of the first line with this letter; nothing if there is none.
std::optional<std::string> line_of(const std::vector<std::string_view>& lines, char letter);

}  // namespace tow::cvmfs_server
