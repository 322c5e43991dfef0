#include "classad/name.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace tow::classad {

namespace {

struct SpecialEntry {
    std::string_view text;
    Special meaning;
};

constexpr std::array kSpecialNames{
    SpecialEntry{"my", Special::My},
    SpecialEntry{"ad", Special::Ad},
    SpecialEntry{"self", Special::Self},
    SpecialEntry{"root", Special::Root},
    SpecialEntry{"left", Special::Left},
    SpecialEntry{"lctx", Special::LeftContext},
    SpecialEntry{"rctx", Special::RightContext},
    SpecialEntry{"other", Special::Target},
    SpecialEntry{"right", Special::Right},
    SpecialEntry{"target", Special::Target},
    SpecialEntry{"parent", Special::Parent},
    SpecialEntry{"toplevel", Special::Root},
    SpecialEntry{"currenttime", Special::CurrentTime},
};

constexpr std::size_t kMaxSpecialLength = 31;

// A bit for each length that a special name has.
constexpr std::uint32_t special_lengths() noexcept {
    std::uint32_t lengths = 0;
    for (const auto& entry : kSpecialNames) {
        lengths |= 1U << entry.text.size();
    }
    return lengths;
}

constexpr auto kSpecialLengths = special_lengths();

constexpr std::array<std::string_view, 6> kKeywords{"true",  "false", "undefined",
                                                    "error", "is",    "isnt"};

bool is_name_start(char c) noexcept {
    return base::is_alpha(c) || c == '_';
}

// Letters of both cases become equal; what else becomes equal only costs a comparison.
constexpr std::uint64_t kFold = 0x2020202020202020U;
constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15U;

std::uint64_t load(const char* bytes, std::size_t count) noexcept {
    std::uint64_t word = 0;
    if (count > 0) {
        std::memcpy(&word, bytes, count);
    }
    return word | kFold;
}

std::uint64_t mix(std::uint64_t h, std::uint64_t word) noexcept {
    h = (h ^ word) * kPrime;
    return h ^ (h >> 29U);
}

// Where the kernel has put this program in memory: different in every process.
const char anchor = 0;
const std::uint64_t seed = reinterpret_cast<std::uintptr_t>(&anchor) * kPrime;

}  // namespace

Special special_name(std::string_view text) noexcept {
    if (text.size() > kMaxSpecialLength || ((kSpecialLengths >> text.size()) & 1U) == 0) {
        return Special::None;  // as nearly all names
    }
    const char first = base::to_lower(text.front());
    for (const auto& entry : kSpecialNames) {
        if (entry.text.size() == text.size() && entry.text.front() == first &&
            base::equal_nocase(entry.text, text)) {
            return entry.meaning;
        }
    }
    return Special::None;
}

std::uint64_t name_hash(std::string_view text) noexcept {
    std::uint64_t h = seed ^ text.size();
    while (text.size() > sizeof(std::uint64_t)) {
        h = mix(h, load(text.data(), sizeof(std::uint64_t)));
        text.remove_prefix(sizeof(std::uint64_t));
    }
    h = mix(h, load(text.data(), text.size()));
    return h ^ (h >> 32U);
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    return a == b || base::equal_nocase(a, b);
}

Name::Name(std::string spelling)
    : text(std::move(spelling)), hash(name_hash(text)), special(special_name(text)) {}

bool is_keyword(std::string_view text) noexcept {
    return std::ranges::any_of(
        kKeywords, [text](std::string_view word) { return base::equal_nocase(word, text); });
}

bool is_plain_name(std::string_view text) noexcept {
    const auto is_name_byte = [](char c) { return is_name_start(c) || base::is_digit(c); };
    return !text.empty() && is_name_start(text.front()) &&
           std::ranges::all_of(text, is_name_byte) && !is_keyword(text);
}

}  // namespace tow::classad
