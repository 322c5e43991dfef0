// A row of bits: which entries, which jobs.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tow::match {

class Bits {
  public:
    explicit Bits(std::size_t size = 0) : size_(size), words_((size + kWord - 1) / kWord) {}

    std::size_t size() const noexcept { return size_; }

    bool test(std::size_t i) const noexcept {
        return ((words_[i / kWord] >> (i % kWord)) & 1U) != 0;
    }

    void set(std::size_t i) noexcept { words_[i / kWord] |= std::uint64_t{1} << (i % kWord); }

    bool any() const noexcept {
        return std::ranges::any_of(words_, [](std::uint64_t word) { return word != 0; });
    }

    std::size_t count() const noexcept {
        std::size_t total = 0;
        for (const auto word : words_) {
            total += static_cast<std::size_t>(std::popcount(word));
        }
        return total;
    }

    // Both of the same size.
    Bits& operator|=(const Bits& other) noexcept {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            words_[i] |= other.words_[i];
        }
        return *this;
    }

    // Takes away what is set in other.
    Bits& operator-=(const Bits& other) noexcept {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            words_[i] &= ~other.words_[i];
        }
        return *this;
    }

    // All bits the other way round.
    Bits inverse() const {
        Bits result(size_);
        for (std::size_t i = 0; i < words_.size(); ++i) {
            result.words_[i] = ~words_[i];
        }
        if (size_ % kWord != 0) {
            result.words_.back() &= (std::uint64_t{1} << (size_ % kWord)) - 1;
        }
        return result;
    }

    // Calls visit(i) for each bit that is set, in order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            for (auto word = words_[i]; word != 0; word &= word - 1) {
                visit(i * kWord + static_cast<std::size_t>(std::countr_zero(word)));
            }
        }
    }

    friend bool operator==(const Bits&, const Bits&) = default;

  private:
    static constexpr std::size_t kWord = 64;

    std::size_t size_;
    std::vector<std::uint64_t> words_;
};

}  // namespace tow::match
