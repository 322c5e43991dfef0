#include "base/hash.hpp"

#include <algorithm>

#include <fmt/core.h>
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

std::string hash_hex(std::string_view bytes) {
    return fmt::format("{:016x}", hash64(bytes));
}

}  // namespace tow::base
