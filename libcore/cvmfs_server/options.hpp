// What is to be looked at, and how closely.
#pragma once

#include "base/clock.hpp"
#include "cvmfs/thresholds.hpp"
#include "cvmfs_server/signature.hpp"
#include "cvmfs_server/whitelist.hpp"
#include "http/client.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tow::cvmfs_server {

constexpr std::int64_t kAll = -1;

struct Options {
    std::vector<std::string> servers;       // URLs, see repository_url()
    std::vector<std::string> repositories;  // empty: all that the servers list
    std::vector<std::string> proxies;       // to be looked at as well
    bool may_go_direct = false;             // clients do if no proxy works
    std::int64_t depth = 0;                 // of nested catalogs; kAll: to the end
    std::int64_t objects = 0;               // of the files in the catalogs that were read; or kAll
    std::optional<std::string> geo_name;    // a host whose nearest servers are asked for
    std::optional<std::string> kept;        // folder of the manifests of the last run
    std::vector<PublicKey> keys;
    Blacklist blacklist;
    cvmfs::Thresholds thresholds;
    base::Time now;
    http::ClientOptions client;
    std::chrono::milliseconds patience{8'000};  // with one answer, large objects excepted
};

// One connection to a host, and no more questions to one that does not answer.
http::ClientOptions polite_client(std::chrono::milliseconds deadline,
                                  std::function<void(const std::string& line)> log);

// Of --depth and --objects. Error{Usage} that names the option.
std::int64_t number_or_all(const std::string& text, std::string_view option);

// "http://host[:port]", the same with a path, one that ends in the name, or one with @fqrn@ or
// @org@ in it as clients have it in CVMFS_SERVER_URL. Error{Usage} if it is not of http or https.
std::string repository_url(const std::string& server, const std::string& repository);

// "host", or "host:port" if that is not 80: how people call it.
std::string server_name(const std::string& url);

}  // namespace tow::cvmfs_server
