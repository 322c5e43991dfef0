// What glideins pack into their output: base64, and gzip in it. Both are read as far as they go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tow::pilotlog {

// Base64 that comes in pieces. Blanks and line ends are skipped; it stops at the first character
// that is neither, and at padding.
class Base64 {
  public:
    // Appends what the text decodes to.
    void add(std::string_view text, std::string& out);

    bool is_at_end() const noexcept { return at_end_; }  // nothing more is taken
    bool has_garbage() const noexcept { return garbage_; }

  private:
    std::uint32_t bits_ = 0;
    int count_ = 0;  // of bits that are held
    bool at_end_ = false;
    bool garbage_ = false;
};

// A gzip stream that comes in pieces; several members one behind the other are one.
class Gunzip {
  public:
    using Take = std::function<void(std::string_view piece)>;

    enum class State {
        Reading,
        Complete,  // a member has ended, and nothing stands behind it
        Damaged,   // it is no gzip from here on
        TooLarge,  // it comes to more than the limit
    };

    // take gets what comes out, 64 KiB at a time at most. Nothing comes out beyond the limit.
    Gunzip(std::uint64_t limit, Take take);
    Gunzip(const Gunzip&) = delete;
    Gunzip& operator=(const Gunzip&) = delete;
    ~Gunzip();

    void add(std::string_view bytes);

    State state() const noexcept { return state_; }

  private:
    struct Stream;

    void hand_over(std::size_t size, int code);
    bool goes_on();

    std::unique_ptr<Stream> stream_;
    std::uint64_t left_;
    Take take_;
    State state_ = State::Reading;
};

}  // namespace tow::pilotlog
