// The job attributes that matter, numbered: what a scanner keeps of each ad.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::source {

class AttributeTable {
  public:
    AttributeTable() : slots_(kFirstSlots, kFree) {}

    // The number of the attribute, which is added if need be. Names differ by more than case.
    std::size_t add(std::string_view name);

    // Hot: called for every attribute of every job.
    std::optional<std::size_t> find(std::string_view name) const noexcept;

    std::size_t size() const noexcept { return names_.size(); }
    const std::string& name(std::size_t number) const { return names_[number]; }

  private:
    static constexpr std::uint32_t kFree = UINT32_MAX;
    static constexpr std::size_t kFirstSlots = 128;  // a power of two, at most a quarter in use

    std::size_t slot_of(std::string_view name) const noexcept;

    std::vector<std::string> names_;
    std::vector<std::uint32_t> slots_;
};

}  // namespace tow::source
