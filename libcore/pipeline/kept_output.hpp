// Output that may be endless, kept within bounds.
#pragma once

#include "base/error.hpp"
#include "base/file.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tow::pipeline {

// The last bytes of a stream.
class Tail {
  public:
    explicit Tail(std::size_t most) : most_(most) {}

    void append(std::string_view text);
    std::string_view text() const noexcept;

    // Bytes that came, all of them.
    std::size_t total() const noexcept { return total_; }

  private:
    std::size_t most_;
    std::size_t total_ = 0;
    std::string kept_;
};

// A file with the first and the last part of a stream. The first part is there as soon as it came,
// whatever happens to us. A file that cannot be written never stops the stream.
class KeptOutput {
  public:
    static constexpr std::size_t kMost = std::size_t{1} << 20;  // bytes

    explicit KeptOutput(const std::string& path);  // replaces what was there

    void append(std::string_view text);
    void finish();  // writes the last part

    const std::optional<base::Error>& problem() const noexcept { return problem_; }

  private:
    void write(std::string_view text);

    std::string path_;
    base::UniqueFd fd_;
    std::size_t room_ = kMost / 2;  // for the first part
    Tail tail_{kMost / 2};
    std::optional<base::Error> problem_;
};

}  // namespace tow::pipeline
