#include "match/known_operands.hpp"

#include "base/hash.hpp"

#include <algorithm>
#include <string_view>

namespace tow::match {

namespace {

constexpr std::size_t kFirstSlots = 256;

std::uint64_t hash_of(KnownOperands::Key key) noexcept {
    return base::hash64(
        std::string_view(reinterpret_cast<const char*>(key.data()), key.size_bytes()));
}

std::uint32_t tag_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 32U);
}

}  // namespace

const Operand* KnownOperands::find(Key key) const noexcept {
    if (slots_.empty()) {
        return nullptr;
    }
    const auto hash = hash_of(key);
    const auto mask = slots_.size() - 1;
    for (auto at = hash & mask; slots_[at].number != 0; at = (at + 1) & mask) {
        if (slots_[at].tag == tag_of(hash)) {
            const auto& entry = entries_[slots_[at].number - 1];
            if (std::ranges::equal(Key(keys_).subspan(entry.begin, entry.size), key)) {
                return &entry.operand;
            }
        }
    }
    return nullptr;
}

void KnownOperands::add(Key key, const Operand& operand) {
    const auto hash = hash_of(key);
    entries_.push_back({keys_.size(), key.size(), hash, operand});
    keys_.insert(keys_.end(), key.begin(), key.end());
    if (entries_.size() * 2 > slots_.size()) {
        grow();
    } else {
        place(hash, entries_.size());
    }
}

void KnownOperands::place(std::uint64_t hash, std::size_t number) noexcept {
    const auto mask = slots_.size() - 1;
    auto at = hash & mask;
    while (slots_[at].number != 0) {
        at = (at + 1) & mask;
    }
    slots_[at] = {tag_of(hash), static_cast<std::uint32_t>(number)};
}

void KnownOperands::grow() {
    slots_.assign(std::max(kFirstSlots, slots_.size() * 4), Slot());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        place(entries_[i].hash, i + 1);
    }
}

}  // namespace tow::match
