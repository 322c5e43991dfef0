#include "cvmfs_server/signature.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"

#include <array>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace tow::cvmfs_server {

namespace {

struct Free {
    void operator()(BIO* bio) const noexcept { ::BIO_free(bio); }
    void operator()(EVP_PKEY* key) const noexcept { ::EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const noexcept { ::EVP_PKEY_CTX_free(context); }
    void operator()(X509* certificate) const noexcept { ::X509_free(certificate); }
    void operator()(unsigned char* der) const noexcept { ::OPENSSL_free(der); }
};

template <class T>
using Owner = std::unique_ptr<T, Free>;

constexpr std::size_t kLongestPem = 65536;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Owner<BIO> reader_of(std::string_view pem) {
    return Owner<BIO>(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// A key file that is protected asks nobody for a passphrase.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

}  // namespace

struct PublicKey::Key {
    Owner<EVP_PKEY> handle;
};

PublicKey::PublicKey(std::shared_ptr<const Key> key, std::string origin)
    : key_(std::move(key)), origin_(std::move(origin)) {}

PublicKey PublicKey::parse(std::string_view pem, std::string origin) {
    auto key = std::make_shared<Key>();
    if (pem.size() <= kLongestPem) {
        const auto reader = reader_of(pem);
        key->handle.reset(::PEM_read_bio_PUBKEY(reader.get(), nullptr, &no_passphrase, nullptr));
    }
    ::ERR_clear_error();
    if (!key->handle || ::EVP_PKEY_get_base_id(key->handle.get()) != EVP_PKEY_RSA) {
        base::fail(base::Kind::Data, "{}: not a public RSA key in PEM", base::printable(origin));
    }
    return PublicKey(std::move(key), std::move(origin));
}

int PublicKey::bits() const {
    return ::EVP_PKEY_get_bits(key_->handle.get());
}

std::optional<std::string> PublicKey::recover(std::string_view signature) const {
    auto* key = key_->handle.get();
    if (signature.size() != static_cast<std::size_t>(::EVP_PKEY_get_size(key))) {
        return std::nullopt;
    }
    const Owner<EVP_PKEY_CTX> context(::EVP_PKEY_CTX_new(key, nullptr));
    std::string out(signature.size(), '\0');
    std::size_t size = out.size();
    const bool fits =
        context && ::EVP_PKEY_verify_recover_init(context.get()) == 1 &&
        ::EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
        ::EVP_PKEY_verify_recover(context.get(), reinterpret_cast<unsigned char*>(out.data()),
                                  &size, bytes_of(signature), signature.size()) == 1;
    ::ERR_clear_error();
    if (!fits) {
        return std::nullopt;
    }
    out.resize(size);
    return out;
}

bool PublicKey::verifies_raw(std::string_view text, std::string_view signature) const {
    return recover(signature) == std::string(text);
}

bool PublicKey::verifies_sha1(std::string_view text, std::string_view signature) const {
    // DigestInfo of SHA-1 in DER, before the 20 bytes of the digest (RFC 8017, section 9.2).
    constexpr std::string_view kPrefix{
        "\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14", 15};
    const auto block = recover(signature);
    return block && block->starts_with(kPrefix) &&
           hash_of_bytes(Algorithm::Sha1, block->substr(kPrefix.size())) ==
               digest_of(Algorithm::Sha1, text);
}

Certificate::Certificate(PublicKey key, std::string der, std::string subject)
    : key_(std::move(key)), der_(std::move(der)), subject_(std::move(subject)) {}

std::optional<Certificate> Certificate::parse(std::string_view pem) {
    if (pem.size() > kLongestPem) {
        return std::nullopt;
    }
    const auto reader = reader_of(pem);
    const Owner<X509> certificate(
        ::PEM_read_bio_X509_AUX(reader.get(), nullptr, &no_passphrase, nullptr));
    auto key = std::make_shared<PublicKey::Key>();
    key->handle.reset(certificate ? ::X509_get_pubkey(certificate.get()) : nullptr);
    ::ERR_clear_error();
    if (!key->handle || ::EVP_PKEY_get_base_id(key->handle.get()) != EVP_PKEY_RSA) {
        return std::nullopt;
    }
    unsigned char* bytes = nullptr;
    const int size = ::i2d_X509(certificate.get(), &bytes);
    const Owner<unsigned char> owner(bytes);
    if (size <= 0) {
        return std::nullopt;
    }
    std::array<char, 256> subject{};
    ::X509_NAME_oneline(::X509_get_subject_name(certificate.get()), subject.data(),
                        static_cast<int>(subject.size()));
    return Certificate(
        PublicKey(std::move(key), "certificate"),
        std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)),
        base::printable(subject.data()));
}

Hash Certificate::fingerprint(Algorithm algorithm) const {
    return digest_of(algorithm, der_);
}

}  // namespace tow::cvmfs_server
