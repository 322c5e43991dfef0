// Finds the wanted attributes of one ad in raw text, without building anything. What HTCondor's
// tools print is read at the speed of memory; the complete readers of module classad are far
// slower.
#pragma once

#include "source/attribute_table.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tow::source {

// The raw texts of the wanted attributes by number; data() is null where the ad has none. A later
// attribute of the same name wins, as in HTCondor.
using RawValues = std::vector<std::string_view>;

// Thrown for text that is no ad: where, and what is wrong.
struct Malformed {
    std::size_t offset;
    std::string what;
};

// Each returns the length of the ad at the front of the text, 0 if more text is needed to tell
// (never, if is_all). The texts in values point into text.

// A JSON object, as of condor_q -json and -jsonl. Values are JSON tokens, blanks around them cut.
std::size_t scan_json_ad(std::string_view text, bool is_all, const AttributeTable& wanted,
                         RawValues& values);

// Lines "Name = expression" up to a blank line or the end, as of condor_q -long. Lines that begin
// with '#' are comments, with "--" headers of condor_q.
std::size_t scan_long_ad(std::string_view text, bool is_all, const AttributeTable& wanted,
                         RawValues& values);

}  // namespace tow::source
