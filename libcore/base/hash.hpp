// Hashes that are the same on every machine and in every release (XXH3): ids are made of them.
// Not cryptographic: nothing may rely on them where a stranger gains by a collision.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tow::base {

std::uint64_t hash64(std::string_view bytes) noexcept;
std::array<std::uint8_t, 16> hash128(std::string_view bytes) noexcept;
std::string to_hex(std::uint64_t number);  // 16 digits

std::string hash_hex(std::string_view bytes);  // 16 hexadecimal digits of hash64

}  // namespace tow::base
