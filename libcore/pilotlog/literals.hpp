// Finds many words in a text at once, at some bytes a step (Wu and Manber's method with pairs of
// bytes): what a line has to contain before anything dearer is tried on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tow::pilotlog {

class Literals {
  public:
    static constexpr std::size_t kShortest = 4;  // shorter words would make every text slow

    // Before build(). The number it will be found by counts from 0. Error{Internal} if too short.
    std::size_t add(std::string_view word);
    void build();

    // visit(number, position) for every word found, in order of where they end.
    template <class Visit>
    void find(std::string_view text, Visit visit) const {
        const auto* data = reinterpret_cast<const unsigned char*>(text.data());
        for (std::size_t end = window_; end <= text.size();) {
            const auto pair = pair_of(data[end - 2], data[end - 1]);
            const auto shift = shifts_[pair];
            if (shift > 0) {
                end += shift;
                continue;
            }
            for (auto at = first_[pair]; at != kNone; at = next_[at]) {
                const auto begin = end - window_;
                if (text.compare(begin, words_[at].size(), words_[at]) == 0) {
                    visit(std::size_t{at}, begin);
                }
            }
            ++end;
        }
    }

  private:
    static constexpr std::size_t kPairs = 65536;
    static constexpr std::uint32_t kNone = UINT32_MAX;

    static std::size_t pair_of(unsigned char a, unsigned char b) noexcept {
        return static_cast<std::size_t>(a) << 8U | b;
    }

    std::vector<std::string> words_;
    std::vector<std::uint8_t> shifts_ = std::vector<std::uint8_t>(kPairs, 1);
    std::vector<std::uint32_t> first_ = std::vector<std::uint32_t>(kPairs, kNone);
    std::vector<std::uint32_t> next_;  // like words_: the next with the same pair
    std::size_t window_ = SIZE_MAX;    // the length of the shortest word
};

}  // namespace tow::pilotlog
