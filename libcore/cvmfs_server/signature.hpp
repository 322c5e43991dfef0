// Keys and certificates. Signatures are looked at the way CVMFS makes them: the block that RSA
// yields is compared, so that a system which forbids SHA-1 signatures does not matter.
#pragma once

#include "cvmfs_server/fault.hpp"
#include "cvmfs_server/hash.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::cvmfs_server {

class PublicKey {
  public:
    // PEM: "BEGIN PUBLIC KEY". Error{Data} that says what is wrong.
    static PublicKey parse(std::string_view pem, std::string origin);

    const std::string& origin() const noexcept { return origin_; }  // a file, for messages
    int bits() const;

    // What was signed, as PKCS#1 v1.5 type 1 holds it; nothing if it was not with this key.
    std::optional<std::string> recover(std::string_view signature) const;

    // Made with SHA-1 of the text, as manifests are.
    bool verifies_sha1(std::string_view text, std::string_view signature) const;

    // Made of the text itself, as whitelists are.
    bool verifies_raw(std::string_view text, std::string_view signature) const;

  private:
    friend class Certificate;
    struct Key;
    explicit PublicKey(std::shared_ptr<const Key> key, std::string origin);

    std::shared_ptr<const Key> key_;
    std::string origin_;
};

class Certificate {
  public:
    static std::optional<Certificate> parse(std::string_view pem);  // nothing: not a certificate

    Hash fingerprint(Algorithm algorithm) const;  // of its DER
    const PublicKey& key() const noexcept { return key_; }
    const std::string& subject() const noexcept { return subject_; }

  private:
    Certificate(PublicKey key, std::string der, std::string subject);

    PublicKey key_;
    std::string der_;
    std::string subject_;
};

}  // namespace tow::cvmfs_server
