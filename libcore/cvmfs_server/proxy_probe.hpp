// A proxy between here and a server: is it there, does it serve, does it cache, is it stale.
#pragma once

#include "cvmfs/report.hpp"
#include "cvmfs_server/inspection.hpp"
#include "http/client.hpp"

#include <string>

namespace tow::cvmfs_server {

class ProxyProbe {
  public:
    ProxyProbe(http::Client& client, const Replica& replica, std::string proxy);
    ProxyProbe(const ProxyProbe&) = delete;
    ProxyProbe& operator=(const ProxyProbe&) = delete;

    void begin();  // the manifest, then an object that never changes, twice

    // After all has been fetched.
    void judge(cvmfs::Report& report) const;

  private:
    http::Request request(const std::string& path) const;
    void judge_manifest(cvmfs::Report& report, const cvmfs::Subject& subject) const;
    void judge_caching(cvmfs::Report& report, const cvmfs::Subject& subject) const;

    http::Client& client_;
    const Replica& replica_;
    std::string proxy_;
    http::Response manifest_;
    http::Response first_;
    http::Response second_;
};

}  // namespace tow::cvmfs_server
