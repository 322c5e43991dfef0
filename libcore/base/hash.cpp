#include "base/hash.hpp"

#include <algorithm>

#include <xxhash.h>

namespace tow::base {

std::uint64_t hash64(std::string_view bytes) noexcept {
    return XXH3_64bits(bytes.data(), bytes.size());
}

std::array<std::uint8_t, 16> hash128(std::string_view bytes) noexcept {
    XXH128_canonical_t canonical{};
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.data(), bytes.size()));
    std::array<std::uint8_t, 16> result{};
    std::ranges::copy(canonical.digest, result.begin());
    return result;
}

std::string to_hex(std::uint64_t number) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string result(2 * sizeof number, '0');
    for (auto i = result.size(); i-- > 0; number >>= 4U) {
        result[i] = kDigits[number & 15U];
    }
    return result;
}

std::string hash_hex(std::string_view bytes) {
    return to_hex(hash64(bytes));
}

}  // namespace tow::base
