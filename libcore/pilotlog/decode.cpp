#include "pilotlog/decode.hpp"

#include <algorithm>
#include <array>
#include <new>

#include <zlib.h>

namespace tow::pilotlog {

namespace {

constexpr std::uint8_t kSkip = 64;
constexpr std::uint8_t kPad = 65;
constexpr std::uint8_t kOther = 66;
constexpr unsigned char kFirstOfGzip = 0x1F;

constexpr std::array<std::uint8_t, 256> make_table() {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<std::uint8_t, 256> table{};
    table.fill(kOther);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
        table[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    }
    for (const char c : std::string_view(" \t\r\n\v\f")) {
        table[static_cast<std::uint8_t>(c)] = kSkip;
    }
    table[static_cast<std::uint8_t>('=')] = kPad;
    return table;
}

constexpr auto kTable = make_table();

constexpr std::uint8_t value_of(char c) noexcept {
    return kTable[static_cast<std::uint8_t>(c)];
}

// Four characters at a time, as long as they are all of the alphabet.
std::size_t decode_quads(std::string_view text, std::string& out) {
    std::size_t i = 0;
    for (; i + 4 <= text.size(); i += 4) {
        const auto a = value_of(text[i]);
        const auto b = value_of(text[i + 1]);
        const auto c = value_of(text[i + 2]);
        const auto d = value_of(text[i + 3]);
        if ((a | b | c | d) >= kSkip) {
            break;
        }
        const std::array<char, 3> bytes{static_cast<char>(a << 2U | b >> 4U),
                                        static_cast<char>(b << 4U | c >> 2U),
                                        static_cast<char>(c << 6U | d)};
        out.append(bytes.data(), bytes.size());
    }
    return i;
}

}  // namespace

void Base64::add(std::string_view text, std::string& out) {
    while (!text.empty() && !at_end_) {
        if (count_ == 0) {
            text.remove_prefix(decode_quads(text, out));
            if (text.empty()) {
                return;
            }
        }
        const auto value = value_of(text.front());
        text.remove_prefix(1);
        if (value < kSkip) {
            bits_ = bits_ << 6U | value;
            count_ += 6;
            if (count_ >= 8) {
                count_ -= 8;
                out += static_cast<char>(bits_ >> static_cast<unsigned>(count_));
            }
        } else if (value != kSkip) {
            at_end_ = true;
            garbage_ = value == kOther;
        }
    }
}

struct Gunzip::Stream {
    z_stream z{};
    std::array<char, 65536> out{};

    Stream() {
        if (::inflateInit2(&z, 16 + MAX_WBITS) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() { ::inflateEnd(&z); }
};

Gunzip::Gunzip(std::uint64_t limit, Take take)
    : stream_(std::make_unique<Stream>()), left_(limit), take_(std::move(take)) {}

Gunzip::~Gunzip() = default;

// What zlib made of the bytes it has, taken as far as the limit allows.
void Gunzip::hand_over(std::size_t size, int code) {
    const auto taken = std::min<std::uint64_t>(size, left_);
    left_ -= taken;
    if (taken > 0) {
        take_({stream_->out.data(), static_cast<std::size_t>(taken)});
    }
    if (taken < size) {
        state_ = State::TooLarge;
    } else if (code == Z_STREAM_END) {
        state_ = State::Complete;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
        state_ = State::Damaged;
    }
}

// A further member may follow one that is complete; anything else that does is ignored.
bool Gunzip::goes_on() {
    auto& z = stream_->z;
    if (state_ == State::Complete && z.avail_in > 0 && *z.next_in == kFirstOfGzip) {
        state_ = ::inflateReset(&z) == Z_OK ? State::Reading : State::Damaged;
    }
    return state_ == State::Reading;
}

void Gunzip::add(std::string_view bytes) {
    auto& z = stream_->z;
    z.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    bool has_more = true;  // zlib may hold back more than there was room for
    while ((z.avail_in > 0 || has_more) && goes_on()) {
        z.next_out = reinterpret_cast<Bytef*>(stream_->out.data());
        z.avail_out = static_cast<uInt>(stream_->out.size());
        const int code = ::inflate(&z, Z_NO_FLUSH);
        const auto size = stream_->out.size() - z.avail_out;
        has_more = z.avail_out == 0;
        hand_over(size, code);
        if (code == Z_BUF_ERROR && size == 0) {
            return;  // it wants more input
        }
    }
}

}  // namespace tow::pilotlog
