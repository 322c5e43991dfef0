// What is stored: its name is its SHA-256, its form is zstd. Zstd, not gzip, because regular
// expressions are run over all of it: it unpacks several times as fast, and packs faster as well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tow::logstore {

// Content on its way into the store, piece by piece. To be used again and again.
class Packer {
  public:
    // Of a file more than this is not kept, nor more than so much of its packed form.
    static constexpr std::uint64_t kLargest = std::uint64_t{4} << 30;
    static constexpr std::size_t kLargestPacked = std::size_t{64} << 20;

    Packer();
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;
    ~Packer();

    void begin();
    void add(std::string_view text);

    struct Packed {
        std::string hash;  // 32 bytes
        std::string data;
        std::uint64_t size = 0;  // of what was taken
        bool is_cut = false;
    };

    Packed finish();

  private:
    struct State;

    void pack(std::string_view text, bool is_end);

    std::unique_ptr<State> state_;
    Packed packed_;
};

// take() gets the content, 128 KiB at a time at most; it says whether to go on. Error{Data} if it
// is damaged or comes to more than size.
void unpack(std::string_view data, std::uint64_t size,
            const std::function<bool(std::string_view piece)>& take);

}  // namespace tow::logstore
