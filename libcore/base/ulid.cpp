#include "base/ulid.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/utf8.hpp"

#include <array>

namespace tow::base {

namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's base 32
constexpr std::size_t kTimeDigits = 10;
constexpr std::size_t kHashDigits = 16;

}  // namespace

std::string make_ulid(std::int64_t ms_since_1970, std::string_view content) {
    std::string text(kTimeDigits + kHashDigits, '0');
    auto time = static_cast<std::uint64_t>(ms_since_1970) & ((std::uint64_t{1} << 48U) - 1);
    for (std::size_t i = kTimeDigits; i-- > 0; time >>= 5U) {
        text[i] = kDigits[time & 31U];
    }
    const auto hash = hash128(content);
    std::size_t bit = 0;
    for (std::size_t i = 0; i < kHashDigits; ++i, bit += 5) {
        // five bits that may span two bytes
        const unsigned pair = (unsigned{hash[bit / 8]} << 8U) | hash[bit / 8 + 1];
        text[kTimeDigits + i] = kDigits[(pair >> (11 - bit % 8)) & 31U];
    }
    return text;
}

std::string ulid_after(std::string_view ulid, std::uint64_t n) {
    std::string text(ulid);
    for (std::size_t i = is_ulid(ulid) ? text.size() : 0; i-- > 0 && n > 0;) {
        const auto digit = (n & 31U) + kDigits.find(text[i]);
        text[i] = kDigits[digit & 31U];
        n = (n >> 5U) + (digit >> 5U);
    }
    if (n > 0 || !is_ulid(text)) {
        fail(Kind::Data, "no ULID comes so far after \"{}\"", printable(ulid));
    }
    return text;
}

std::optional<std::int64_t> ulid_time_ms(std::string_view text) noexcept {
    if (text.size() != kTimeDigits + kHashDigits || text.front() > '7') {
        return std::nullopt;
    }
    std::int64_t time = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto digit = kDigits.find(text[i]);
        if (digit == std::string_view::npos) {
            return std::nullopt;
        }
        if (i < kTimeDigits) {
            time = time * 32 + static_cast<std::int64_t>(digit);
        }
    }
    return time;
}

}  // namespace tow::base
