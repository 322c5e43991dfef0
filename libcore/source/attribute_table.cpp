#include "source/attribute_table.hpp"

#include "base/text.hpp"

#include <cstring>

namespace tow::source {

namespace {

template <class Word>
std::uint64_t load(const char* bytes) noexcept {
    Word word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

// Length, first and last bytes; setting 0x20 makes letters of both cases equal.
std::uint64_t hash_nocase(std::string_view name) noexcept {
    constexpr std::uint64_t kLowerCase = 0x2020202020202020U;
    constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;
    const auto size = name.size();
    const char* end = name.data() + size;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (size >= 8) {
        first = load<std::uint64_t>(name.data());
        last = load<std::uint64_t>(end - 8);
    } else if (size >= 4) {
        first = load<std::uint32_t>(name.data());
        last = load<std::uint32_t>(end - 4);
    } else if (size > 0) {
        first = load<std::uint8_t>(name.data());
        last = load<std::uint8_t>(end - 1);
    }
    auto hash = ((first | kLowerCase) ^ size) * kMix;
    hash = (hash ^ (hash >> 32U) ^ (last | kLowerCase)) * kMix;
    return hash ^ (hash >> 29U);
}

bool same(std::string_view a, std::string_view b) noexcept {
    return a == b || base::equal_nocase(a, b);  // the spelling is nearly always HTCondor's own
}

}  // namespace

// The slot that holds the name, or the free one where it belongs.
std::size_t AttributeTable::slot_of(std::string_view name) const noexcept {
    const auto mask = slots_.size() - 1;
    auto slot = hash_nocase(name) & mask;
    while (slots_[slot] != kFree && !same(names_[slots_[slot]], name)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

std::optional<std::size_t> AttributeTable::find(std::string_view name) const noexcept {
    const auto number = slots_[slot_of(name)];
    return number == kFree ? std::nullopt : std::optional<std::size_t>{number};
}

std::size_t AttributeTable::add(std::string_view name) {
    if (const auto number = find(name)) {
        return *number;
    }
    names_.emplace_back(name);
    if (names_.size() * 4 > slots_.size()) {
        slots_.assign(slots_.size() * 2, kFree);
        for (std::size_t i = 0; i + 1 < names_.size(); ++i) {
            slots_[slot_of(names_[i])] = static_cast<std::uint32_t>(i);
        }
    }
    slots_[slot_of(name)] = static_cast<std::uint32_t>(names_.size() - 1);
    return names_.size() - 1;
}

}  // namespace tow::source
