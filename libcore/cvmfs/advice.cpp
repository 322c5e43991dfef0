// What to do about each reason that a check may give, for whoever is woken by it.
#include "cvmfs/report.hpp"

#include <algorithm>
#include <array>

namespace tow::cvmfs {

namespace {

struct Advice {
    std::string_view reason;
    std::string_view what;
};

constexpr std::string_view kTellPublisher =
    "tell those who publish the repository; clients cannot use it anywhere";
constexpr std::string_view kRepairObject =
    "on the server: cvmfs_server check, then snapshot again; on a stratum 0 restore the object";
constexpr std::string_view kAnotherServer =
    "is the server up? clients use the next of CVMFS_SERVER_URL meanwhile";
constexpr std::string_view kSnapshot =
    "on the replica: see its snapshot log, disk space and the cron job of cvmfs_server snapshot";
constexpr std::string_view kRemount =
    "on the node: cvmfs_config killall or umount -l, then mount again; drain the node meanwhile";

constexpr std::array kAdvice{
    Advice{"certificate_blacklisted", "the signing key was revoked: publish with a new one"},
    Advice{"certificate_hash", kRepairObject},
    Advice{"certificate_malformed", kRepairObject},
    Advice{"certificate_missing", kRepairObject},
    Advice{"certificate_not_listed",
           "sign the whitelist again for the certificate that publishes (cvmfs_server resign)"},
    Advice{"cache_free", "make room where CVMFS_CACHE_BASE is, or lower CVMFS_QUOTA_LIMIT"},
    Advice{"cache_quota", "raise CVMFS_QUOTA_LIMIT"},
    Advice{"cache_thrashing", "raise CVMFS_QUOTA_LIMIT: the cache is smaller than what jobs read"},
    Advice{"crashed", "read stacktrace.<repository> in the cache and mount again"},
    Advice{"descriptors", "raise CVMFS_NFILES and reload, or look for jobs that leave files open"},
    Advice{"gc_age", "on the server: is the cron job of cvmfs_server gc alive?"},
    Advice{"geodb_age", "on the server: renew the key of the database of locations"},
    Advice{"hung", kRemount},
    Advice{"initial_snapshot", "wait for the first snapshot; keep it out of CVMFS_SERVER_URL"},
    Advice{"io_errors", "read the log of the client; is one server or proxy sending errors?"},
    Advice{"manifest_empty", kRepairObject},
    Advice{"manifest_hash", kTellPublisher},
    Advice{"manifest_malformed", kTellPublisher},
    Advice{"manifest_missing", "is the name right, and is the repository replicated here?"},
    Advice{"manifest_name", "the URL leads to another repository: see the server's configuration"},
    Advice{"manifest_not_a_manifest", "something between here and the server answers in its place"},
    Advice{"manifest_signature", kTellPublisher},
    Advice{"manifest_truncated", kRepairObject},
    Advice{"memory", "cvmfs_config reload lets go of it; tell those who maintain the client"},
    Advice{"mount_behind", "ask the server through the node's proxy: is one of them stale?"},
    Advice{"nested_catalog_hash", kRepairObject},
    Advice{"nested_catalog_missing", kRepairObject},
    Advice{"not_mounted", "on the node: cvmfs_config probe, then the log of the client"},
    Advice{"not_cvmfs", "mount it: what is there is an ordinary directory or another file system"},
    Advice{"object_hash", kRepairObject},
    Advice{"object_missing", kRepairObject},
    Advice{"on_fallback_proxy", "are the proxies of this site up? traffic leaves the site"},
    Advice{"on_direct", "are the proxies of this site up? each node asks the servers itself"},
    Advice{"on_later_proxy", "is the first proxy group up?"},
    Advice{"proxy_direct_only", "no proxy works: start one of them, or clients go DIRECT"},
    Advice{"proxy_does_not_cache", "is the object larger than maximum_object_size of the squid?"},
    Advice{"proxy_refuses", "the squid denies access: add server or client to its ACL"},
    Advice{"proxy_stale", "the squid serves old manifests: see refresh_pattern, or restart it"},
    Advice{"proxy_unreachable", "start the squid, or take it out of CVMFS_HTTP_PROXY"},
    Advice{"read_failed", "read the log of the client; is a server lacking objects?"},
    Advice{"reflog_incomplete",
           "on the server: cvmfs_server check -r repairs it; no gc until then"},
    Advice{"reflog_malformed", "on the server: cvmfs_server check -r repairs it; no gc until then"},
    Advice{"revision_blacklisted", "the revision was withdrawn: publish a newer one"},
    Advice{"revision_lag", kSnapshot},
    Advice{"revision_rollback",
           "clients refuse to go back: was it restored from a backup? else remove what is kept"},
    Advice{"root_catalog_hash", kRepairObject},
    Advice{"root_catalog_missing", kRepairObject},
    Advice{"server_cut_off", kAnotherServer},
    Advice{"server_error", kAnotherServer},
    Advice{"server_not_http", "something else answers at this port"},
    Advice{"server_redirects", "clients do not follow redirects: see the server's configuration"},
    Advice{"server_timeout", kAnotherServer},
    Advice{"server_unreachable", kAnotherServer},
    Advice{"server_check_failed", "on the server: cvmfs_server check tells what is missing"},
    Advice{"snapshot_age", kSnapshot},
    Advice{"snapshot_stuck", "a snapshot hangs or died: end it, remove .cvmfs_is_snapshotting"},
    Advice{"stuck_reload", "a reload of the client did not end: cvmfs_config reload again"},
    Advice{"too_few_replicas", "bring a second server back, or add one to CVMFS_SERVER_URL"},
    Advice{"update_overdue", "no server answers the client: see its proxies and servers"},
    Advice{"whitelist_empty", kRepairObject},
    Advice{"whitelist_expired",
           "sign the whitelist again with the master key (cvmfs_server resign)"},
    Advice{"whitelist_expires_soon",
           "sign the whitelist again with the master key (cvmfs_server resign)"},
    Advice{"whitelist_hash", kTellPublisher},
    Advice{"whitelist_malformed", kTellPublisher},
    Advice{"whitelist_missing", kRepairObject},
    Advice{"whitelist_name", "the whitelist of another repository is served here"},
    Advice{"whitelist_pkcs7", "no client can read it: sign the whitelist with a master key"},
    Advice{"whitelist_signature", "is the public key of this repository the right one?"},
};

}  // namespace

std::optional<std::string> advice_for(std::string_view reason) {
    const auto found = std::ranges::find(kAdvice, reason, &Advice::reason);
    return found == kAdvice.end() ? std::nullopt : std::optional<std::string>(found->what);
}

}  // namespace tow::cvmfs
