// zlib streams from strangers: piece by piece, and never beyond a limit.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tow::cvmfs_server {

class Inflater {
  public:
    using Take = std::function<void(std::string_view piece)>;

    // take gets what comes out, 64 KiB at a time.
    Inflater(std::uint64_t limit, Take take);
    Inflater(Inflater&&) noexcept;
    Inflater& operator=(Inflater&&) noexcept;
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    ~Inflater();

    // Error{Data} if it is no zlib stream, goes on behind its end, or comes to more than the limit.
    void add(std::string_view bytes);

    bool is_complete() const noexcept;
    std::uint64_t size() const noexcept { return size_; }  // of what came out

  private:
    struct State;
    std::unique_ptr<State> state_;
    std::uint64_t limit_;
    std::uint64_t size_ = 0;
    Take take_;
};

// The whole of a small one. Error{Data} also if it is cut short.
std::string inflated(std::string_view bytes, std::uint64_t limit);

}  // namespace tow::cvmfs_server
