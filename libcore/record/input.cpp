#include "record/input.hpp"

#include "record/json.hpp"

#include <algorithm>
#include <cstring>

namespace tow::record {

InputBuffer::InputBuffer(int fd, std::function<void()> before_read)
    : fd_(fd), before_read_(std::move(before_read)) {}

bool InputBuffer::fill() {
    make_room();
    if (before_read_) {
        before_read_();
    }
    const auto count = base::read_some(fd_, {data_.get() + end_, capacity_ - kPadding - end_});
    end_ += count;
    std::memset(data_.get() + end_, 0, kPadding);
    return count > 0;
}

// At least half a block behind pending(): the front is dropped first, then the buffer doubled.
void InputBuffer::make_room() {
    const auto used = end_ - begin_;
    if (capacity_ >= end_ + kPadding + kBlock / 2) {
        return;
    }
    const auto wanted = std::max(2 * kBlock, 2 * used) + kPadding;
    if (wanted > capacity_) {
        auto larger =
            std::make_unique_for_overwrite<char[]>(wanted);  // NOLINT(modernize-avoid-c-arrays)
        std::copy_n(data_.get() + begin_, used, larger.get());
        data_ = std::move(larger);
        capacity_ = wanted;
    } else {
        std::copy_n(data_.get() + begin_, used, data_.get());
    }
    moved_ += begin_;
    begin_ = 0;
    end_ = used;
}

}  // namespace tow::record
