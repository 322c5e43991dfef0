// Texts to small numbers: equal texts have equal numbers, so that whoever compares and hashes them
// again and again never looks at text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tow::base {

class Interner {
  public:
    Interner() : slots_(kFirstSlots, kFree) {}

    // Numbers count from 0 in the order of first appearance. The text is copied.
    std::uint32_t intern(std::string_view text);

    std::size_t size() const noexcept { return texts_.size(); }
    const std::string& text(std::uint32_t number) const { return texts_[number]; }

  private:
    static constexpr std::uint32_t kFree = UINT32_MAX;
    static constexpr std::size_t kFirstSlots = 16;  // a power of two, at most half in use

    void grow();

    std::deque<std::string> texts_;      // stay where they are
    std::vector<std::uint64_t> hashes_;  // like the texts
    std::vector<std::uint32_t> slots_;
    std::uint32_t last_ = kFree;  // jobs of one cluster follow each other: mostly the same again
};

}  // namespace tow::base
