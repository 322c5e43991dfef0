// Sets of rows as bits, and which of many meet which of many others.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace tow::match {

constexpr std::size_t kWordBits = 64;

constexpr std::size_t words_for(std::size_t bits) noexcept {
    return (bits + kWordBits - 1) / kWordBits;
}

// Ones for the bits that the last of words_for(bits) words really has.
constexpr std::uint64_t last_word_mask(std::size_t bits) noexcept {
    return bits % kWordBits == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << (bits % kWordBits)) - 1;
}

std::size_t count_bits(std::span<const std::uint64_t> words) noexcept;

// Calls visit(index) for every bit that is set, lowest first.
template <class Visit>
void for_each_bit(std::span<const std::uint64_t> words, Visit visit) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        for (auto word = words[i]; word != 0; word &= word - 1) {
            visit(i * kWordBits + static_cast<std::size_t>(std::countr_zero(word)));
        }
    }
}

// A fixed number of bits; what lies behind the last one in its word is zero.
class Bits {
  public:
    Bits() = default;

    explicit Bits(std::size_t size) : size_(size), words_(words_for(size)) {}

    std::size_t size() const noexcept { return size_; }

    bool test(std::size_t index) const noexcept {
        return ((words_[index / kWordBits] >> (index % kWordBits)) & 1U) != 0;
    }

    void set(std::size_t index) noexcept {
        words_[index / kWordBits] |= std::uint64_t{1} << (index % kWordBits);
    }

    bool any() const noexcept {
        return std::ranges::any_of(words_, [](std::uint64_t word) { return word != 0; });
    }

    std::size_t count() const noexcept { return count_bits(words_); }

    // Both of the same size.
    Bits& operator|=(const Bits& other) noexcept {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            words_[i] |= other.words_[i];
        }
        return *this;
    }

    // Takes away what is set in other, of the same size.
    Bits& operator-=(const Bits& other) noexcept {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            words_[i] &= ~other.words_[i];
        }
        return *this;
    }

    // All bits the other way round.
    Bits inverse() const {
        Bits result(size_);
        std::ranges::transform(words_, result.words_.begin(), std::bit_not{});
        if (size_ > 0) {
            result.words_.back() &= last_word_mask(size_);
        }
        return result;
    }

    template <class Visit>
    void for_each(Visit visit) const {
        for_each_bit(words_, visit);
    }

    std::span<std::uint64_t> words() noexcept { return words_; }

    std::span<const std::uint64_t> words() const noexcept { return words_; }

    friend bool operator==(const Bits&, const Bits&) = default;

  private:
    std::size_t size_ = 0;
    std::vector<std::uint64_t> words_;
};

class BitMatrix {
  public:
    BitMatrix() = default;
    BitMatrix(std::size_t rows, std::size_t columns)
        : rows_(rows), columns_(columns), stride_(words_for(columns)), words_(rows * stride_) {}

    std::size_t rows() const noexcept { return rows_; }

    std::size_t columns() const noexcept { return columns_; }

    bool test(std::size_t row, std::size_t column) const noexcept {
        return ((words_[row * stride_ + column / kWordBits] >> (column % kWordBits)) & 1U) != 0;
    }

    void set(std::size_t row, std::size_t column) noexcept {
        words_[row * stride_ + column / kWordBits] |= std::uint64_t{1} << (column % kWordBits);
    }

    // The bits of a row, lowest column first; those behind the last column are zero.
    std::span<std::uint64_t> row(std::size_t index) noexcept {
        return {words_.data() + index * stride_, stride_};
    }

    std::span<const std::uint64_t> row(std::size_t index) const noexcept {
        return {words_.data() + index * stride_, stride_};
    }

    std::size_t count() const noexcept { return count_bits(words_); }

    // Both must be of the same size.
    BitMatrix& operator&=(const BitMatrix& other) noexcept;

    BitMatrix transposed() const;

    friend bool operator==(const BitMatrix&, const BitMatrix&) = default;

  private:
    std::size_t rows_ = 0;
    std::size_t columns_ = 0;
    std::size_t stride_ = 0;  // words of a row
    std::vector<std::uint64_t> words_;
};

}  // namespace tow::match
