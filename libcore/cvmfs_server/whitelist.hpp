// .cvmfswhitelist: which certificates may sign a repository, signed with its master key.
#pragma once

#include "base/clock.hpp"
#include "cvmfs_server/fault.hpp"
#include "cvmfs_server/letter.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tow::cvmfs_server {

constexpr std::size_t kWhitelistLimit = 65536;  // bytes; real ones have 400

struct Whitelist {
    std::optional<Letter> letter;  // absent with PKCS#7: the signature is elsewhere
    std::string name;
    base::Time expires;  // as clients see it: the hour it says, without minutes
    bool is_pkcs7 = false;
    std::vector<Hash> fingerprints;
};

struct WhitelistReading {
    std::optional<Whitelist> whitelist;
    std::optional<Fault> fault;  // of form, name or hash
};

// Not the signature, and not whether it has expired.
WhitelistReading read_whitelist(std::string_view text, std::string_view repository);

// The fingerprint on a line of a whitelist or blacklist; nothing if it holds none.
std::optional<Hash> parse_fingerprint(std::string_view line);

// Certificates and revisions that a site refuses.
struct Blacklist {
    std::vector<Hash> fingerprints;
    std::map<std::string, std::uint64_t> least_revisions;  // by repository
};

void add_to_blacklist(Blacklist& blacklist, std::string_view text);

}  // namespace tow::cvmfs_server
