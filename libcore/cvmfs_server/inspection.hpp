// One repository at one server: everything is fetched first, then judged in a fixed order, so that
// what comes first is what to repair first.
#pragma once

#include "cvmfs/report.hpp"
#include "cvmfs_server/catalog.hpp"
#include "cvmfs_server/fetch.hpp"
#include "cvmfs_server/kept.hpp"
#include "cvmfs_server/manifest.hpp"
#include "cvmfs_server/options.hpp"
#include "cvmfs_server/status.hpp"
#include "cvmfs_server/walk.hpp"

#include <memory>
#include <optional>
#include <string>

namespace tow::cvmfs_server {

// Where to look, and what the server says of it in its list.
struct Place {
    cvmfs::Subject subject;
    std::string url;  // of the repository there
    std::optional<ServedRepository> listed;
};

// What comparing servers needs of one.
struct Replica {
    cvmfs::Subject subject;
    std::string url;
    std::optional<Manifest> manifest;
    bool is_verified = false;  // the manifest is signed by whom the whitelist names
    std::optional<History> history;
    std::optional<Hash> certificate;  // an object that is there and never changes
};

class Inspection {
  public:
    // done is called once, when all has been fetched.
    Inspection(http::Client& client, const Options& options, Place place,
               std::function<void()> done);
    Inspection(const Inspection&) = delete;
    Inspection& operator=(const Inspection&) = delete;

    void begin();

    // After done: the checks, and what is left to compare.
    cvmfs::Report judge();
    const Replica& replica() const noexcept { return replica_; }

    // For people: "revision 4 of 2026-11-21T18:00:00Z, 5 catalogs".
    std::string summary() const;

  private:
    using State = model::CheckState;

    void fetch_manifest();
    void take_manifest(http::Response response);
    void fetch_parts();
    void idle();

    void bad(std::string_view name, State state, const Fault& fault);
    void ok(std::string_view name, std::string message);

    bool judge_manifest();  // false: there is nothing else to look at
    void judge_whitelist();
    void judge_whitelist_signature(const Whitelist& whitelist);
    void judge_certificate();
    void judge_manifest_signature();
    void judge_blacklist();
    void judge_catalogs();
    void judge_nested();
    void judge_objects();
    void judge_history();
    void judge_metainfo();
    void judge_reflog();
    void judge_kept();
    void judge_server();

    const Options& options_;
    Place place_;
    std::function<void()> done_;
    Fetcher fetcher_;
    Walk walk_;
    cvmfs::Report report_;
    Replica replica_;

    http::Response manifest_response_;
    http::Response whitelist_response_;
    http::Response status_;
    http::Response last_snapshot_;
    http::Response snapshotting_;
    http::Response master_;
    http::Response geo_;
    std::optional<Fault> manifest_fault_;
    std::optional<WhitelistReading> whitelist_;
    bool whitelist_is_signed_ = false;
    std::optional<FetchedObject> certificate_object_;
    std::optional<Certificate> certificate_;
    bool certificate_is_listed_ = false;
    std::optional<FetchedObject> history_object_;
    std::optional<FetchedObject> metainfo_object_;
    std::optional<FetchedObject> reflog_;
    std::optional<KeptAnswer> kept_;  // the manifest of the last run
};

}  // namespace tow::cvmfs_server
