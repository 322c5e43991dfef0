#include "match/bits.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

namespace tow::match {

namespace {

using Block = std::array<std::uint64_t, kWordBits>;

// Swaps ever smaller quarters (Hacker's Delight, 7-3, for words whose first bit is the lowest).
void transpose(Block& block) noexcept {
    auto mask = ~std::uint64_t{0} >> 32U;
    for (std::size_t width = 32; width != 0; width /= 2, mask ^= mask << width) {
        for (std::size_t i = 0; i < kWordBits; i = (i + width + 1) & ~width) {
            const auto swapped = ((block[i] >> width) ^ block[i + width]) & mask;
            block[i] ^= swapped << width;
            block[i + width] ^= swapped;
        }
    }
}

}  // namespace

std::size_t count_bits(std::span<const std::uint64_t> words) noexcept {
    std::size_t count = 0;
    for (const auto word : words) {
        count += static_cast<std::size_t>(std::popcount(word));
    }
    return count;
}

BitMatrix& BitMatrix::operator&=(const BitMatrix& other) noexcept {
    assert(rows_ == other.rows_ && columns_ == other.columns_);
    for (std::size_t i = 0; i < words_.size(); ++i) {
        words_[i] &= other.words_[i];
    }
    return *this;
}

BitMatrix BitMatrix::transposed() const {
    BitMatrix result(columns_, rows_);
    Block block{};
    for (std::size_t top = 0; top < rows_; top += kWordBits) {
        const auto height = std::min(kWordBits, rows_ - top);
        for (std::size_t word = 0; word < stride_; ++word) {
            block.fill(0);
            for (std::size_t i = 0; i < height; ++i) {
                block[i] = words_[(top + i) * stride_ + word];
            }
            transpose(block);
            const auto width = std::min(kWordBits, columns_ - word * kWordBits);
            for (std::size_t i = 0; i < width; ++i) {
                result.words_[(word * kWordBits + i) * result.stride_ + top / kWordBits] = block[i];
            }
        }
    }
    return result;
}

}  // namespace tow::match
