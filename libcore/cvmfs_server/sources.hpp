// Where a survey takes its keys, blacklists and proxies from.
#pragma once

#include "cvmfs_server/options.hpp"

#include <string>
#include <vector>

namespace tow::cvmfs_server {

// Files, and folders of *.pub. Error{Data} for what is no key, Error{NotFound}.
std::vector<PublicKey> read_keys(const std::vector<std::string>& paths);

// What is named, or else those that a client would use for these repositories: /etc/cvmfs/keys and
// the folder of the domain in it. Keys that cannot be read are left out.
std::vector<PublicKey> keys_for(const std::vector<std::string>& repositories,
                                const std::vector<std::string>& named);

Blacklist read_blacklists(const std::vector<std::string>& files);

// Of lists as in CVMFS_HTTP_PROXY and in CVMFS_PAC_URLS: of each of the latter the first that
// works. "auto" is in the former $http_proxy, or else what a PAC file says; in the latter the usual
// one, http://wpad/wpad.dat. Error if a list of PAC files comes to nothing.
void add_proxies(Options& options, const std::vector<std::string>& lists,
                 const std::vector<std::string>& pac_lists);

}  // namespace tow::cvmfs_server
