// XML documents as trees: factory configurations and downtimes. Hostile ones are refused: no
// entities may be declared, and depth, size and number of elements are bounded.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tow::foreign {

struct Element {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes;  // in the order of the document
    std::vector<Element> children;
    std::string text;  // directly in it, without blanks at both ends
    int line = 0;

    const std::string* attribute(std::string_view key) const noexcept;  // null if absent
    std::string attribute_or(std::string_view key, std::string_view otherwise) const;
    const Element* child(std::string_view tag) const noexcept;  // the first; null if there is none
    std::string child_text(std::string_view tag) const;         // empty if there is none
};

// The root element. Error{Data} with "name:line" for whatever is wrong.
Element parse_xml(std::string_view document, const std::string& name);

}  // namespace tow::foreign
