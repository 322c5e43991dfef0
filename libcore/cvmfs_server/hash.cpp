#include "cvmfs_server/hash.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

namespace tow::cvmfs_server {

namespace {

constexpr std::size_t kLongest = 20;  // bytes; SHAKE128 is squeezed to as many

struct Properties {
    const char* openssl_name;
    std::string_view suffix;
    std::size_t digits;
};

// In the order of Algorithm.
constexpr std::array<Properties, 4> kAlgorithms{
    Properties{"MD5", "", 32},
    Properties{"SHA1", "", 40},
    Properties{"RIPEMD160", "-rmd160", 40},
    Properties{"SHAKE128", "-shake128", 40},
};

const Properties& properties(Algorithm algorithm) {
    return kAlgorithms[static_cast<std::size_t>(algorithm)];
}

}  // namespace

std::string Hash::text() const {
    return digits + std::string(properties(algorithm).suffix);
}

std::string Hash::object_path(std::string_view suffix) const {
    return fmt::format("data/{}/{}{}{}", digits.substr(0, 2), digits.substr(2),
                       properties(algorithm).suffix, suffix);
}

std::optional<Hash> parse_hash(std::string_view text) {
    const auto end = std::min(text.find('-'), text.size());
    const auto digits = text.substr(0, end);
    const bool is_hex = std::ranges::all_of(
        digits, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    for (std::size_t i = 0; is_hex && i < kAlgorithms.size(); ++i) {
        if (kAlgorithms[i].digits == digits.size() && kAlgorithms[i].suffix == text.substr(end)) {
            return Hash{static_cast<Algorithm>(i), std::string(digits)};
        }
    }
    return std::nullopt;
}

Hash hash_of_bytes(Algorithm algorithm, std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    Hash hash{algorithm, {}};
    hash.digits.reserve(2 * bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hash.digits += kDigits[byte >> 4U];
        hash.digits += kDigits[byte & 15U];
    }
    return hash;
}

struct Digest::State {
    struct Free {
        void operator()(EVP_MD* one) const noexcept { ::EVP_MD_free(one); }
        void operator()(EVP_MD_CTX* one) const noexcept { ::EVP_MD_CTX_free(one); }
    };

    std::unique_ptr<EVP_MD, Free> method;
    std::unique_ptr<EVP_MD_CTX, Free> context;
};

Digest::Digest(Algorithm algorithm) : algorithm_(algorithm), state_(std::make_unique<State>()) {
    const auto* name = properties(algorithm).openssl_name;
    state_->method.reset(::EVP_MD_fetch(nullptr, name, nullptr));
    state_->context.reset(::EVP_MD_CTX_new());
    if (!state_->method || !state_->context ||
        ::EVP_DigestInit_ex(state_->context.get(), state_->method.get(), nullptr) != 1) {
        base::fail(base::Kind::Unavailable, "OpenSSL of this host has no {}", name);
    }
}

Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::add(std::string_view bytes) {
    ::EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size());
}

Hash Digest::finish() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int size = kLongest;
    if (algorithm_ == Algorithm::Shake128) {
        ::EVP_DigestFinalXOF(state_->context.get(), out.data(), kLongest);
    } else {
        ::EVP_DigestFinal_ex(state_->context.get(), out.data(), &size);
    }
    return hash_of_bytes(algorithm_, {reinterpret_cast<const char*>(out.data()), size});
}

Hash digest_of(Algorithm algorithm, std::string_view bytes) {
    Digest digest(algorithm);
    digest.add(bytes);
    return digest.finish();
}

}  // namespace tow::cvmfs_server
