#include "cvmfs_server/inspection.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "cvmfs_server/housekeeping.hpp"
#include "cvmfs_server/reflog.hpp"
#include "record/json.hpp"

#include <algorithm>

namespace tow::cvmfs_server {

namespace {

constexpr std::uint64_t kCertificateLimit = 65536;
constexpr std::uint64_t kMetainfoLimit = std::uint64_t{1} << 20;
constexpr std::uint64_t kHistoryLimit = std::uint64_t{256} << 20;
constexpr std::uint64_t kReflogLimit = std::uint64_t{256} << 20;
constexpr int kNotModified = 304;

double seconds_between(base::Time from, base::Time to) {
    return static_cast<double>((to - from).count());
}

// Of several faults of a kind: the first, and how many more.
Fault told(const std::vector<WalkFault>& faults) {
    Fault fault = faults.front().fault;
    fault.message = fmt::format("{}: {}", faults.front().path.empty() ? "/" : faults.front().path,
                                fault.message);
    if (faults.size() > 1) {
        fault.message += fmt::format(" (and {} more)", faults.size() - 1);
    }
    return fault;
}

}  // namespace

Inspection::Inspection(http::Client& client, const Options& options, Place place,
                       std::function<void()> done)
    : options_(options),
      place_(std::move(place)),
      done_(std::move(done)),
      fetcher_(client, place_.url, options.patience, [this] { idle(); }),
      walk_(fetcher_, options_),
      report_(options_.thresholds, options_.now) {
    replica_.subject = place_.subject;
    replica_.url = place_.url;
}

void Inspection::begin() {
    const auto keep = [](http::Response& place) {
        return [&place](http::Response response) { place = std::move(response); };
    };
    fetch_manifest();
    fetcher_.get(".cvmfswhitelist", keep(whitelist_response_));
    fetcher_.get(".cvmfs_status.json", keep(status_));
    fetcher_.get(".cvmfs_last_snapshot", keep(last_snapshot_));
    fetcher_.get(".cvmfs_is_snapshotting", keep(snapshotting_));
    fetcher_.get(".cvmfs_master_replica", keep(master_));
    if (options_.geo_name) {
        fetcher_.get(geo_path(*options_.geo_name, place_.url), keep(geo_));
    }
}

void Inspection::fetch_manifest() {
    if (options_.kept) {
        kept_ = KeptAnswers(*options_.kept).find(place_.url);
    }
    fetcher_.get(
        ".cvmfspublished", [this](http::Response response) { take_manifest(std::move(response)); },
        kept_ ? kept_->known : http::Validators());
}

void Inspection::take_manifest(http::Response response) {
    manifest_response_ = std::move(response);
    if (kept_ && manifest_response_.status == kNotModified) {
        manifest_response_.status = 200;
        manifest_response_.body = kept_->body;
    }
    manifest_fault_ = fault_of(manifest_response_, "manifest");
    if (manifest_fault_) {
        return;
    }
    auto reading = read_manifest(manifest_response_.body, place_.subject.repository);
    replica_.manifest = std::move(reading.manifest);
    manifest_fault_ = std::move(reading.fault);
    if (replica_.manifest) {
        fetch_parts();
    }
}

void Inspection::fetch_parts() {
    const auto& manifest = *replica_.manifest;
    const auto fetch = [&](const std::optional<Hash>& hash, Fetcher::Wanted wanted,
                           std::optional<FetchedObject>& place) {
        if (hash) {
            wanted.hash = *hash;
            fetcher_.get_object(wanted,
                                [&place](FetchedObject object) { place = std::move(object); });
        }
    };
    const auto path = [&](const std::optional<Hash>& hash, const char* suffix) {
        return hash ? manifest.path_of(*hash, suffix) : std::string();
    };
    fetch(manifest.certificate,
          {"certificate", path(manifest.certificate, "X"), {}, kCertificateLimit, {}},
          certificate_object_);
    walk_.begin(manifest.root_catalog, manifest.path_of(manifest.root_catalog, "C"),
                manifest.root_catalog_bytes);
    fetch(manifest.history,
          {"history", path(manifest.history, "H"), {}, kHistoryLimit, Fetcher::Keep::File},
          history_object_);
    fetch(manifest.metainfo, {"metainfo", path(manifest.metainfo, "M"), {}, kMetainfoLimit, {}},
          metainfo_object_);
    fetcher_.get_file({"reflog", ".cvmfsreflog", {}, kReflogLimit, {}},
                      [this](FetchedObject object) { reflog_ = std::move(object); });
}

void Inspection::idle() {
    if (!walk_.go_on()) {
        done_();
    }
}

void Inspection::bad(std::string_view name, State state, const Fault& fault) {
    report_.bad(place_.subject, name, state, fault.reason, fault.message);
}

void Inspection::ok(std::string_view name, std::string message) {
    report_.ok(place_.subject, name, std::move(message));
}

cvmfs::Report Inspection::judge() {
    if (judge_manifest()) {
        judge_whitelist();
        if (replica_.manifest) {
            judge_certificate();
            judge_manifest_signature();
            judge_blacklist();
            judge_catalogs();
            judge_history();
            judge_metainfo();
            judge_reflog();
            judge_kept();
        }
        judge_server();
    }
    return std::move(report_);
}

std::string Inspection::summary() const {
    if (!replica_.manifest) {
        return "no manifest";
    }
    const auto& manifest = *replica_.manifest;
    return fmt::format("revision {}{}, {} catalogs with {} entries{}", manifest.revision,
                       manifest.published ? " of " + base::format_time(*manifest.published) : "",
                       walk_.catalogs(), walk_.entries(),
                       walk_.objects() > 0 ? fmt::format(", {} objects", walk_.objects()) : "");
}

bool Inspection::judge_manifest() {
    if (!manifest_fault_) {
        auto& check = report_.ok(place_.subject, "manifest",
                                 fmt::format("revision {}", replica_.manifest->revision));
        check.value = static_cast<double>(replica_.manifest->revision);
        check.evidence.set("total_seconds",
                           static_cast<double>(manifest_response_.timings.total.count()) / 1000);
        return true;
    }
    const bool is_first_snapshot =
        manifest_fault_->reason == "manifest_missing" && snapshotting_.ok();
    if (is_first_snapshot) {
        judge_first_snapshot(report_, place_.subject, snapshotting_);
        return false;
    }
    bad("manifest", State::Critical, *manifest_fault_);
    return !manifest_fault_->reason.starts_with("server_") ||
           manifest_fault_->reason == "server_error";
}

void Inspection::judge_whitelist() {
    if (const auto fault = fault_of(whitelist_response_, "whitelist")) {
        bad("whitelist", State::Critical, *fault);
        return;
    }
    whitelist_ = read_whitelist(whitelist_response_.body, place_.subject.repository);
    if (whitelist_->fault) {
        bad("whitelist", State::Critical, *whitelist_->fault);
    }
    if (!whitelist_->whitelist) {
        return;
    }
    const auto& whitelist = *whitelist_->whitelist;
    const double remaining = seconds_between(options_.now, whitelist.expires);
    auto& check =
        report_.measure(place_.subject, "whitelist_expiry", "whitelist_remaining", remaining,
                        remaining > 0 ? "whitelist_expires_soon" : "whitelist_expired");
    check.message = remaining > 0
                        ? fmt::format("the whitelist is valid for {}", cvmfs::age_text(remaining))
                        : fmt::format("the whitelist expired {} ago", cvmfs::age_text(remaining));
    if (remaining <= 0) {
        check.since = whitelist.expires;
    }
    check.evidence.set("expires_at", base::format_time(whitelist.expires));
    judge_whitelist_signature(whitelist);
}

void Inspection::judge_whitelist_signature(const Whitelist& whitelist) {
    if (whitelist.is_pkcs7) {
        bad("whitelist_signature", State::Unknown,
            {"whitelist_pkcs7", "the whitelist is signed with PKCS#7, which clients cannot check"});
        return;
    }
    if (options_.keys.empty()) {
        bad("whitelist_signature", State::Unknown,
            {"no_keys", "there is no master key to check the whitelist with"});
        return;
    }
    if (!whitelist.letter) {
        return;  // its truncation has been told
    }
    const auto& letter = *whitelist.letter;
    const auto key = std::ranges::find_if(options_.keys, [&](const PublicKey& one) {
        return one.verifies_raw(letter.hash_line, letter.signature);
    });
    if (key == options_.keys.end()) {
        bad("whitelist_signature", State::Critical,
            {"whitelist_signature",
             fmt::format("no master key of {} has signed the whitelist", options_.keys.size())});
        return;
    }
    whitelist_is_signed_ = !whitelist_->fault && whitelist.expires > options_.now;
    ok("whitelist_signature", fmt::format("the whitelist is signed with {}", key->origin()));
}

void Inspection::judge_certificate() {
    if (!replica_.manifest->certificate) {
        bad("certificate", State::Critical,
            {"certificate_missing", "the manifest names no certificate"});
        return;
    }
    if (!certificate_object_ || certificate_object_->fault) {
        bad("certificate", State::Critical,
            certificate_object_ ? *certificate_object_->fault
                                : Fault{"certificate_missing", "it was not fetched"});
        return;
    }
    replica_.certificate = replica_.manifest->certificate;
    certificate_ = Certificate::parse(certificate_object_->data);
    if (!certificate_) {
        bad("certificate", State::Critical,
            {"certificate_malformed", "the certificate cannot be read, or is not one of RSA"});
        return;
    }
    const auto is_of = [&](const Hash& fingerprint) {
        return certificate_->fingerprint(fingerprint.algorithm) == fingerprint;
    };
    if (std::ranges::any_of(options_.blacklist.fingerprints, is_of)) {
        bad("certificate", State::Critical,
            {"certificate_blacklisted", "the certificate is on a blacklist"});
        return;
    }
    if (!whitelist_ || !whitelist_->whitelist) {
        return;
    }
    certificate_is_listed_ = std::ranges::any_of(whitelist_->whitelist->fingerprints, is_of);
    if (!certificate_is_listed_) {
        bad("certificate", State::Critical,
            {"certificate_not_listed", "the whitelist does not list the certificate that signed"});
        return;
    }
    ok("certificate", certificate_->subject());
}

void Inspection::judge_manifest_signature() {
    if (!certificate_) {
        return;
    }
    const auto& letter = replica_.manifest->letter;
    if (!certificate_->key().verifies_sha1(letter.hash_line, letter.signature)) {
        bad("manifest_signature", State::Critical,
            {"manifest_signature", "the manifest was not signed with its certificate"});
        return;
    }
    replica_.is_verified = !manifest_fault_ && certificate_is_listed_ &&
                           (whitelist_is_signed_ || options_.keys.empty());
    ok("manifest_signature", "the manifest is signed with its certificate");
}

void Inspection::judge_blacklist() {
    const auto& least = options_.blacklist.least_revisions;
    const auto found = least.find(place_.subject.repository);
    if (found != least.end() && replica_.manifest->revision < found->second) {
        bad("blacklist", State::Critical,
            {"revision_blacklisted", fmt::format("revision {} is refused: {} is the least",
                                                 replica_.manifest->revision, found->second)});
    }
}

void Inspection::judge_catalogs() {
    if (const auto& fault = walk_.root_fault()) {
        bad("root_catalog", State::Critical, *fault);
        return;
    }
    const auto revision = walk_.root_revision();
    if (revision != replica_.manifest->revision) {
        bad("root_catalog", State::Critical,
            {"root_catalog_revision",
             fmt::format("the root catalog is of revision {}, the manifest of {}",
                         revision ? std::to_string(*revision) : "?", replica_.manifest->revision)});
    } else {
        ok("root_catalog", fmt::format("{} entries", walk_.entries()));
    }
    judge_nested();
    judge_objects();
}

void Inspection::judge_nested() {
    if (!walk_.nested_faults().empty()) {
        bad("nested_catalogs", State::Critical, told(walk_.nested_faults()));
    } else if (options_.depth != 0) {
        ok("nested_catalogs",
           fmt::format("{} catalogs with {} entries", walk_.catalogs(), walk_.entries()));
    }
    if (!walk_.count_faults().empty()) {
        bad("catalog_counts", State::Warning, told(walk_.count_faults()));
    }
}

void Inspection::judge_objects() {
    if (!walk_.object_faults().empty()) {
        bad("objects", State::Critical, told(walk_.object_faults()));
    } else if (options_.objects != 0) {
        ok("objects", fmt::format("{} objects are what their names say", walk_.objects()));
    }
}

void Inspection::judge_history() {
    if (!history_object_) {
        return;  // a repository need not have one
    }
    if (history_object_->fault) {
        bad("history", State::Warning, *history_object_->fault);
        return;
    }
    try {
        replica_.history = read_history(history_object_->file->path());
    } catch (const base::Error& error) {
        bad("history", State::Warning, {"history_malformed", error.what()});
        return;
    }
    const auto& history = *replica_.history;
    if (!history.name.empty() && history.name != place_.subject.repository) {
        bad("history", State::Warning, {"history_name", "the history is that of " + history.name});
        return;
    }
    const auto late = std::ranges::find_if(
        history.tags, [&](const Tag& tag) { return tag.revision > replica_.manifest->revision; });
    if (late != history.tags.end()) {
        bad("history", State::Warning,
            {"history_revision", fmt::format("tag {} is of revision {}, newer than the manifest",
                                             late->name, late->revision)});
        return;
    }
    const auto other = std::ranges::find_if(history.tags, [&](const Tag& tag) {
        return tag.revision == replica_.manifest->revision &&
               tag.root_catalog != replica_.manifest->root_catalog;
    });
    if (other != history.tags.end()) {
        bad("history", State::Warning,
            {"history_conflict",
             fmt::format("tag {} of revision {} names another root catalog than the manifest",
                         other->name, other->revision)});
        return;
    }
    ok("history", fmt::format("{} tags", history.tags.size()));
}

void Inspection::judge_metainfo() {
    if (!metainfo_object_) {
        return;
    }
    if (metainfo_object_->fault) {
        bad("metainfo", State::Warning, *metainfo_object_->fault);
        return;
    }
    try {
        const record::Document document(metainfo_object_->data);
        ok("metainfo", "it can be read");
    } catch (const base::Error& error) {
        bad("metainfo", State::Warning, {"metainfo_malformed", error.what()});
    }
}

void Inspection::judge_reflog() {
    // Only garbage collection needs one, and where there never was any, there is none.
    if (!reflog_ || (reflog_->fault && (reflog_->fault->reason == "reflog_missing" ||
                                        reflog_->fault->reason == "reflog_forbidden"))) {
        return;
    }
    if (reflog_->fault) {
        bad("reflog", State::Warning, *reflog_->fault);
        return;
    }
    try {
        const auto reflog = read_reflog(reflog_->file->path());
        if (const auto fault =
                fault_of_reflog(reflog, *replica_.manifest, place_.subject.repository)) {
            bad("reflog", State::Warning, *fault);
        } else {
            ok("reflog",
               fmt::format("{} objects, those of this revision among them", reflog.hashes.size()));
        }
    } catch (const base::Error& error) {
        bad("reflog", State::Warning, {"reflog_malformed", error.what()});
    }
}

// Clients refuse what is older than what they have.
void Inspection::judge_kept() {
    if (!options_.kept || !replica_.is_verified) {
        return;
    }
    const auto before =
        kept_ ? read_manifest(kept_->body, place_.subject.repository).manifest : std::nullopt;
    if (before && before->revision > replica_.manifest->revision) {
        bad("rollback", State::Critical,
            {"revision_rollback", fmt::format("serves revision {}, and has served {} before",
                                              replica_.manifest->revision, before->revision)});
        return;
    }
    if (!kept_ || kept_->body != manifest_response_.body) {
        KeptAnswers(*options_.kept)
            .keep(place_.url, {manifest_response_.validators(), manifest_response_.body});
    }
}

void Inspection::judge_server() {
    const Housekeeping what{
        place_.subject, place_.listed,
        status_,        last_snapshot_,
        snapshotting_,  master_,
        geo_,           replica_.manifest && replica_.manifest->collects_garbage};
    judge_housekeeping(report_, what);
}

}  // namespace tow::cvmfs_server
