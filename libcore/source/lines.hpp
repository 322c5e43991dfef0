// Lines of one input, memory flat: a line has at most record::kMaxDocument bytes.
#pragma once

#include "record/input.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace tow::source {

class Lines {
  public:
    // Reads fd, which must outlive it. name stands in messages.
    Lines(int fd, std::string name);

    // The next line; false at the end.
    bool next();

    std::string_view text() const noexcept;  // without its end, until the next call of next()
    std::string where() const;               // "name:line"

    [[noreturn]] void reject(std::string_view why) const;

  private:
    record::InputBuffer input_;
    std::string name_;
    std::size_t size_ = 0;  // of the current line, its end included
    std::size_t line_ = 0;
};

}  // namespace tow::source
