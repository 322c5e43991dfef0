// Content hashes as CVMFS writes them: hexadecimal digits, and the algorithm if it is not SHA-1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tow::cvmfs_server {

enum class Algorithm { Md5, Sha1, Rmd160, Shake128 };

struct Hash {
    Algorithm algorithm = Algorithm::Sha1;
    std::string digits;  // lower case

    std::string text() const;  // "72aa...-rmd160"

    // Where the object is below the repository: "data/72/aa...-rmd160C".
    std::string object_path(std::string_view suffix) const;

    friend bool operator==(const Hash&, const Hash&) = default;
};

// 32 digits are MD5, 40 with nothing, -rmd160 or -shake128 behind them the others; lower case.
std::optional<Hash> parse_hash(std::string_view text);

// Of the 20 bytes as a catalog stores them.
Hash hash_of_bytes(Algorithm algorithm, std::string_view bytes);

// Error{Unavailable} where OpenSSL here lacks the algorithm.
class Digest {
  public:
    explicit Digest(Algorithm algorithm);
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;
    ~Digest();

    void add(std::string_view bytes);
    Hash finish();

  private:
    struct State;
    Algorithm algorithm_;
    std::unique_ptr<State> state_;
};

Hash digest_of(Algorithm algorithm, std::string_view bytes);

}  // namespace tow::cvmfs_server
