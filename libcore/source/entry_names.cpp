#include "source/entry_names.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "model/entry.hpp"

namespace tow::source {

std::string entry_name(std::string_view text) {
    constexpr std::size_t kLongest = 100;
    std::string name;
    for (const char c : text.substr(0, kLongest)) {
        const bool is_allowed = base::is_alpha(c) || base::is_digit(c) ||
                                std::string_view("_.-+@:").find(c) != std::string_view::npos;
        name += is_allowed ? c : '_';
    }
    if (name.empty() || !(base::is_alpha(name.front()) || base::is_digit(name.front()))) {
        name.insert(0, "x");
    }
    return name == text ? name : name + '_' + base::hash_hex(text);
}

}  // namespace tow::source
