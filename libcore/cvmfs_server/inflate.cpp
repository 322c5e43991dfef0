#include "cvmfs_server/inflate.hpp"

#include "base/error.hpp"

#include <array>

#include <zlib.h>

namespace tow::cvmfs_server {

struct Inflater::State {
    z_stream stream{};
    std::array<char, 65536> out{};
    bool is_complete = false;

    State() {
        if (::inflateInit(&stream) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { ::inflateEnd(&stream); }
};

Inflater::Inflater(std::uint64_t limit, Take take)
    : state_(std::make_unique<State>()), limit_(limit), take_(std::move(take)) {}

Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;
Inflater::~Inflater() = default;

bool Inflater::is_complete() const noexcept {
    return state_->is_complete;
}

void Inflater::add(std::string_view bytes) {
    auto& stream = state_->stream;
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    bool is_full = true;  // zlib may hold back more than it was given
    while (stream.avail_in > 0 || is_full) {
        if (state_->is_complete) {
            if (stream.avail_in > 0) {
                base::fail(base::Kind::Data, "there is something behind the end of its data");
            }
            return;
        }
        stream.next_out = reinterpret_cast<Bytef*>(state_->out.data());
        stream.avail_out = static_cast<uInt>(state_->out.size());
        const int code = ::inflate(&stream, Z_NO_FLUSH);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
            base::fail(base::Kind::Data, "it is not zlib data");
        }
        const auto count = state_->out.size() - stream.avail_out;
        is_full = stream.avail_out == 0;
        size_ += count;
        if (size_ > limit_) {
            base::fail(base::Kind::Data, "it inflates to more than {} bytes", limit_);
        }
        state_->is_complete = code == Z_STREAM_END;
        if (count > 0) {
            take_({state_->out.data(), count});
        }
        if (code == Z_BUF_ERROR && count == 0) {
            return;  // it wants more input
        }
    }
}

std::string inflated(std::string_view bytes, std::uint64_t limit) {
    std::string result;
    Inflater inflater(limit, [&](std::string_view piece) { result += piece; });
    inflater.add(bytes);
    if (!inflater.is_complete()) {
        base::fail(base::Kind::Data, "its data breaks off");
    }
    return result;
}

}  // namespace tow::cvmfs_server
