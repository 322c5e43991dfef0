// Values as small numbers: two values have the same number only if no operator or function can tell
// them apart. Internal to the column engine.
#pragma once

#include "classad/value.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tow::match {

using ValueId = std::uint32_t;

// What is in every pool. Unsure is no value: only the tree evaluator can tell.
constexpr ValueId kUnsure = 0;
constexpr ValueId kFalse = 1;
constexpr ValueId kTrue = 2;
constexpr ValueId kUndefined = 3;
constexpr ValueId kError = 4;

// Longer texts and lists are left to the tree evaluator, so that no operator here is expensive.
constexpr std::size_t kMaxText = 8192;
constexpr std::size_t kMaxItems = 1000;

class ValuePool {
  public:
    ValuePool();

    // kUnsure for what is not kept: ads, lists of anything but constants, and what is too large.
    ValueId intern(const classad::Value& value);

    // Of any number but kUnsure. Valid until the pool is changed.
    const classad::Value& value(ValueId id) const noexcept { return values_[id]; }

    // All numbers are smaller.
    std::size_t size() const noexcept { return values_.size(); }

    // Roughly what the pool has allocated.
    std::size_t bytes() const noexcept { return bytes_; }

  private:
    struct Slot {
        std::uint32_t tag = 0;  // the upper half of the hash: most others are told apart by it
        ValueId id = kUnsure;
    };

    ValueId add(const classad::Value& value, std::uint64_t hash);
    void place(ValueId id) noexcept;
    void grow();

    std::vector<classad::Value> values_;
    std::vector<std::uint64_t> hashes_;  // like the values
    std::vector<Slot> slots_;            // a power of two, at most half in use; kUnsure is free
    std::size_t bytes_ = 0;
};

bool is_list_kept(const classad::Value& list) noexcept;

// Whether a pool would keep the value.
inline bool is_kept(const classad::Value& value) noexcept {
    const auto* text = value.if_string();
    return text != nullptr                       ? text->size() <= kMaxText
           : value.kind() == classad::Kind::List ? is_list_kept(value)
                                                 : value.kind() != classad::Kind::Ad;
}

}  // namespace tow::match
