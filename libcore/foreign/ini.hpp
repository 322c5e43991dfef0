// INI files as Python's ConfigParser reads them: [DEFAULT], continued lines, %(name)s.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tow::foreign {

struct IniSection {
    std::string name;
    int line = 0;
    std::vector<std::pair<std::string, std::string>> options;  // its own, then those of [DEFAULT]

    // The value with every %(name)s replaced; empty if there is no such option. Error{Data} if a
    // name is unknown, or they go round in a circle, or multiply beyond reason.
    std::string get(std::string_view key) const;
    bool has(std::string_view key) const noexcept;
};

// Error{Data} with "name:line". Sections of one name are one.
std::vector<IniSection> parse_ini(std::string_view text, const std::string& name);

}  // namespace tow::foreign
