#include "pilotlog/text_fields.hpp"

#include "base/text.hpp"

#include <charconv>

namespace tow::pilotlog {

namespace {

// Years 2000 to 2100: any other number in parentheses is no time.
constexpr std::int64_t kEarliest = 946'684'800;
constexpr std::int64_t kLatest = 4'102'444'800;

template <class Number>
std::optional<Number> leading_number(std::string_view text) noexcept {
    Number number{};
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    return end.ec == std::errc() ? std::optional{number} : std::nullopt;
}

}  // namespace

std::string_view text_after(std::string_view text, std::string_view word) noexcept {
    const auto at = text.find(word);
    return at == std::string_view::npos ? std::string_view{}
                                        : base::trim(text.substr(at + word.size()));
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view word) noexcept {
    return leading_number<std::int64_t>(text_after(text, word));
}

std::optional<double> real_after(std::string_view text, std::string_view word) noexcept {
    const auto number = leading_number<double>(text_after(text, word));
    constexpr double kMost = 1e15;  // also refuses what is no number at all
    return number && *number >= -kMost && *number <= kMost ? number : std::nullopt;
}

std::optional<base::Time> epoch_in(std::string_view text) noexcept {
    for (auto at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
        const auto number = leading_number<std::int64_t>(text.substr(at + 1));
        if (number && *number >= kEarliest && *number <= kLatest) {
            return base::Time{std::chrono::seconds{*number}};
        }
    }
    return std::nullopt;
}

}  // namespace tow::pilotlog
