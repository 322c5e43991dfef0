#include "cvmfs_server/letter.hpp"

#include <algorithm>

namespace tow::cvmfs_server {

bool Letter::hash_fits() const {
    const auto hash = parse_hash(hash_line);
    return hash && digest_of(hash->algorithm, body) == *hash;
}

std::optional<Letter> cut_letter(std::string_view text) {
    constexpr std::string_view kSeparator = "\n--\n";
    const auto separator = text.find(kSeparator);
    if (separator == std::string_view::npos) {
        return std::nullopt;
    }
    const auto rest = text.substr(separator + kSeparator.size());
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    return Letter{std::string(text.substr(0, separator + 1)), std::string(rest.substr(0, end)),
                  std::string(rest.substr(end + 1))};
}

std::vector<std::string_view> whole_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::optional<std::string> line_of(const std::vector<std::string_view>& lines, char letter) {
    const auto found = std::ranges::find_if(
        lines, [&](std::string_view line) { return !line.empty() && line.front() == letter; });
    return found == lines.end() ? std::nullopt : std::optional<std::string>(found->substr(1));
}

}  // namespace tow::cvmfs_server
