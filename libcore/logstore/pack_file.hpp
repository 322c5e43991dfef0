// Packs: files that hold the contents of many pilots one behind the other, so that a run writes and
// syncs one file, not ten thousand. A pack is written once and never changed.
#pragma once

#include "base/file.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tow::logstore {

class PackWriter {
  public:
    // In this folder, under a name that no other run on any host takes. Error{CannotCreate}.
    explicit PackWriter(const std::string& folder);
    PackWriter(const PackWriter&) = delete;
    PackWriter& operator=(const PackWriter&) = delete;

    // Removes what it wrote, unless it was kept.
    ~PackWriter();

    // Where it begins.
    std::uint64_t add(std::string_view data);

    // On the disk for good. Only then may anybody point to it.
    void keep();

    const std::string& name() const noexcept { return name_; }
    std::uint64_t size() const noexcept { return size_; }

  private:
    std::string folder_;
    std::string name_;
    std::string buffer_;
    base::UniqueFd fd_;
    std::uint64_t size_ = 0;
    bool is_kept_ = false;
};

// Error{NotFound} or Error{Data}.
std::string read_from_pack(const std::string& path, std::uint64_t offset, std::uint64_t size);

}  // namespace tow::logstore
