#include "logstore/content.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include <openssl/evp.h>
#include <zstd.h>

namespace tow::logstore {

namespace {

constexpr int kLevel = 1;  // logs shrink nearly as far as with more, at several times the speed
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kOutput = std::size_t{128} << 10;

}  // namespace

struct Packer::State {
    ZSTD_CCtx* zstd = ZSTD_createCCtx();
    EVP_MD_CTX* hash = EVP_MD_CTX_new();
    std::string out = std::string(kOutput, '\0');

    State() {
        if (zstd == nullptr || hash == nullptr) {
            throw std::bad_alloc();
        }
        ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, kLevel);
        ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        ZSTD_freeCCtx(zstd);
        EVP_MD_CTX_free(hash);
    }
};

Packer::Packer() : state_(std::make_unique<State>()) {}

Packer::~Packer() = default;

void Packer::begin() {
    packed_ = {};
    ZSTD_CCtx_reset(state_->zstd, ZSTD_reset_session_only);
    if (EVP_DigestInit_ex(state_->hash, EVP_sha256(), nullptr) != 1) {
        throw std::bad_alloc();
    }
}

void Packer::pack(std::string_view text, bool is_end) {
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    std::size_t left = 1;
    while (in.pos < in.size || (is_end && left > 0)) {
        ZSTD_outBuffer out{state_->out.data(), state_->out.size(), 0};
        left = ZSTD_compressStream2(state_->zstd, &out, &in, is_end ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left) != 0) {
            base::fail(base::Kind::Internal, "zstd: {}", ZSTD_getErrorName(left));
        }
        packed_.data.append(state_->out.data(), out.pos);
    }
}

void Packer::add(std::string_view text) {
    if (packed_.is_cut) {
        return;
    }
    const auto room = kLargest - packed_.size;
    packed_.is_cut = text.size() > room;
    text = text.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(text.size(), room)));
    EVP_DigestUpdate(state_->hash, text.data(), text.size());
    pack(text, false);
    packed_.size += text.size();
    packed_.is_cut = packed_.is_cut || packed_.data.size() > kLargestPacked;
}

Packer::Packed Packer::finish() {
    pack({}, true);
    std::array<unsigned char, kHashBytes> digest{};
    EVP_DigestFinal_ex(state_->hash, digest.data(), nullptr);
    packed_.hash.assign(reinterpret_cast<const char*>(digest.data()), digest.size());
    return std::exchange(packed_, {});
}

void unpack(std::string_view data, std::uint64_t size,
            const std::function<bool(std::string_view piece)>& take) {
    const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> zstd(ZSTD_createDCtx(),
                                                                    ZSTD_freeDCtx);
    if (!zstd) {
        throw std::bad_alloc();
    }
    std::string output(kOutput, '\0');
    ZSTD_inBuffer in{data.data(), data.size(), 0};
    std::uint64_t total = 0;
    for (std::size_t left = 1; left > 0;) {
        ZSTD_outBuffer out{output.data(), output.size(), 0};
        const auto before = in.pos;
        left = ZSTD_decompressStream(zstd.get(), &out, &in);
        total += out.pos;
        if (ZSTD_isError(left) != 0 || total > size || (out.pos == 0 && in.pos == before)) {
            base::fail(base::Kind::Data, "stored content is damaged");
        }
        if (out.pos > 0 && !take({output.data(), out.pos})) {
            return;
        }
    }
}

}  // namespace tow::logstore
