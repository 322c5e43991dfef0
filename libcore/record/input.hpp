// Bytes of one input, read in blocks, looked at in place: memory stays flat however long it is.
#pragma once

#include "base/file.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tow::record {

class InputBuffer {
  public:
    static constexpr std::size_t kBlock = std::size_t{256} << 10;

    // Reads fd, which must outlive it. before_read runs before each read that may block: it is
    // where a filter flushes what it has written.
    explicit InputBuffer(int fd, std::function<void()> before_read = {});

    // What has been read and not consumed. kPadding readable bytes follow it.
    std::string_view pending() const noexcept { return {data_.get() + begin_, end_ - begin_}; }

    // Reads more behind pending(), which may move; false at the end of the input.
    bool fill();
    void consume(std::size_t count) noexcept { begin_ += count; }

    // All bytes consumed so far: the offset of pending() in the input.
    std::size_t offset() const noexcept { return moved_ + begin_; }

  private:
    void make_room();

    int fd_;
    std::function<void()> before_read_;
    std::unique_ptr<char[]> data_;  // NOLINT(modernize-avoid-c-arrays) left uninitialised
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t moved_ = 0;
};

}  // namespace tow::record
