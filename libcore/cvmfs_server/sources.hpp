// Where a survey takes its keys, blacklists and proxies from.
#pragma once

#include "cvmfs_server/options.hpp"

#include <string>
#include <vector>

namespace tow::cvmfs_server {

// Files, and folders of *.pub. Error{Data} for what is no key, Error{NotFound}.
std::vector<PublicKey> read_keys(const std::vector<std::string>& paths);

// Those that a client would use for these repositories: /etc/cvmfs/keys and the folder of the
// domain in it. Keys that cannot be read are left out.
std::vector<PublicKey> installed_keys(const std::vector<std::string>& repositories);

Blacklist read_blacklists(const std::vector<std::string>& files);

// Of lists as in CVMFS_HTTP_PROXY, and of PAC files at URLs.
void add_proxies(Options& options, const std::vector<std::string>& lists,
                 const std::vector<std::string>& pac_urls);

}  // namespace tow::cvmfs_server
