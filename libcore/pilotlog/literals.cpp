#include "pilotlog/literals.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace tow::pilotlog {

std::size_t Literals::add(std::string_view word) {
    if (word.size() < kShortest) {
        base::fail(base::Kind::Internal, "\"{}\" is too short to look for", word);
    }
    words_.emplace_back(word);
    return words_.size() - 1;
}

void Literals::build() {
    for (const auto& word : words_) {
        window_ = std::min(window_, word.size());
    }
    const auto longest = window_ == SIZE_MAX ? 1 : std::min<std::size_t>(window_ - 1, UINT8_MAX);
    std::ranges::fill(shifts_, static_cast<std::uint8_t>(longest));
    next_.assign(words_.size(), kNone);
    for (std::size_t number = 0; number < words_.size(); ++number) {
        const auto& word = words_[number];
        for (std::size_t end = 2; end <= window_; ++end) {
            const auto pair = pair_of(static_cast<unsigned char>(word[end - 2]),
                                      static_cast<unsigned char>(word[end - 1]));
            const auto shift = std::min<std::size_t>(window_ - end, longest);
            shifts_[pair] = std::min(shifts_[pair], static_cast<std::uint8_t>(shift));
            if (end == window_) {
                next_[number] = first_[pair];
                first_[pair] = static_cast<std::uint32_t>(number);
            }
        }
    }
}

}  // namespace tow::pilotlog
