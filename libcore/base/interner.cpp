#include "base/interner.hpp"

#include "base/hash.hpp"

namespace tow::base {

std::uint32_t Interner::intern(std::string_view text) {
    if (last_ != kFree && texts_[last_] == text) {
        return last_;
    }
    const auto hash = hash64(text);
    const auto mask = slots_.size() - 1;
    auto slot = hash & mask;
    for (; slots_[slot] != kFree; slot = (slot + 1) & mask) {
        const auto number = slots_[slot];
        if (hashes_[number] == hash && texts_[number] == text) {
            last_ = number;
            return number;
        }
    }
    const auto number = static_cast<std::uint32_t>(texts_.size());
    slots_[slot] = number;
    texts_.emplace_back(text);
    hashes_.push_back(hash);
    last_ = number;
    if (texts_.size() * 2 > slots_.size()) {
        grow();
    }
    return number;
}

void Interner::grow() {
    slots_.assign(slots_.size() * 4, kFree);
    const auto mask = slots_.size() - 1;
    for (std::uint32_t number = 0; number < texts_.size(); ++number) {
        auto slot = hashes_[number] & mask;
        while (slots_[slot] != kFree) {
            slot = (slot + 1) & mask;
        }
        slots_[slot] = number;
    }
}

}  // namespace tow::base
